import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultMapping } from '../../../src/domain/connectors/default-mapping.ts';
import type { Mapping } from '../../../src/domain/connectors/mapping.ts';
import { parseExpression } from '../../../src/domain/connectors/mapping-language.ts';
import type { Person } from '../../../src/domain/directory/person.ts';
import type { Account, Sighting } from '../../../src/domain/sync/account.ts';
import { type Change, waitsFor } from '../../../src/domain/sync/change.ts';
import { fuse, shownRemovals } from '../../../src/domain/sync/fuse.ts';
import { isRemoval, plan, type Planned } from '../../../src/domain/sync/plan.ts';
import { type PlanInput, reservationOf } from '../../../src/domain/sync/plan-input.ts';
import { coverage, touches } from '../../../src/domain/sync/scope.ts';
import { indexSightings } from '../../../src/domain/sync/sightings.ts';
import { survey } from '../../../src/domain/sync/survey.ts';
import { MORNING } from '../../clock.ts';
import { assignment, CONNECTOR, people, person, STAFF } from './world.ts';

interface Given {
  readonly people?: readonly Person[];
  readonly accounts?: readonly Account[];
  readonly sightings?: readonly Partial<Sighting>[];
  readonly mapping?: Mapping;
  readonly matching?: string;
  readonly reservations?: Map<string, string>;
  /** Accounts that are created wait for their people. */
  readonly invites?: boolean;
  readonly deletesLeavers?: boolean;
}

async function* paged<T>(rows: readonly T[], size = 7): AsyncGenerator<readonly T[]> {
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size);
}

async function planOf(given: Given): Promise<{ readonly planned: readonly Planned[]; readonly changes: readonly Change[]; readonly unchanged: number }> {
  const folk = [...(given.people ?? [])].sort((a, b) => (a.id < b.id ? -1 : 1));
  const accounts = [...(given.accounts ?? [])].sort((a, b) => (a.personId < b.personId ? -1 : 1));
  const seen = (given.sightings ?? []).map((sighting, at) => ({
    connectorId: CONNECTOR,
    targetId: `s${at}`,
    externalId: null,
    match: null,
    active: true,
    ...sighting,
  }));
  const input: PlanInput = {
    people: () => paged(folk, 5),
    accounts: () => paged(accounts, 3),
    covers: coverage([assignment(1)], MORNING),
    touches: touches({ is: 'all' }, new Set()),
    organizationName: () => 'School',
    mapping: given.mapping ?? defaultMapping(),
    matching: given.matching ?? 'userName',
    deletesLeavers: given.deletesLeavers ?? false,
    invites: given.invites ?? false,
    protectedPeople: new Map(),
    tierAttribute: null,
    sightings: await indexSightings(paged(seen)),
    reservations: given.reservations ?? new Map(),
    now: MORNING,
    breath: { due: () => undefined },
  };
  const planned: Planned[] = [];
  let unchanged = 0;
  for await (const page of plan(input, await survey(input))) {
    planned.push(...page.planned);
    unchanged += page.unchanged;
  }
  return { planned, changes: planned.map((each) => each.change), unchanged };
}

/** What the accounts are once a change was carried out. */
function carriedOut(before: ReadonlyMap<string, Account>, changes: readonly Change[]): Map<string, Account> {
  const after = new Map(before);
  for (const change of changes) {
    if (change.is === 'frozen') continue;
    const blank: Account = {
      connectorId: CONNECTOR,
      personId: change.personId,
      targetId: null,
      state: 'gone',
      origin: 'created',
      pushed: null,
      intent: null,
      generated: {},
      deleteAt: null,
      timeline: [],
    };
    const { invited, ...account } = after.get(change.personId) ?? blank;
    const waits = (change.is === 'create' && change.invited === true) || (change.is === 'update' && invited !== undefined);
    if (change.is === 'deactivate' || change.is === 'delete') after.set(change.personId, { ...account, state: change.is === 'delete' ? 'gone' : 'inactive' });
    else {
      const targetId = 'targetId' in change ? change.targetId : `t-${change.personId}`;
      after.set(change.personId, {
        ...account,
        targetId,
        state: waits ? 'inactive' : 'active',
        ...(waits ? { invited: invited ?? { since: MORNING, granted: null } } : {}),
        pushed: { values: change.values, at: MORNING },
        generated: change.generated,
      });
    }
  }
  return after;
}

const unique: Mapping = defaultMapping().map((rule) => {
  const parsed = parseExpression('unique(lower(userName))');
  return rule.attribute === 'userName' && parsed.is === 'expression' ? { ...rule, from: parsed.expression } : rule;
});

const somebody = fc
  .record({
    number: fc.nat(30),
    userName: fc.constantFrom('ann', 'Ann', 'bob', 'cy', 'dee', undefined),
    title: fc.option(fc.constantFrom('Head', 'Cook')),
    covered: fc.boolean(),
    active: fc.boolean(),
  })
  .map(({ number, userName, title, covered, active }) => {
    const base = person(`n${number}`, { groupings: covered ? ['other', ...person('x').groupings] : ['other'], status: active ? 'active' : 'inactive' });
    const { userName: _, email: __, ...rest } = base.attributes;
    return {
      ...base,
      attributes: { ...rest, ...(userName === undefined ? {} : { userName: `${userName}${number % 9}` }), ...(title === null ? {} : { title }) },
    };
  });
const crowd = fc.uniqueArray(somebody, { maxLength: 25, selector: (each) => each.id });
const sighting = fc.record({
  targetId: fc.constantFrom('s1', 's2', 's3', 's4'),
  match: fc.constantFrom('ann1', 'bob2', 'cy3', null),
  externalId: fc.constantFrom('csv:n1', 'csv:n2', 'foreign', null),
  active: fc.boolean(),
});
const sightings = fc.uniqueArray(sighting, { maxLength: 4, selector: (each) => each.targetId });
/** Six people or fewer, and seven names. */
const few = fc.uniqueArray(
  fc
    .record({ number: fc.nat(5), name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'F', 'g'), covered: fc.constantFrom(true, true, true, false) })
    .map(({ number, name, covered }) => person(`n${number}`, { groupings: covered ? person('x').groupings : ['other'], attributes: { userName: name } })),
  { selector: ({ id }) => id },
);
const keyed = fc.uniqueArray(
  fc.record({
    targetId: fc.constantFrom('s1', 's2', 's3', 's4', 's5'),
    match: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    externalId: fc.constantFrom('csv:n0', 'csv:n1', 'csv:n2', 'csv:n3', 'foreign', null),
    active: fc.boolean(),
  }),
  { maxLength: 5, comparator: (a, b) => a.targetId === b.targetId || a.match === b.match },
);
const mapping = fc.constantFrom(defaultMapping(), unique);

/** One plan carried out leaves nothing to plan: what is left are people who are left as they are. */
async function settles(accounts: ReadonlyMap<string, Account>, given: Given): Promise<Map<string, Account>> {
  const { changes } = await planOf({ ...given, accounts: [...accounts.values()] });
  const after = carriedOut(accounts, inTurn(changes, accounts, given.sightings ?? []));
  const managed = new Set([...after.values()].map(({ targetId }) => targetId));
  const sightings = (given.sightings ?? []).filter(({ targetId }) => !managed.has(targetId ?? null));
  const again = await planOf({ ...given, sightings, accounts: [...after.values()] });
  expect(again.changes.filter((change) => change.is !== 'frozen')).toEqual([]);
  return after;
}

/** The changes in an order in which no account gets a name that another has at that moment; fails where a change waits for one that never comes. */
function inTurn(changes: readonly Change[], accounts: ReadonlyMap<string, Account>, sightings: NonNullable<Given['sightings']>): readonly Change[] {
  const names = new Map<string, string | null | undefined>(sightings.map(({ targetId, match }) => [targetId ?? '', match]));
  for (const { targetId, state, pushed } of accounts.values()) if (state !== 'gone') names.set(targetId ?? '', pushed?.values.userName?.toLowerCase());
  const order: Change[] = [];
  let left = changes.filter((change) => change.is !== 'frozen');
  while (left.length > 0) {
    const due = left.filter((change) => waitsFor(change) === undefined || !left.some(({ personId }) => personId === waitsFor(change)?.personId));
    expect(due).not.toEqual([]);
    for (const change of due) {
      const targetId = 'targetId' in change ? change.targetId : `t-${change.personId}`;
      if (change.is === 'delete') names.delete(targetId);
      const name = 'values' in change ? change.values.userName?.toLowerCase() : names.get(targetId);
      if (name === names.get(targetId)) continue;
      expect([...names.values()]).not.toContain(name);
      names.set(targetId, name);
    }
    order.push(...due);
    left = left.filter((change) => !due.includes(change));
  }
  return order;
}

describe('a plan', () => {
  it('S7 once carried out, there is nothing left to plan, also where names are handed on', async () => {
    await fc.assert(
      fc.asyncProperty(crowd, crowd, sightings, mapping, async (before, after, seen, rules) => {
        const reservations = new Map<string, string>();
        const first = await planOf({ people: before, sightings: seen, mapping: rules, reservations });
        const one = carriedOut(new Map(), first.changes);
        await settles(one, { people: after, mapping: rules, reservations });
      }),
    );
  });

  it('S7 S8 nor where few names go round among few people, accounts that were there carry the key of one and the name of another, and leavers are deleted', async () => {
    await fc.assert(
      fc.asyncProperty(few, few, few, keyed, async (before, between, after, seen) => {
        const one = await settles(new Map(), { people: before, sightings: seen });
        const two = await settles(one, { people: between });
        const due = new Map([...two].map(([id, account]) => [id, account.state === 'inactive' ? { ...account, deleteAt: MORNING } : account]));
        await settles(due, { people: after, deletesLeavers: true });
      }),
      { numRuns: 200 },
    );
  });

  it('E10 S7 whoever is invited is made active only by a grant, whatever else changes; then nothing is left to plan', async () => {
    await fc.assert(
      fc.asyncProperty(crowd, crowd, sightings, fc.array(fc.nat(30)), async (before, after, seen, numbers) => {
        const granted = new Set(numbers.map((number) => `csv:n${number}`));
        const reservations = new Map<string, string>();
        const first = await planOf({ people: before, sightings: seen, invites: true, reservations });
        const one = carriedOut(new Map(), first.changes);
        for (const change of first.changes) if (change.is === 'create') expect(one.get(change.personId)).toMatchObject({ state: 'inactive', invited: {} });
        for (const change of first.changes) if (change.is === 'adopt') expect(one.get(change.personId)).toMatchObject({ state: 'active' });
        const seated = [...one.values()].map((account) =>
          account.invited !== undefined && granted.has(account.personId) ? { ...account, invited: { ...account.invited, granted: MORNING } } : account,
        );
        const second = await planOf({ people: after, accounts: seated, reservations });
        const woken = second.changes.flatMap((change) => (change.is === 'reactivate' ? [change.personId] : []));
        const asleep = new Map(seated.map((account) => [account.personId, account]));
        for (const id of woken) expect(granted.has(id) && asleep.get(id)?.invited !== undefined).toBe(true);
        await settles(asleep, { people: after, reservations });
      }),
    );
  });

  it('S7 does not depend on the order in which people are given', async () => {
    await fc.assert(
      fc.asyncProperty(
        crowd.chain((folk) => fc.tuple(fc.constant(folk), fc.shuffledSubarray(folk, { minLength: folk.length }))),
        sightings,
        mapping,
        async ([folk, shuffled], seen, rules) => {
          expect(await planOf({ people: shuffled, sightings: [...seen].reverse(), mapping: rules })).toEqual(
            await planOf({ people: folk, sightings: seen, mapping: rules }),
          );
        },
      ),
    );
  });

  it('S8 S9 D4 never writes one target account for two people', async () => {
    await fc.assert(
      fc.asyncProperty(crowd, sightings, async (folk, seen) => {
        const { changes } = await planOf({ people: folk, sightings: seen });
        const targets = changes.flatMap((change) => (change.is === 'adopt' ? [change.targetId] : []));
        expect(new Set(targets).size).toBe(targets.length);
      }),
    );
  });

  it('C10 generated values are never given twice, and stay when the person is renamed', async () => {
    const twins = [person('a', { attributes: { userName: 'Lee' } }), person('b', { attributes: { userName: 'lee' } })];
    const reservations = new Map<string, string>();
    const first = await planOf({ people: twins, mapping: unique, reservations });
    expect(first.changes.map((change) => ('values' in change ? change.values.userName : null))).toEqual(['lee', 'lee2']);
    expect(reservations.get(reservationOf('userName', 'LEE2'))).toBe('csv:b');
    const accounts = [...carriedOut(new Map(), first.changes).values()];
    const renamed = await planOf({ people: [person('a', { attributes: { userName: 'Kim' } })], accounts, mapping: unique, reservations });
    expect(renamed.changes.filter((change) => change.is === 'update')).toEqual([]);
    const third = await planOf({ people: [...twins, person('c', { attributes: { userName: 'lee' } })], accounts, mapping: unique, reservations });
    expect(third.changes).toMatchObject([{ is: 'create', values: { userName: 'lee3' } }]);
  });

  it('S8 several accounts that match are ambiguous: reported with their ids, not written', async () => {
    const { changes } = await planOf({
      people: [person('ann')],
      sightings: [
        { targetId: 't2', match: 'ann' },
        { targetId: 't1', match: 'ann' },
      ],
    });
    expect(changes).toEqual([{ is: 'frozen', personId: 'csv:ann', because: { is: 'ambiguous-match', targetIds: ['t1', 't2'] } }]);
  });

  it('S8 the external id decides before the matching attribute, and keeps others off', async () => {
    const seen = [{ targetId: 't1', externalId: 'csv:zed', match: 'ann' }];
    const { changes } = await planOf({ people: [person('ann'), person('zed')], sightings: seen });
    expect(changes).toMatchObject([
      // She gets an account of her own, once this one is zed's in name, too.
      { is: 'create', personId: 'csv:ann', after: { targetId: 't1', personId: 'csv:zed' } },
      { is: 'adopt', personId: 'csv:zed', targetId: 't1' },
    ]);
    const same = await planOf({ people: [person('ann'), person('zed'), person('zoe', { attributes: { userName: 'zed' } })], sightings: seen });
    expect(same.changes[0]).toEqual({ is: 'frozen', personId: 'csv:ann', because: { is: 'linked-to-another', targetId: 't1', personId: 'csv:zed' } });
  });

  it('D4 only people in scope count as having the same value', async () => {
    const { changes } = await planOf({ people: [person('ann'), person('twin', { attributes: { userName: 'ANN' }, groupings: [STAFF] })] });
    expect(changes).toMatchObject([{ is: 'create', personId: 'csv:ann' }]);
  });

  it('D4 a person without the matching value is reported, even where it is not required by the schema', async () => {
    const nobody = { ...person('ann'), attributes: { userName: 'ann' } };
    const { changes } = await planOf({ people: [nobody], matching: 'emails[work].value' });
    expect(changes).toEqual([{ is: 'frozen', personId: 'csv:ann', because: { is: 'missing-attribute', attribute: 'emails[work].value' } }]);
  });
});

describe('the fuse', () => {
  const settings = { people: 10, percent: 5, absolute: 50 };
  const removal = (each: Person): Planned => ({
    change: { is: 'deactivate', personId: each.id, targetId: each.id, why: 'no-assignment' },
    account: undefined,
    name: each.id,
    organizationId: null,
  });

  it('S14 holds all that nobody was shown, or none', () => {
    fc.assert(
      fc.property(fc.nat(120), fc.nat(2_000), (count, accounts) => {
        const removals = people(count).map(removal);
        const { held, released } = fuse(removals, settings, accounts, shownRemovals([]));
        const tooMany = (count > 10 && count > accounts * 0.05) || count > 50;
        expect([held.length, released.length]).toEqual(tooMany ? [count, 0] : [0, count]);
        expect([...held, ...released].every((each) => isRemoval(each.change))).toBe(true);
      }),
    );
  });
});
