import { resolve } from 'node:path';
import { help, home, registry } from '../commands/index.ts';
import { register, routes } from '../commands/exchange/register.ts';
import { createPaces } from './adapters/bottleneck/pace.ts';
import { createCalendar } from './adapters/cron/calendar.ts';
import { openJsonStore } from './adapters/lowdb/store.ts';
import { createLog } from './adapters/pino/log.ts';
import { drawCard } from './adapters/slack/card-drawing.ts';
import { type Connection, connect } from './adapters/slack/connection.ts';
import { Postman } from './adapters/slack/postman.ts';
import { backgroundClient } from './adapters/slack/web.ts';
import { createWorkspace } from './adapters/slack/workspace.ts';
import { createBreath } from './adapters/system/breath.ts';
import { createChance } from './adapters/system/chance.ts';
import { createClock } from './adapters/system/clock.ts';
import { createFingerprint } from './adapters/system/fingerprint.ts';
import { createSecrets } from './adapters/system/secrets.ts';
import { createSheets } from './adapters/system/sheets.ts';
import { createTargets } from './adapters/undici/targets.ts';
import { type Configuration, ConfigurationFault } from './config.ts';
import { csvSource } from './directory-sources/csv/source.ts';
import { oneRosterSource } from './directory-sources/oneroster/source.ts';
import type { Grant } from './domain/rights/grant.ts';
import { Deliveries } from './deliveries.ts';
import { InFlight } from './in-flight.ts';
import type { Clock } from './ports/clock.ts';
import type { DirectorySource } from './ports/directory-source.ts';
import type { Log } from './ports/log.ts';
import type { Outside } from './ports/outside.ts';
import { Worker } from './worker.ts';

/** What tests put in the place of the machine's own. */
export interface Replacements {
  readonly clock?: Clock;
  readonly log?: Log;
  /** Whose `env:` references are read. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** A running Usher. */
export interface Usher {
  readonly outside: Outside;
  readonly connection: Connection;
  /** Drains what was asked, checkpoints what runs, closes the store; safe to call twice. */
  stop(): Promise<void>;
}

/**
 * The parts list: the only file that knows every part. Starts Usher: store, worker, Slack. Throws a
 * `ConfigurationFault` where Slack refuses a token, a `StoreFault` where the folder can't be opened; nothing is left
 * running then.
 */
export async function assemble(configuration: Configuration, replacements: Replacements = {}): Promise<Usher> {
  const { slack } = configuration;
  const log = replacements.log ?? createLog({ level: configuration.logLevel, secrets: secretsOf(configuration, replacements.environment ?? {}) });
  const client = backgroundClient(slack.botToken, slack.apiUrl, log);
  const teamId = await whoAmI(client);
  const { ports, close } = await openPorts(configuration, { ...replacements, log }, client, teamId);
  const { store, clock } = ports;
  const inFlight = new InFlight();
  const track = (work: Promise<unknown>): void => inFlight.add(work);
  // Worker and postman are ports of the world that they work in: they are made last.
  const postman = new Postman({ client, store, clock, log, draw: (card) => drawCard(outside, card) });
  const worker = new Worker({ outside: () => outside, importSchedule: configuration.importSchedule, track });
  const outside: Outside = { ...ports, cards: postman, work: worker };
  const edge = { outside, routes: routes(registry, help), home, track, deliveries: new Deliveries() };
  const rest = once(async () => {
    await worker.stop();
    await inFlight.drained();
    await postman.stop();
    await close();
  });
  try {
    await worker.start();
    await postman.resume();
    const connection = await connect({
      incoming: slack.incoming,
      botToken: slack.botToken,
      slackApiUrl: slack.apiUrl,
      log,
      register: (app) => register(app, edge),
      onFault: (error) => log.error({ err: error }, 'a request from Slack could not be handled'),
    });
    log.info({ team: teamId, mode: slack.incoming.is, sources: configuration.sources.length }, 'Usher is ready');
    return { outside, connection, stop: once(() => connection.stop().then(rest)) };
  } catch (error) {
    await rest();
    throw asConfigurationFault(error);
  }
}

type Ports = Omit<Outside, 'cards' | 'work'>;

async function openPorts(
  configuration: Configuration,
  replacements: Replacements & { readonly log: Log },
  client: ReturnType<typeof backgroundClient>,
  teamId: string,
): Promise<{ readonly ports: Ports; readonly close: () => Promise<void> }> {
  const { name, timeZone, importThreshold, secretKey, secretReferences, secretsFolder, targetAllow } = configuration;
  const environment = replacements.environment ?? {};
  const { log } = replacements;
  const clock = replacements.clock ?? createClock();
  const store = await openJsonStore({ folder: resolve(configuration.dataFolder), clock, log });
  const targets = createTargets({ allow: targetAllow, clock });
  const paces = createPaces({ clock });
  const ports: Ports = {
    settings: { name, timeZone, grants: grantsOf(configuration, teamId), importThreshold },
    store,
    clock,
    chance: createChance(clock),
    breath: createBreath(),
    fingerprint: createFingerprint(),
    calendar: createCalendar(),
    secrets: createSecrets({ key: { id: 'k1', key: secretKey }, olderKeys: [], references: secretReferences, environment, folder: secretsFolder }),
    targets,
    paces,
    sources: configuration.sources.map(sourceOf),
    workspace: createWorkspace(client),
    sheets: createSheets(),
    log,
  };
  const close = async (): Promise<void> => {
    paces.close();
    await targets.close();
    await store.close();
  };
  return { ports, close };
}

/** However often it is called, the work is done once. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => {
    done ??= work();
    return done;
  };
}

/** What Slack's client throws when it does not take the app-level token. */
function asConfigurationFault(error: unknown): unknown {
  const said = error instanceof Error ? error.message : '';
  return /invalid_auth|not_authed|account_inactive|missing_scope|not_allowed_token_type/.test(said)
    ? new ConfigurationFault([
        `SLACK_APP_TOKEN was not accepted by Slack (${said}): make an app-level token with the scope connections:write under "Basic Information"`,
      ])
    : error;
}

async function whoAmI(client: ReturnType<typeof backgroundClient>): Promise<string> {
  try {
    return (await client.auth.test()).team_id ?? '';
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new ConfigurationFault([
      `SLACK_BOT_TOKEN was not accepted by Slack (${said}): copy the bot token again from "OAuth & Permissions", and check that this machine reaches Slack`,
    ]);
  }
}

function grantsOf(configuration: Configuration, teamId: string): readonly Grant[] {
  return configuration.firstAdmins.map(({ userId, organizationId }) => ({ teamId, userId, role: 'admin', organizationId }));
}

function sourceOf({ kind, name, folder }: Configuration['sources'][number]): DirectorySource {
  const at = { name, folder: resolve(folder) };
  return kind === 'csv' ? csvSource(at) : oneRosterSource(at);
}

function secretsOf(configuration: Configuration, environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const { slack } = configuration;
  const slackSecrets = [slack.botToken, slack.incoming.is === 'socket' ? slack.incoming.appToken : slack.incoming.signingSecret];
  const named = Object.entries(environment).filter(
    ([name]) => name.startsWith('USHER_SECRET_') && name !== 'USHER_SECRET_REFERENCES' && name !== 'USHER_SECRETS_FOLDER',
  );
  return [...slackSecrets, ...named.map(([, value]) => value ?? '')].filter((secret) => secret !== '');
}
