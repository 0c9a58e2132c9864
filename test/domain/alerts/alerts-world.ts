import type { Alert, Condition, Subscription } from '../../../src/domain/alerts/alert.ts';
import { alertModel, type AlertModel } from '../../../src/domain/alerts/verbs/model.ts';
import { alertAfterRun } from '../../../src/domain/alerts/verbs/raise.ts';
import { type SubscriptionWish, subscribe } from '../../../src/domain/alerts/verbs/subscribe.ts';
import type { Card } from '../../../src/domain/cards/card.ts';
import type { Connector } from '../../../src/domain/connectors/connector.ts';
import { revise } from '../../../src/domain/revise.ts';
import type { Actor } from '../../../src/domain/rights/grant.ts';
import { resultOf } from '../../../src/domain/sync/ending.ts';
import { type FailureCause, NO_COUNTS, type Run, type RunEnding } from '../../../src/domain/sync/run.ts';
import { createRun } from '../../../src/domain/sync/verbs/create-run.ts';
import { type ManualClock, manualClock } from '../../clock.ts';
import { quietWorkspace } from '../quiet-workspace.ts';
import { actor, CONNECTOR, connector, people, world } from '../sync/world.ts';

export const OPS = 'C0OPS';
const TEAM = 'T1';
/** An operator of everything, who subscribes and answers. */
export const ANA: Actor = actor('operator', null, 'U0ANA');

export interface Ending {
  readonly ending?: RunEnding;
  readonly failed?: number;
  readonly causes?: readonly FailureCause[];
  readonly held?: Run['held'];
  readonly detail?: string;
  readonly kind?: Run['kind'];
  readonly by?: string;
}

/** The channels of a small workspace: where the bot is not a member, where a person (`<channel>/<user>`) is not, and where guests read along. */
export interface Rooms {
  readonly outside: Set<string>;
  readonly without: Set<string>;
  readonly withGuests: Set<string>;
}

/** A real store, a clock to move, and a workspace whose rooms the test decides. */
export async function alertsWorld(clock: ManualClock = manualClock()) {
  const home = await world({ clock });
  const rooms: Rooms = { outside: new Set(), without: new Set(), withGuests: new Set() };
  const workspace = quietWorkspace({
    member: async (id) => ({ id, teamId: TEAM, name: id, timeZone: 'UTC', guest: id.includes('GUEST'), foreign: false, deleted: false }),
    postingProblem: async (id, by) => {
      if (rooms.outside.has(id)) return { problem: 'Usher is not in that channel.', remedy: 'Type `/invite @Usher` there, then try again.' };
      return rooms.without.has(`${id}/${by}`) ? { problem: 'You are not in that channel.', remedy: 'Join it.' } : null;
    },
    mayHoldNames: async (id) => !rooms.withGuests.has(id),
  });
  await home.seed(connector('https://x.example'), people(0));
  const grants = [{ teamId: TEAM, userId: 'U0ANA', role: 'operator', organizationId: null } as const];
  const outside = () => ({ ...home.outside, settings: { ...home.outside.settings, grants }, workspace });
  const alerts = () => home.all('alert');
  return {
    home,
    clock,
    rooms,
    get outside() {
      return outside();
    },
    alerts,
    only: async (): Promise<Alert> => one(await alerts()),
    cards: (): Promise<Card[]> => home.all('card'),
    card: async (id: string): Promise<Card | undefined> => (await home.all('card')).find((card) => card.id === id),
    model: async (id = 'A-1'): Promise<AlertModel> => {
      const model = await alertModel(outside(), id);
      if (model === null) throw new Error('there is nothing to draw');
      return model;
    },
    subscribed: async (conditions: readonly Condition[], wish: Partial<SubscriptionWish> = {}): Promise<Subscription> =>
      (await subscribe(outside(), ANA, { ...{ channelId: OPS, connectorId: CONNECTOR, escalation: null, mayNames: true }, conditions, ...wish })).subscription,
    /** A run that has ended, and whose alerts a crash may still have left untold. */
    endRun: async (of: Ending = {}): Promise<{ run: Run; connector: Connector }> => {
      const given = await home.connector();
      const { kind = 'sync', by = 'schedule', ending = 'completed', failed = 0 } = of;
      const made = await createRun(home.outside, { connector: given, kind, scope: { is: 'all' }, by, way: 'job', verb: 'sync' });
      const run = await revise(home.outside.store, 'run', made.id, (now): Run => {
        const next: Run = { ...now, startedAt: clock.now(), counts: { ...NO_COUNTS, failed }, causes: of.causes ?? [], held: of.held ?? null };
        return { ...next, state: { is: 'ended', at: clock.now(), ending, result: resultOf(next, ending), detail: of.detail ?? null } };
      });
      return { run: run ?? made, connector: given };
    },
    async ran(of: Ending = {}): Promise<Run> {
      const { run, connector: given } = await this.endRun(of);
      await alertAfterRun(outside(), run, given);
      return run;
    },
    close: () => home.close(),
  };
}
export type AlertsWorld = Awaited<ReturnType<typeof alertsWorld>>;

export function one<T>(items: readonly T[]): T {
  const [first] = items;
  if (first === undefined || items.length !== 1) throw new Error(`there are ${items.length}`);
  return first;
}

export function cause(message: string, count = 11, status: number | null = 400): FailureCause {
  return { key: `${status}-none-${message.length}`, status, message, count };
}
