import { onTestFinished } from 'vitest';
import type { Policy } from '../../../src/domain/approvals/policy.ts';
import { submit, type Submitted } from '../../../src/domain/approvals/verbs/submit.ts';
import type { OperatingSettings } from '../../../src/domain/connectors/connector.ts';
import type { Person } from '../../../src/domain/directory/person.ts';
import type { Hold } from '../../../src/domain/holds/hold.ts';
import type { Chosen } from '../../../src/domain/holds/release.ts';
import { announceHolds } from '../../../src/domain/holds/verbs/announce.ts';
import { holdModel } from '../../../src/domain/holds/verbs/model.ts';
import { releasable } from '../../../src/domain/holds/verbs/release.ts';
import type { Actor, Grant, Role } from '../../../src/domain/rights/grant.ts';
import { SCHEDULE } from '../../../src/domain/rights/verbs/who.ts';
import type { Run } from '../../../src/domain/sync/run.ts';
import { startSync } from '../../../src/domain/sync/verbs/start.ts';
import type { DirectorySource } from '../../../src/ports/directory-source.ts';
import { manualClock } from '../../clock.ts';
import { quietWorkspace } from '../quiet-workspace.ts';
import { memoryTarget } from '../sync/memory-target.ts';
import { CONNECTOR, connector, people, world } from '../sync/world.ts';

const TEAM = 'T1';
/** An admin of everything, who owns the connector. */
export const ANA = 'U0ANA';
/** Approvers of everything. */
export const SAM = 'U0SAM';
export const LEE = 'U0LEE';
/** Runs syncs, and may not approve. */
export const OPS = 'U0OPS';

/** The whole way of a hold over a real store: syncs against a target in this process, approvals, cards. */
export async function holdsWorld({
  folk = people(40),
  operating = {},
  roles = { [ANA]: 'admin', [SAM]: 'approver', [LEE]: 'approver', [OPS]: 'operator' },
}: {
  readonly folk?: readonly Person[];
  readonly operating?: Partial<OperatingSettings>;
  readonly roles?: Readonly<Record<string, Role>>;
} = {}) {
  const clock = manualClock();
  const target = memoryTarget();
  const home = await world({ clock, targets: target });
  onTestFinished(() => home.close());
  const grants: Grant[] = Object.entries(roles).map(([userId, role]) => ({ teamId: TEAM, userId, role, organizationId: null }));
  const workspace = quietWorkspace({
    member: async (id) => ({ id, teamId: TEAM, name: `Name of ${id}`, timeZone: 'UTC', guest: false, foreign: false, deleted: false }),
  });
  const sources: DirectorySource[] = [];
  const outside = () => ({ ...home.outside, settings: { ...home.outside.settings, grants }, workspace, sources });
  await home.seed(connector('https://scim.example.org/v2', { operating, connector: { createdBy: ANA } }), folk);
  await home.sync();
  const actor = (userId: string, way: Actor['way'] = 'button'): Actor => ({
    teamId: TEAM,
    userId,
    way,
    grants: grants.filter((grant) => grant.userId === userId),
  });
  const tools = {
    get outside() {
      return outside();
    },
    ...{ clock, target, home, grants, sources, actor },
    /** A sync, of the schedule unless told. */
    async run(by: Actor = SCHEDULE): Promise<Run> {
      await clock.advance(60_000);
      const run = await startSync(outside(), by, { connectorId: CONNECTOR });
      const ended = await home.execute(run.id);
      await announceHolds(outside());
      return ended;
    },
    holds: (): Promise<Hold[]> => home.all('hold'),
    async hold(id = 'H-1'): Promise<Hold> {
      const stored = await outside().store.get('hold', id);
      if (stored === undefined) throw new Error(`there is no hold ${id}`);
      return stored.value;
    },
    model: (id = 'H-1') => holdModel(outside(), id),
    async release(by: string, chosen: Chosen = { is: 'all' }, why = 'they left', id = 'H-1'): Promise<Submitted<'release-fuse'>> {
      await clock.advance(1_000);
      const { agreed } = await releasable(outside(), actor(by), id, chosen);
      return await submit(outside(), actor(by), { is: 'release-fuse', release: { is: 'hold', holdId: id, chosen, agreed, why } }, why);
    },
    async policy(changes: Partial<Policy>): Promise<void> {
      const step = { approvers: { people: [], groups: [] }, count: 1 };
      const policy: Policy = {
        id: 'P-1',
        action: 'release-fuse',
        organizationId: null,
        from: 0,
        steps: [step],
        channelId: null,
        hours: 72,
        by: ANA,
        at: clock.now(),
        ...changes,
      };
      await home.put('policy', policy.id, policy);
    },
    /** These lose their group. */
    leave: (count: number, from = 0): Promise<void> => home.people(people(40, { groupings: [] }).slice(from, from + count)),
    back: (count: number, from = 0): Promise<void> => home.people(people(40).slice(from, from + count)),
    inactive: async (): Promise<readonly string[]> => (await home.accounts()).filter(({ state }) => state !== 'active').map(({ personId }) => personId),
  };
  return tools;
}
export type HoldsWorld = Awaited<ReturnType<typeof holdsWorld>>;

export const ids = (from: number, to: number): readonly string[] =>
  people(to)
    .slice(from)
    .map(({ id }) => id);
