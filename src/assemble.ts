import { resolve } from 'node:path';
import { help, home, registry } from '../commands/index.ts';
import { renderLetter } from '../views/letters/letter.ts';
import { register, routes } from '../commands/exchange/register.ts';
import { createPaces } from './adapters/bottleneck/pace.ts';
import { createCalendar } from './adapters/cron/calendar.ts';
import { openJsonStore } from './adapters/lowdb/store.ts';
import { countedStore, countedTargets } from './adapters/operation/counted.ts';
import { createMetrics, type Measured } from './adapters/operation/metrics.ts';
import { type Operation, startOperation } from './adapters/operation/server.ts';
import { writable } from './adapters/operation/writable.ts';
import { createLog } from './adapters/pino/log.ts';
import { drawCard } from './adapters/slack/card-drawing.ts';
import { type Connection, connect } from './adapters/slack/connection.ts';
import { Postman } from './adapters/slack/postman.ts';
import { openMail } from './adapters/smtp/mail.ts';
import { deafness } from './adapters/slack/watchdog.ts';
import { backgroundClient } from './adapters/slack/web.ts';
import { createWorkspace } from './adapters/slack/workspace.ts';
import { createBreath } from './adapters/system/breath.ts';
import { createChance } from './adapters/system/chance.ts';
import { createClock } from './adapters/system/clock.ts';
import { createFingerprint } from './adapters/system/fingerprint.ts';
import { createSecrets } from './adapters/system/secrets.ts';
import { createSheets } from './adapters/system/sheets.ts';
import { createTargets } from './adapters/undici/targets.ts';
import { type Configuration, ConfigurationFault, secretsOf } from './config.ts';
import { csvSource } from './directory-sources/csv/source.ts';
import { oneRosterSource } from './directory-sources/oneroster/source.ts';
import { TargetBrake } from './domain/halts/brake.ts';
import { haltIn } from './domain/halts/stopped.ts';
import { readAhead } from './domain/projections/read-ahead.ts';
import type { Grant } from './domain/rights/grant.ts';
import { lookAtSecrets } from './domain/connectors/verbs/rotate-secrets.ts';
import { checkFirstAdmins } from './domain/rights/verbs/first-admins.ts';
import { answerTo } from './command-line/answers.ts';
import { type CommandSocket, startCommandSocket } from './command-line/socket.ts';
import { Deliveries } from './deliveries.ts';
import { type EnrollmentPage, startEnrollmentPage } from './enrollment-page/server.ts';
import { InFlight } from './in-flight.ts';
import type { Clock } from './ports/clock.ts';
import type { DirectorySource } from './ports/directory-source.ts';
import type { Log } from './ports/log.ts';
import type { Outside } from './ports/outside.ts';
import { WorkspaceFault } from './ports/workspace.ts';
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
  /** Where health and metrics are read; null where configuration names no port. */
  readonly operation: Pick<Operation, 'port'> | null;
  /** Where invited people enroll; null where configuration names no page. */
  readonly page: Pick<EnrollmentPage, 'port'> | null;
  /** Resolves with a sentence when only a new process can help: Slack isn't heard any more (X8). */
  readonly broken: Promise<string>;
  /** Drains what was asked, checkpoints what runs, closes the store; safe to call twice. */
  stop(): Promise<void>;
}

/**
 * The parts list: the only file that knows every part. Starts Usher: store, worker, Slack. Throws a
 * `ConfigurationFault` where Slack refuses a token, a `WorkspaceFault` where it isn't reached, a `StoreFault` where the
 * folder can't be opened; nothing is left running then.
 */
export async function assemble(configuration: Configuration, replacements: Replacements = {}): Promise<Usher> {
  const { slack } = configuration;
  const log = replacements.log ?? createLog({ level: configuration.logLevel, secrets: secretsOf(configuration, replacements.environment ?? {}) });
  const client = backgroundClient(slack.botToken, slack.apiUrl, log);
  const teamId = await whoAmI(client);
  const metrics = createMetrics();
  const { ports, close } = await openPorts(configuration, { ...replacements, log, metrics }, client, teamId);
  const { store, clock } = ports;
  const inFlight = new InFlight();
  const track = (work: Promise<unknown>): void => inFlight.add(work);
  // Worker and postman are ports of the world that they work in: they are made last.
  const postman = new Postman({ client, store, clock, log, draw: (card) => drawCard(outside, card) });
  const worker = new Worker({ outside: () => outside, importSchedule: configuration.importSchedule, track });
  const outside: Outside = { ...ports, cards: postman, work: worker };
  const edge = { outside, routes: routes(registry, help), home, track, deliveries: new Deliveries(() => outside) };
  const watching = new AbortController();
  let connection: Connection | null = null;
  metrics.watch(gaugesOf({ worker, inFlight, postman, connection: () => connection }));
  const operation = await openOperation(configuration, metrics, [
    { name: 'store', check: writable(store) },
    { name: 'slack', check: async () => (connection === null ? 'not connected yet' : hearing(connection)) },
    { name: 'worker', check: async () => worker.problem() },
    ...mailPart(ports),
  ]).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  let commands: CommandSocket | null = null;
  let page: EnrollmentPage | null = null;
  const rest = once(async () => {
    await page?.stop();
    await commands?.stop();
    await worker.stop();
    await inFlight.drained();
    await postman.stop();
    await close();
    await operation?.stop();
  });
  try {
    await checkFirstAdmins(outside);
    await nameUnopened(outside);
    commands = await openCommands(outside, resolve(configuration.dataFolder));
    await worker.start();
    await postman.resume();
    page = await openPage(configuration, () => outside);
    const connected = await connect({
      incoming: slack.incoming,
      botToken: slack.botToken,
      slackApiUrl: slack.apiUrl,
      log,
      metrics,
      register: (app) => register(app, edge),
      onFault: (error) => log.error({ err: error }, 'a request from Slack could not be handled'),
    });
    connection = connected;
    const at = operation === null ? null : `http://${configuration.operation?.host}:${operation.port}`;
    log.info(
      { team: teamId, mode: slack.incoming.is, sources: configuration.sources.length, operation: at, page: configuration.page?.url ?? null },
      'Usher is ready',
    );
    // Neither the start nor a stop waits for it.
    void readAhead(outside, watching.signal);
    const stop = once(async () => {
      watching.abort();
      await connected.stop();
      await rest();
    });
    return { outside, connection: connected, operation, page, broken: brokenBy(deafness(connected.ears, clock, watching.signal)), stop };
  } catch (error) {
    await rest();
    throw asConfigurationFault(error);
  }
}

/** Answers the `usher` command line of this host. */
async function openCommands(outside: Outside, folder: string): Promise<CommandSocket> {
  const answering = { outside, folder, startedAt: outside.clock.now(), process: process.pid };
  return startCommandSocket({ folder, answer: (envelope) => answerTo(answering, envelope), log: outside.log });
}

/** Says at the start which stored tokens no configured key opens, before a sync fails on one (X6). */
async function nameUnopened(outside: Outside): Promise<void> {
  const { older, unopened } = await lookAtSecrets(outside);
  for (const { connectorId, name, which, problem } of unopened) outside.log.error({ connectorId, name, which, problem }, 'a stored token does not open');
  for (const [key, count] of older) outside.log.warn({ key, count }, 'stored tokens are sealed with an older key: `usher secrets rotate` seals them anew');
}

/** Null means that nothing broke until the end: nobody hears of that. */
function brokenBy(watch: Promise<string | null>): Promise<string> {
  return new Promise((resolve) => void watch.then((why) => why !== null && resolve(why)));
}

async function openOperation({ operation }: Configuration, metrics: Measured, parts: Parameters<typeof startOperation>[0]['parts']): Promise<Operation | null> {
  return operation === null ? null : startOperation({ ...operation, metrics, parts });
}

/** Mail waits in the store: without its server Usher is ready all the same. */
function mailPart({ enrollment }: Pick<Ports, 'enrollment'>): Parameters<typeof startOperation>[0]['parts'] {
  if (enrollment === null) return [];
  const { mail } = enrollment;
  return [{ name: 'mail', check: async () => ((await mail.problem()) === null ? null : 'the mail server can’t be used'), informs: true }];
}

/** Where invited people enroll: also without a mail server, so that links of earlier mails work on. */
async function openPage({ page, secretKey }: Configuration, outside: () => Outside): Promise<EnrollmentPage | null> {
  return page === null ? null : startEnrollmentPage({ ...page, key: secretKey.key, outside });
}

/** Why Slack isn't heard; null when it is, or when it comes over HTTP. */
function hearing({ ears }: Connection): string | null {
  return ears.length === 0 || ears.some(({ connected }) => connected) ? null : 'no socket is connected';
}

function gaugesOf(of: {
  readonly worker: Worker;
  readonly inFlight: InFlight;
  readonly postman: Postman;
  readonly connection: () => Connection | null;
}): Parameters<Measured['watch']>[0] {
  return {
    runs: () => of.worker.inHand().runs,
    rehearsals: () => of.worker.inHand().rehearsals,
    inFlight: () => of.inFlight.size,
    cards: () => of.postman.waiting(),
    sockets: () => {
      const ears = of.connection()?.ears ?? [];
      return { wanted: ears.length, connected: ears.filter(({ connected }) => connected).length };
    },
  };
}

type Ports = Omit<Outside, 'cards' | 'work'>;

async function openPorts(
  configuration: Configuration,
  replacements: Replacements & { readonly log: Log; readonly metrics: Measured },
  client: ReturnType<typeof backgroundClient>,
  teamId: string,
): Promise<{ readonly ports: Ports; readonly close: () => Promise<void> }> {
  const { name, timeZone, importThreshold, secretKey, oldSecretKeys, secretReferences, secretsFolder, targetAllow } = configuration;
  const environment = replacements.environment ?? {};
  const { log, metrics } = replacements;
  const clock = replacements.clock ?? createClock();
  const store = await openJsonStore({ folder: resolve(configuration.dataFolder), clock, log });
  const targets = createTargets({ allow: targetAllow, clock });
  const paces = createPaces({ clock });
  const { mail: mailSettings, page } = configuration;
  const mail = mailSettings === null ? null : openMail(mailSettings, paces);
  const brake = new TargetBrake();
  const halt = await haltIn(store);
  if (halt !== undefined) brake.pull(halt);
  const ports: Ports = {
    settings: { name, timeZone, grants: grantsOf(configuration, teamId), importThreshold },
    store: countedStore(store, metrics),
    clock,
    chance: createChance(clock),
    breath: createBreath(),
    fingerprint: createFingerprint(),
    calendar: createCalendar(),
    secrets: createSecrets({ key: secretKey, olderKeys: oldSecretKeys, references: secretReferences, environment, folder: secretsFolder }),
    targets: brake.before(countedTargets(targets, metrics)),
    brake,
    paces,
    sources: configuration.sources.map(sourceOf),
    workspace: createWorkspace(client),
    sheets: createSheets(),
    log,
    metrics,
    enrollment: mail === null || page === null ? null : { mail, url: page.url, write: renderLetter },
  };
  const close = async (): Promise<void> => {
    mail?.close();
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

/** Slack's codes for a token that it does not take. */
const REFUSED = /invalid_auth|not_authed|account_inactive|missing_scope|not_allowed_token_type|token_revoked|token_expired/;

/** What Slack's client throws when it does not take the app-level token. */
function asConfigurationFault(error: unknown): unknown {
  const said = error instanceof Error ? error.message : '';
  return REFUSED.test(said)
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
    // Slack away is no mistake of the configuration: a supervisor should try again.
    if (!REFUSED.test(said))
      throw new WorkspaceFault('unreachable', `Slack could not be asked (${said}). Check that this machine reaches it, and start Usher again`);
    throw new ConfigurationFault([`SLACK_BOT_TOKEN was not accepted by Slack (${said}): copy the bot token again from "OAuth & Permissions"`]);
  }
}

function grantsOf(configuration: Configuration, teamId: string): readonly Grant[] {
  return configuration.firstAdmins.map(({ userId, organizationId }) => ({ teamId, userId, role: 'admin', organizationId }));
}

function sourceOf({ kind, name, folder }: Configuration['sources'][number]): DirectorySource {
  const at = { name, folder: resolve(folder) };
  return kind === 'csv' ? csvSource(at) : oneRosterSource(at);
}
