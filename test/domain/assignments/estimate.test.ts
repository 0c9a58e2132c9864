import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { assign } from '../../../src/domain/assignments/verbs/assign.ts';
import { type Estimate, estimate } from '../../../src/domain/assignments/verbs/estimate.ts';
import { unassign } from '../../../src/domain/assignments/verbs/unassign.ts';
import { unassignPreview } from '../../../src/domain/assignments/verbs/unassign-preview.ts';
import type { Person } from '../../../src/domain/directory/person.ts';
import type { Actor } from '../../../src/domain/rights/grant.ts';
import { executeRun } from '../../../src/domain/sync/verbs/execute.ts';
import type { Run } from '../../../src/domain/sync/run.ts';
import { startSync } from '../../../src/domain/sync/verbs/start.ts';
import { createAdmin } from '../../../src/sandbox/scim/admin-client.ts';
import { type ScimTarget, startScimTarget } from '../../../src/sandbox/scim/server.ts';
import { actor, assignment, CONNECTOR, connector, ended, people, person, STAFF, TEACHERS, TOKEN, type World, world } from '../sync/world.ts';
import { BOARD, SOUTH_TEACHERS, widen } from './roster.ts';
import { CLEARED } from '../approvals/cleared.ts';

const ADMIN = actor('admin', null, 'UADMIN');

let target: ScimTarget;
let admin: ReturnType<typeof createAdmin>;
let home: World;

beforeAll(async () => {
  target = await startScimTarget({ token: TOKEN });
  admin = createAdmin(target.pageUrl);
});
afterAll(() => target.close());
beforeEach(() => fresh());
afterEach(() => home.close());

async function fresh(): Promise<void> {
  await admin.reset();
  home = await world({ allow: [new URL(target.url).host] });
}

async function seed(folk: readonly Person[], assigned = [] as Parameters<World['seed']>[2]): Promise<void> {
  await home.seed(connector(target.url), folk, assigned);
  await widen(home);
}

async function seats(total: number): Promise<void> {
  const instance = { id: 'i1', application: 'Portal', name: 'Portal', organizationId: 'csv:district' };
  await home.put('instance', 'i1', { ...instance, seats: { is: 'set', total, by: 'U1', at: 0 } });
}

const counted = (groupingIds: readonly string[], by: Actor = ADMIN): Promise<Estimate> => estimate(home.outside, by, CONNECTOR, groupingIds);
const assigning = (groupingIds: readonly string[], by: Actor = ADMIN) => assign(home.outside, by, { connectorId: CONNECTOR, groupingIds, why: null }, CLEARED);

async function syncAs(by: Actor): Promise<Run> {
  const run = await executeRun(home.outside, (await startSync(home.outside, by, { connectorId: CONNECTOR })).id);
  if (run === undefined) throw new Error('there was no run');
  return run;
}

/** The parts of an estimate add up to its people. */
function sum(of: Estimate): number {
  return of.assigned + of.holding + of.create + of.adopt + of.reactivate + of.frozen;
}

describe('the numbers while one chooses', () => {
  it('A1 counts each person once, those covered already, new accounts, and seats left', async () => {
    const both = [person('both1', { groupings: [STAFF, TEACHERS] }), person('both2', { groupings: [STAFF, TEACHERS] })];
    await seed([...people(5), person('s1', { groupings: [STAFF] }), ...both, person('gone', { status: 'inactive' })], [assignment(1, STAFF)]);
    await seats(500);
    await home.sync();
    const estimated = await counted([TEACHERS, STAFF]);
    expect(estimated).toMatchObject({ people: 8, assigned: 3, holding: 0, create: 5, adopt: 0, reactivate: 0, frozen: 0, listed: true, seatsLeft: 492 });
    expect(await counted([TEACHERS])).toMatchObject({ people: 7, assigned: 2, create: 5, seatsLeft: 492 });
    expect(await counted([])).toMatchObject({ people: 0, create: 0, seatsLeft: 497 });
  });

  it('A1 E12 says how many seats are short, accounts made by hand counted too', async () => {
    await admin.seed({ make: { count: 6 } });
    await seed(people(9));
    await home.sync();
    await seats(-5 + 6 + 9);
    expect(await counted([TEACHERS])).toMatchObject({ create: 9, seatsLeft: -5 });
    await home.put('instance', 'i1', { id: 'i1', application: 'Portal', name: 'Portal', organizationId: 'csv:district', seats: { is: 'unlimited' } });
    expect(await counted([TEACHERS])).toMatchObject({ create: 9, seatsLeft: null });
  });

  it('A1 reads “to create or adopt” before the target was listed; the next run does one or the other for each', async () => {
    await admin.seed({ users: [{ userName: 'p00001' }, { userName: 'x', externalId: 'csv:p00002' }] });
    await seed(people(6));
    const before = await counted([TEACHERS]);
    expect(before).toMatchObject({ listed: false, people: 6, create: 6, adopt: 0 });
    await assigning([TEACHERS]);
    const run = await home.sync();
    expect(run.counts).toMatchObject({ created: 4, adopted: 2 });
    expect(before.create + before.adopt).toBe(run.counts.created + run.counts.adopted);
  });

  it('A1 tells what earlier assignments still wait for apart from what these add', async () => {
    await seed(people(4));
    await home.sync();
    await home.people([person('s1', { groupings: [STAFF] }), person('s2', { groupings: [STAFF, TEACHERS] })]);
    await assigning([STAFF]);
    const estimated = await counted([TEACHERS]);
    expect(estimated).toMatchObject({ people: 5, assigned: 1, create: 4 });
    expect(estimated.nextRun.counts.create).toBe(6);
    await assigning([TEACHERS]);
    expect((await home.sync()).counts.created).toBe(6);
  });

  it('A1 counts people whose account is still there after un-assigning as covered, and those deactivated as coming back', async () => {
    await seed(people(3));
    await assigning([TEACHERS]);
    await home.sync();
    const { agreed } = await unassignPreview(home.outside, ADMIN, `${CONNECTOR}/1`);
    await unassign(home.outside, ADMIN, { assignmentId: `${CONNECTOR}/1`, agreed, why: null }, CLEARED);
    expect(await counted([TEACHERS])).toMatchObject({ people: 3, assigned: 0, holding: 3, create: 0, reactivate: 0 });
    await home.sync();
    expect(await counted([TEACHERS])).toMatchObject({ people: 3, holding: 0, create: 0, reactivate: 3 });
    await assigning([TEACHERS]);
    expect((await home.sync()).counts).toMatchObject({ reactivated: 3, created: 0 });
  });

  it('A1 D4 leaves out of the new accounts whom the next run would leave as they are', async () => {
    await seed([...people(2), person('twin1', { attributes: { userName: 'same' } }), person('twin2', { attributes: { userName: 'SAME' } })]);
    await home.sync();
    const estimated = await counted([TEACHERS]);
    expect(estimated).toMatchObject({ people: 4, create: 2, frozen: 2 });
    await assigning([TEACHERS]);
    expect(await home.sync()).toMatchObject({ counts: { created: 2 }, frozen: { count: 2 } });
  });

  it('C3 A1 counts for a part administrator the run that they may start', async () => {
    await seed([...people(3), person('south', { organizationId: 'csv:other', groupings: [SOUTH_TEACHERS] }), person('s1', { groupings: [STAFF] })]);
    await home.sync();
    await assigning([SOUTH_TEACHERS, STAFF]);
    const north = actor('admin', 'csv:school', 'UNORTH');
    const estimated = await counted([TEACHERS], north);
    expect(estimated).toMatchObject({ people: 3, create: 3 });
    expect(estimated.nextRun.counts.create).toBe(4);
    await assigning([TEACHERS], north);
    expect((await syncAs(north)).counts.created).toBe(4);
    expect((await home.sync()).counts.created).toBe(1);
  });
});

interface Somebody {
  readonly groupings: readonly string[];
  readonly status: 'active' | 'inactive';
  /** An account in the target that nobody manages: by our id, by user name, or none. */
  readonly there: 'external' | 'match' | 'none';
  readonly twin: boolean;
}

const ALL = [TEACHERS, STAFF, SOUTH_TEACHERS, BOARD];
const somebody: fc.Arbitrary<Somebody> = fc.record({
  groupings: fc.subarray(ALL),
  status: fc.constantFrom('active', 'active', 'active', 'inactive'),
  there: fc.constantFrom('none', 'none', 'external', 'match'),
  twin: fc.boolean(),
});

describe('the next run', () => {
  it('A1 creates exactly the number that was shown, whoever is assigned, already there, adopted, left out or frozen', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(somebody, { minLength: 4, maxLength: 14 }),
        fc.subarray(ALL),
        fc.subarray(ALL, { minLength: 1 }),
        async (folk, before, chosen) => {
          await home.close();
          await fresh();
          // Every fifth twin has another one's user name: both are frozen (D4).
          const nameOf = (index: number, of: Somebody): string => (of.twin ? `twin${Math.floor(index / 5)}` : `p${index}`);
          const directory = folk.map((of, index) =>
            person(`p${index}`, { groupings: of.groupings, status: of.status, attributes: { userName: nameOf(index, of), email: `p${index}@example.org` } }),
          );
          await seed(directory.filter((_, index) => index % 3 !== 0));
          if (before.length > 0) await assigning(before);
          const there = folk.flatMap((of, index) => {
            if (of.there === 'none') return [];
            return [of.there === 'external' ? { userName: `old${index}`, externalId: `csv:p${index}` } : { userName: `P${index}`, active: index % 2 === 0 }];
          });
          if (there.length > 0) await admin.seed({ users: there });
          await home.sync();
          await home.people(directory);
          const free = chosen.filter((id) => !before.includes(id));
          const estimated = await counted(free);
          expect(sum(estimated)).toBe(estimated.people);
          if (free.length > 0) await assigning(free);
          const { counts, frozen } = await home.sync();
          const planned = estimated.nextRun.counts;
          expect([counts.created, counts.adopted, counts.reactivated, frozen.count]).toEqual([
            planned.create,
            planned.adopt,
            planned.reactivate,
            planned.frozen,
          ]);
          // Where nothing waits from before, the run creates what the choice adds, and nothing else.
          if (before.length === 0) expect(counts.created).toBe(estimated.create);
          expect(ended(await home.sync()).ending).toBe('completed');
          expect((await counted(free)).create).toBe(0);
        },
      ),
      { numRuns: 25 },
    );
  });
});
