import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultMapping } from '../../../src/domain/connectors/default-mapping.ts';
import type { Mapping } from '../../../src/domain/connectors/mapping.ts';
import type { Person } from '../../../src/domain/directory/person.ts';
import { DAY, HOUR } from '../../../src/domain/instant.ts';
import { type ProtectedPerson, protectedId, saysTier } from '../../../src/domain/protected/protected.ts';
import type { Account } from '../../../src/domain/sync/account.ts';
import { preview } from '../../../src/domain/sync/preview.ts';
import { isRemoval, type Planned, plan } from '../../../src/domain/sync/plan.ts';
import { coverage, touches } from '../../../src/domain/sync/scope.ts';
import { indexSightings } from '../../../src/domain/sync/sightings.ts';
import { survey } from '../../../src/domain/sync/survey.ts';
import { deletionsOf } from '../../../src/domain/sync/verbs/deletions.ts';
import { startDueDeletions } from '../../../src/domain/sync/verbs/due-deletions.ts';
import type { createAdmin } from '../../../src/sandbox/scim/admin-client.ts';
import type { ScimTarget } from '../../../src/sandbox/scim/server.ts';
import { type ManualClock, MORNING } from '../../clock.ts';
import { beforeService } from './before-service.ts';
import { actor, assignment, CONNECTOR, connector, ended, person, TEACHERS, type World, world } from './world.ts';

const TIERED: Mapping = defaultMapping().map((rule) => (rule.attribute === 'userType' ? { ...rule, from: { is: 'attribute', name: 'plan' } } : rule));

function entry(id: string, connectorId: string | null = null): ProtectedPerson {
  const personId = `csv:${id}`;
  return { id: protectedId(personId, connectorId), personId, connectorId, why: 'break-glass', by: 'U1', approvedBy: ['U2'], at: MORNING };
}

async function* paged<T>(rows: readonly T[], size: number): AsyncGenerator<readonly T[]> {
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size);
}

interface Given {
  readonly folk: readonly Person[];
  readonly accounts: readonly Account[];
  readonly shielded: readonly string[];
  readonly tierAttribute: string | null;
  readonly deletesLeavers: boolean;
}

async function planOf({ folk, accounts, shielded, tierAttribute, deletesLeavers }: Given): Promise<readonly Planned[]> {
  const input = {
    people: () => paged(folk, 5),
    accounts: () => paged(accounts, 3),
    covers: coverage([assignment(1)], MORNING),
    touches: touches({ is: 'all' }, new Set()),
    organizationName: () => 'School',
    mapping: TIERED,
    matching: 'userName',
    deletesLeavers,
    invites: false,
    protectedPeople: new Map(shielded.map((id) => [`csv:${id}`, entry(id)])),
    tierAttribute,
    sightings: await indexSightings(paged([{ connectorId: CONNECTOR, targetId: 'seen', externalId: null, match: 'n3', active: true }], 1)),
    reservations: new Map<string, string>(),
    now: MORNING,
    breath: { due: () => undefined },
  };
  const planned: Planned[] = [];
  for await (const page of plan(input, await survey(input))) planned.push(...page.planned);
  return planned;
}

const IDS = Array.from({ length: 12 }, (_, at) => `n${at}`);
const subset = fc.subarray(IDS);
const somebody = (id: string) =>
  fc
    .record({ covered: fc.boolean(), active: fc.boolean(), plan: fc.option(fc.constantFrom('Head', 'Cook')), familyName: fc.constantFrom('A', 'B') })
    .map((of) => {
      const { covered, active, plan: tier, familyName } = of;
      const attributes = { familyName, ...(tier === null ? {} : { plan: tier }) };
      return person(id, { groupings: covered ? [TEACHERS] : [], status: active ? 'active' : 'inactive', attributes });
    });
const anAccount = (id: string) =>
  fc
    .record({
      state: fc.constantFrom('active', 'inactive', 'pending', 'gone'),
      tier: fc.option(fc.constantFrom('Head', 'Cook')),
      intent: fc.option(fc.constantFrom('update', 'reactivate', 'deactivate', 'delete', 'create')),
      deleteAt: fc.option(fc.constantFrom(MORNING - DAY, MORNING + DAY)),
    })
    .map(
      (of): Account => ({
        connectorId: CONNECTOR,
        personId: `csv:${id}`,
        targetId: of.state === 'pending' ? null : `t-${id}`,
        state: of.state,
        origin: 'created',
        pushed: { values: { userName: id, ...(of.tier === null ? {} : { userType: of.tier }) }, at: MORNING },
        intent: of.intent === null ? null : { runId: 'R-1', operation: of.intent, attributes: ['userType', 'title'] },
        generated: {},
        deleteAt: of.deleteAt,
        timeline: [],
      }),
    );
const each = <T>(make: (id: string) => fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> => subset.chain((ids) => fc.tuple(...[...ids].sort().map(make)));
const given = fc.record({
  folk: each(somebody),
  accounts: each(anAccount),
  shielded: subset,
  tierAttribute: fc.constantFrom('userType', 'USERTYPE', null),
  deletesLeavers: fc.boolean(),
});

describe('a plan with protected people', () => {
  it('A7 removes and downgrades none of them, whatever the directory, the accounts and the settings say', async () => {
    await fc.assert(
      fc.asyncProperty(given, async (of) => {
        const pushed = new Map(of.accounts.map((account) => [account.personId, account.pushed?.values.userType]));
        for (const { change } of await planOf(of)) {
          if (!of.shielded.some((id) => change.personId === `csv:${id}`)) continue;
          expect(isRemoval(change)).toBe(false);
          if (of.tierAttribute === null || !('values' in change) || change.is === 'create') continue;
          if ('changes' in change) expect(change.changes.map(({ attribute }) => attribute)).not.toContain('userType');
          // What is remembered as pushed is what was pushed, so that the next run does not take it for a change.
          expect(change.values.userType).toBe(change.is === 'adopt' ? undefined : pushed.get(change.personId));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('A7 is for everybody else the plan that it was without them', async () => {
    await fc.assert(
      fc.asyncProperty(given, async (of) => {
        const others = (all: readonly Planned[]) => all.filter(({ change }) => !of.shielded.some((id) => change.personId === `csv:${id}`));
        expect(others(await planOf(of))).toEqual(others(await planOf({ ...of, shielded: [] })));
      }),
    );
  });

  it('A7 knows the tier attribute by its path, by what is part of it, and in any case', () => {
    expect(saysTier('userType', 'usertype')).toBe(true);
    expect(saysTier('roles[primary].value', 'roles')).toBe(true);
    expect(saysTier('roles', 'roles[primary].value')).toBe(true);
    expect(saysTier('urn:x:2.0:User:plan.name', 'urn:x:2.0:User:plan')).toBe(true);
    expect(saysTier('userTypes', 'userType')).toBe(false);
    expect(saysTier('title', 'userType')).toBe(false);
  });
});

describe('a run with protected people', () => {
  let target: ScimTarget;
  let admin: ReturnType<typeof createAdmin>;
  let clock: ManualClock;
  let home: World;

  beforeService(
    (given) => {
      ({ clock, target, admin, home } = given);
    },
    { seats: 500 },
  );

  const protect = (id: string, connectorId: string | null = null) => home.put('protected', entry(id, connectorId).id, entry(id, connectorId));
  const sent = async (): Promise<readonly string[]> => (await admin.requests()).map(({ method, path }) => `${method} ${path}`);

  it('A7 deactivates the others, leaves the protected ones as they are, says so, and is a success all the same', async () => {
    await home.seed(
      connector(target.url),
      ['ann', 'bob', 'cy', 'dee'].map((id) => person(id)),
    );
    await home.sync();
    await protect('ann');
    await protect('bob', CONNECTOR);
    await protect('cy', 'another-connector');
    await home.people([person('ann', { status: 'inactive' }), person('cy', { groupings: [] }), person('dee', { status: 'inactive' })]);
    await home.put('person', 'csv:bob', null);
    const shown = await preview(home.outside, CONNECTOR);
    expect(shown).toMatchObject({ counts: { deactivate: 2, frozen: 2 }, protected: { count: 2, names: ['ann Example', 'csv:bob'] }, requests: 2 });
    const run = await home.sync();
    expect(run.counts).toMatchObject({ deactivated: 2, failed: 0 });
    expect(run.frozen).toEqual({
      count: 2,
      protected: 2,
      first: [
        { personId: 'csv:ann', reason: 'is protected and keeps the account: break-glass' },
        { personId: 'csv:bob', reason: 'is protected and keeps the account: break-glass' },
      ],
    });
    expect(ended(run).result).toBe('success');
    expect((await home.connector()).health).toEqual({ is: 'ok' });
    for (const id of ['ann', 'bob']) expect(await home.account(id)).toMatchObject({ state: 'active' });
    for (const id of ['cy', 'dee']) expect(await home.account(id)).toMatchObject({ state: 'inactive' });
    const told = (await home.events(run.id)).filter(({ errorCode }) => errorCode === 'protected');
    expect(told.map(({ subjectId, success, attempts }) => [subjectId, success, attempts])).toEqual([
      ['csv:ann', false, 0],
      ['csv:bob', false, 0],
    ]);
    // One person now is no way around it.
    expect((await home.sync({ is: 'people', ids: ['csv:ann'] })).frozen).toMatchObject({ count: 1, protected: 1 });
    expect((await admin.users({ search: 'ann' })).users).toMatchObject([{ active: true }]);
  });

  it('A7 does not delete a protected person’s deactivated account when it is due, and starts no run for it', async () => {
    const leavers = { are: 'deleted', afterDays: 1 } as const;
    await home.seed(connector(target.url, { settings: { leavers } }), [person('ann'), person('bob')]);
    await home.sync();
    await home.people([person('ann', { status: 'inactive' }), person('bob', { status: 'inactive' })]);
    await home.sync();
    await protect('ann');
    await clock.advance(2 * DAY);
    const { deletions } = await deletionsOf(home.outside, actor('admin'), CONNECTOR);
    expect(deletions.map(({ personId, protected: shielded }) => [personId, shielded])).toEqual([
      ['csv:ann', true],
      ['csv:bob', false],
    ]);
    await startDueDeletions(home.outside);
    const runs = await home.all('run');
    expect(runs.at(-1)?.scope).toEqual({ is: 'people', ids: ['csv:bob'] });
    const run = await home.execute(runs.at(-1)?.id ?? '');
    expect(run.counts).toMatchObject({ deleted: 1 });
    const whole = await home.sync();
    expect(whole.frozen.first).toEqual([{ personId: 'csv:ann', reason: 'is protected and the deactivated account is not deleted: break-glass' }]);
    await clock.advance(2 * HOUR);
    const before = (await home.all('run')).length;
    await startDueDeletions(home.outside);
    expect(await home.all('run')).toHaveLength(before);
  });

  it('A7 leaves the licence tier of a protected person alone, sends the rest of the update, and tells of it', async () => {
    await home.seed(connector(target.url, { settings: { mapping: TIERED, tierAttribute: 'userType' } }), [
      person('ann', { attributes: { plan: 'Head' } }),
      person('bob', { attributes: { plan: 'Head' } }),
    ]);
    await home.sync();
    await protect('ann');
    const cook = { attributes: { plan: 'Cook', familyName: 'Newname' } };
    await home.people([person('ann', cook), person('bob', cook)]);
    const run = await home.sync();
    expect(run.counts).toMatchObject({ updated: 2, failed: 0 });
    expect(run.frozen).toMatchObject({
      count: 1,
      protected: 1,
      first: [{ personId: 'csv:ann', reason: 'is protected and keeps the licence tier: break-glass' }],
    });
    const tierOf = async (id: string) => admin.user((await home.account(id))?.targetId ?? '');
    expect(await tierOf('ann')).toMatchObject({ userType: 'Head', name: { familyName: 'Newname' } });
    expect(await tierOf('bob')).toMatchObject({ userType: 'Cook' });
    // Cleared in the directory, and nothing else to say: no request, but still told.
    await home.people([person('ann', { attributes: { familyName: 'Newname' } })]);
    await admin.clearRequests();
    const quiet = await home.sync();
    expect((await sent()).filter((line) => line.includes('PATCH'))).toEqual([]);
    expect(quiet.frozen).toMatchObject({ count: 1, protected: 1 });
    expect(await tierOf('ann')).toMatchObject({ userType: 'Head' });
    // The list's end is the tier's: now it follows the directory.
    await home.put('protected', 'csv:ann', null);
    await home.sync();
    expect(await tierOf('ann')).not.toHaveProperty('userType');
  });

  it('A7 adopts a protected person’s hand-made account without touching its tier, found in the listing or by a 409', async () => {
    const settings = { mapping: TIERED, tierAttribute: 'userType' };
    const [first] = await admin.seed({ users: [{ userName: 'ann', userType: 'Owner' }] });
    await home.seed(connector(target.url, { settings }), [person('ann', { attributes: { plan: 'Cook' } })]);
    await protect('ann');
    await protect('bob');
    expect((await home.sync()).counts).toMatchObject({ adopted: 1 });
    expect(await admin.user(first ?? '')).toMatchObject({ userType: 'Owner', externalId: 'csv:ann' });
    const [second] = await admin.seed({ users: [{ userName: 'bob', userType: 'Owner' }] });
    await home.people([person('bob', { attributes: { plan: 'Cook' } })]);
    expect((await home.sync()).counts).toMatchObject({ adopted: 1 });
    expect(await admin.user(second ?? '')).toMatchObject({ userType: 'Owner', externalId: 'csv:bob' });
    await home.sync();
    expect(await admin.user(second ?? '')).toMatchObject({ userType: 'Owner' });
  });

  it('A7 takes a protected person out of no managed group, and keeps the group that holds them', async () => {
    await home.seed(connector(target.url, { settings: { manageGroups: true } }), [person('ann'), person('bob'), person('cy')]);
    await home.sync();
    await protect('ann');
    await home.people([person('ann', { groupings: [] }), person('bob', { groupings: [] })]);
    await home.sync();
    const membersNow = async () => (await home.all('pushedGroup')).map(({ name, members }) => [name, members]);
    const idOf = async (id: string) => (await home.account(id))?.targetId ?? '';
    expect(await membersNow()).toEqual([['Teachers', [await idOf('ann'), await idOf('cy')].sort()]]);
    await home.put('assignment', `${CONNECTOR}/1`, assignment(1, TEACHERS, { ended: { at: MORNING, by: 'U1', why: null, shown: ['csv:cy'] } }));
    const run = await home.sync();
    expect(run.counts).toMatchObject({ deactivated: 1, failed: 0 });
    expect(await membersNow()).toEqual([['Teachers', [await idOf('ann')]]]);
    expect(await admin.groups()).toMatchObject([{ displayName: 'Teachers', members: [await idOf('ann')] }]);
    await home.put('protected', 'csv:ann', null);
    await home.sync();
    expect(await membersNow()).toEqual([]);
    expect(await admin.groups()).toEqual([]);
  });

  it('A7 spares somebody who is protected after the run had planned to remove them', async () => {
    let armed = false;
    const late = await world({
      clock,
      allow: [new URL(target.url).host],
      // Both removals are planned and journalled when the first asks for its permit.
      pace: (present) => ({
        ...{ holdUntil: (instant) => present.holdUntil(instant), heldUntil: () => present.heldUntil() },
        permit: async (first) => {
          if (armed) await late.put('protected', 'csv:bob', entry('bob'));
          await present.permit(first);
        },
      }),
    });
    await late.seed(connector(target.url), [person('ann'), person('bob')]);
    await late.sync();
    await late.people([person('ann', { status: 'inactive' }), person('bob', { status: 'inactive' })]);
    armed = true;
    const run = await late.sync();
    expect(run.counts).toMatchObject({ deactivated: 1, failed: 1 });
    expect(run.frozen.count).toBe(0);
    expect((await late.events(run.id)).find(({ success }) => !success)).toMatchObject({
      subjectId: 'csv:bob',
      errorCode: 'protected',
      errorMessage: 'Protected: break-glass',
    });
    expect((await admin.users({ search: 'bob' })).users).toMatchObject([{ active: true }]);
    expect(await late.account('bob')).toMatchObject({ state: 'active', intent: null });
    await late.close();
  });
});
