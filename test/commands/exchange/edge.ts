import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Command } from '../../../commands/command.ts';
import { register, routes } from '../../../commands/exchange/register.ts';
import { createPaces } from '../../../src/adapters/bottleneck/pace.ts';
import { createCalendar } from '../../../src/adapters/cron/calendar.ts';
import { openJsonStore } from '../../../src/adapters/lowdb/store.ts';
import { connect } from '../../../src/adapters/slack/connection.ts';
import { backgroundClient } from '../../../src/adapters/slack/web.ts';
import { createWorkspace } from '../../../src/adapters/slack/workspace.ts';
import { createBreath } from '../../../src/adapters/system/breath.ts';
import { createChance } from '../../../src/adapters/system/chance.ts';
import { createFingerprint } from '../../../src/adapters/system/fingerprint.ts';
import { createSecrets } from '../../../src/adapters/system/secrets.ts';
import { createSheets } from '../../../src/adapters/system/sheets.ts';
import { createTargets } from '../../../src/adapters/undici/targets.ts';
import { TargetBrake } from '../../../src/domain/halts/brake.ts';
import { Deliveries } from '../../../src/deliveries.ts';
import { InFlight } from '../../../src/in-flight.ts';
import type { Outside } from '../../../src/ports/outside.ts';
import { readManifest } from '../../../src/sandbox/manifest.ts';
import { movableClock } from '../../../src/sandbox/slack/clock.ts';
import { type Person, startWorkspace } from '../../../src/sandbox/slack/workspace.ts';
import { button, home, section } from '../../../views/blocks.ts';
import { note } from '../../../views/notice.ts';
import { manualClock } from '../../clock.ts';
import { uncounted } from '../../metrics.ts';

export const ANA = 'U0ANARUIZ';
/** A public channel where the bot is a member. */
export const PROVISIONING = 'C0PROVISION';
export const SLACK = { botToken: 'xoxb-edge', appToken: 'xapp-edge', signingSecret: 'edge-signing-secret' };

export interface LoggedLine {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/**
 * The edge with a test's own commands, the real Bolt and the workspace stand-in, over the wire. Both clocks stand still
 * until they are moved: `clock` is Usher's, `slackClock` Slack's.
 */
export async function startEdge(commands: readonly Command[], options: { readonly connections?: number } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'usher-edge-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const slackClock = movableClock();
  const workspace = await startWorkspace({
    ...(await readManifest('manifest.yml')),
    ...SLACK,
    delivery: { is: 'socket' },
    rateLimits: false,
    clock: slackClock,
  });
  onTestFinished(() => workspace.close());
  const clock = manualClock();
  const logged: LoggedLine[] = [];
  const take = (fields: LoggedLine['fields'], message: string): void => void logged.push({ fields, message });
  const log = { info: () => undefined, warn: take, error: take };
  const store = await openJsonStore({ folder, clock, log });
  const client = backgroundClient(SLACK.botToken, workspace.apiUrl, log);
  const paces = createPaces({ clock });
  const targets = createTargets({ allow: [], clock });
  const brake = new TargetBrake();
  const outside: Outside = {
    settings: { name: 'usher', timeZone: 'UTC', grants: [], importThreshold: { people: 10, percent: 10 } },
    store,
    clock,
    calendar: createCalendar(),
    chance: createChance(clock),
    breath: createBreath(),
    fingerprint: createFingerprint(),
    secrets: createSecrets({ key: { id: 'k1', key: Buffer.alloc(32, 'k') }, olderKeys: [], references: [], environment: {}, folder: null }),
    targets: brake.before(targets),
    brake,
    paces,
    sources: [],
    cards: { changed: () => undefined },
    workspace: createWorkspace(client),
    sheets: createSheets(),
    work: { run: () => undefined, rehearse: () => undefined, mail: () => undefined, activate: () => undefined },
    log,
    metrics: uncounted,
    enrollment: null,
  };
  const inFlight = new InFlight();
  const help = {
    hub: async () => ({ is: 'message' as const, message: note('the hub') }),
    help: async () => ({ is: 'message' as const, message: note('the help') }),
  };
  const edge = {
    outside,
    routes: routes(commands, help),
    home: async () => home([section('At home', { accessory: button({ text: 'Try', action: 'home.try' }) })]),
    track: (work: Promise<unknown>) => inFlight.add(work),
    deliveries: new Deliveries(() => outside),
  };
  const connection = await connect({
    incoming: { is: 'socket', appToken: SLACK.appToken, connections: options.connections ?? 1 },
    botToken: SLACK.botToken,
    slackApiUrl: workspace.apiUrl,
    log,
    metrics: uncounted,
    register: (app) => register(app, edge),
    onFault: (error) => take({ err: error }, 'a request from Slack could not be handled'),
  });
  onTestFinished(async () => {
    await connection.stop();
    await inFlight.drained();
    paces.close();
    await targets.close();
    await store.close();
  });
  const ana: Person = workspace.as(ANA);
  return {
    workspace,
    ana,
    clock,
    slackClock,
    logged,
    drained: () => inFlight.drained(),
    /** What Ana alone sees in the channel, oldest first. */
    told: (): readonly string[] => workspace.ephemerals(ANA).map(({ text }) => text),
    direct: (): readonly string[] => workspace.messages(ana.directChannel()).map(({ text }) => text),
    /** The words of her top modal. */
    modal: (): string => JSON.stringify(ana.modal()?.view ?? null),
    /** What Slack would not have forgiven, as sentences. */
    failures: (): readonly string[] => workspace.failures.map(({ is, where, detail }) => `${is} ${where}: ${detail}`),
  };
}
export type EdgeWorld = Awaited<ReturnType<typeof startEdge>>;
