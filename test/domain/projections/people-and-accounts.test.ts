import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { openJsonStore } from '../../../src/adapters/lowdb/store.ts';
import { createBreath } from '../../../src/adapters/system/breath.ts';
import type { Covered } from '../../../src/domain/projections/covering.ts';
import { peopleAndAccounts } from '../../../src/domain/projections/people-and-accounts.ts';
import { readAhead } from '../../../src/domain/projections/read-ahead.ts';
import { put } from '../../../src/domain/revise.ts';
import { type Account, accountKey, isPresent } from '../../../src/domain/sync/account.ts';
import { type Store, StoreFault, type Transaction } from '../../../src/ports/store.ts';
import { manualClock, MORNING } from '../../clock.ts';
import { account, person } from '../connectors/connectors-world.ts';
import { countingStore } from './counting-store.ts';

const CONNECTORS = ['box', 'zoom'] as const;
const GROUPINGS = ['choir', 'coaches', 'teachers'] as const;
const PEOPLE = ['ann', 'bea', 'cyd', 'dee'] as const;

async function newStore(): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-projections-'));
  const store = await openJsonStore({ folder, clock: manualClock(), log: { info: () => {}, warn: () => {}, error: () => {} } });
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  return store;
}

function inStore(store: Store) {
  const outside = { store, breath: createBreath() };
  return {
    covered: async (connectorId: string, groupingIds: readonly string[]) => (await peopleAndAccounts(outside).covered([{ connectorId, groupingIds }]))[0],
    accountsOf: (connectorId: string) => peopleAndAccounts(outside).accountsOf(connectorId),
  };
}

function numbers(covered: Covered | undefined): string {
  const said = ({ have, of }: Covered['total']): string => `${have} of ${of}`;
  return [said(covered?.total ?? { have: 0, of: 0 }), ...[...(covered?.parts ?? [])].map(([id, part]) => `${id} ${said(part)}`)].join(', ');
}

/** The numbers as somebody would count them who reads everybody. */
async function counted(store: Store, connectorId: string, groupingIds: readonly string[]): Promise<Covered> {
  const present = new Set<string>();
  for await (const page of store.scan('account', { prefix: accountKey(connectorId, '') }))
    for (const { value } of page) if (isPresent(value)) present.add(value.personId);
  const total = { have: 0, of: 0 };
  const parts = new Map([...groupingIds].sort().map((id) => [id, { have: 0, of: 0 }]));
  for await (const page of store.scan('person')) {
    for (const { value } of page) {
      const its = value.status === 'active' ? value.groupings.flatMap((id) => parts.get(id) ?? []) : [];
      for (const count of its.length === 0 ? [] : [...its, total]) {
        count.of += 1;
        count.have += present.has(value.id) ? 1 : 0;
      }
    }
  }
  return { total, parts };
}

it('C1 reads everybody for the first question only, once for all who ask meanwhile, and then what was written since', async () => {
  const real = await newStore();
  const { store, read } = countingStore(real);
  const { covered, accountsOf } = inStore(store);
  const folk = Array.from({ length: 600 }, (_, index) => person(`p${index}`, 'north', ['teachers']));
  await real.transaction({ puts: folk.map((one) => put('person', one.id, one)) });
  await real.transaction({ puts: folk.map((one) => put('account', accountKey('zoom', one.id), account('zoom', one.id, 'active'))) });
  const asked = await Promise.all([1, 2, 3].map(() => covered('zoom', ['teachers'])));
  expect(asked.map(numbers)).toEqual(Array.from({ length: 3 }, () => '600 of 600, teachers 600 of 600'));
  expect(read()).toEqual({ pages: 6, gets: 0 });
  for (const ask of [covered('zoom', ['teachers']), covered('zoom', ['choir']), accountsOf('zoom')]) await ask;
  expect(read()).toEqual({ pages: 0, gets: 0 });
  // Written past the store that is asked.
  await real.transaction({ puts: [put('account', accountKey('zoom', 'csv:p7'), account('zoom', 'csv:p7', 'inactive'))] });
  await real.transaction({ puts: [put('account', accountKey('zoom', 'csv:p7'), account('zoom', 'csv:p7', 'gone'))] });
  expect(numbers(await covered('zoom', ['teachers']))).toBe('599 of 600, teachers 599 of 600');
  expect(await accountsOf('zoom')).toEqual({ active: 599, inactive: 0, seats: 599 });
  expect(read()).toEqual({ pages: 0, gets: 1 });
});

it('C1 counts right after a transaction that changes more than are read one by one', async () => {
  const store = await newStore();
  const { covered } = inStore(store);
  expect(numbers(await covered('zoom', ['teachers']))).toBe('0 of 0, teachers 0 of 0');
  const folk = Array.from({ length: 4_100 }, (_, index) => person(`p${index}`, 'north', ['teachers']));
  await store.transaction({ puts: folk.map((one) => put('person', one.id, one)) });
  expect(numbers(await covered('zoom', ['teachers']))).toBe('0 of 4100, teachers 0 of 4100');
  await store.transaction({ puts: folk.map((one) => put('account', accountKey('zoom', one.id), account('zoom', one.id, 'active'))) });
  expect(numbers(await covered('zoom', ['teachers']))).toBe('4100 of 4100, teachers 4100 of 4100');
});

it('C1 reads everybody again, by pages, where more was written between two questions than is read one by one', async () => {
  const real = await newStore();
  const { store, read } = countingStore(real);
  const { covered } = inStore(store);
  const folk = Array.from({ length: 4_200 }, (_, index) => person(`p${index}`, 'north', ['teachers']));
  expect(numbers(await covered('zoom', ['teachers']))).toBe('0 of 0, teachers 0 of 0');
  read();
  for (let from = 0; from < folk.length; from += 600) await real.transaction({ puts: folk.slice(from, from + 600).map((one) => put('person', one.id, one)) });
  expect(numbers(await covered('zoom', ['teachers']))).toBe('0 of 4200, teachers 0 of 4200');
  expect(read().gets).toBe(0);
  for (const one of folk.slice(0, 2)) await real.transaction({ puts: [put('person', one.id, null)] });
  expect(numbers(await covered('zoom', ['teachers']))).toBe('0 of 4198, teachers 0 of 4198');
  expect(read()).toEqual({ pages: 0, gets: 2 });
});

it('C1 counts right after a question that the store could not answer', async () => {
  const real = await newStore();
  let fails = false;
  const broken = async (): Promise<never> => Promise.reject(new StoreFault('The disk is gone.'));
  const { store: counting } = countingStore(real);
  const store: Store = { ...counting, get: (kind, key) => (fails ? broken() : real.get(kind, key)) };
  const { covered } = inStore(store);
  await real.transaction({ puts: [put('person', 'csv:ann', person('ann', 'north', ['teachers']))] });
  await covered('zoom', ['teachers']);
  await real.transaction({ puts: [put('person', 'csv:bea', person('bea', 'north', ['teachers']))] });
  fails = true;
  await expect(covered('zoom', ['teachers'])).rejects.toThrow('The disk is gone.');
  fails = false;
  expect(numbers(await covered('zoom', ['teachers']))).toBe('0 of 2, teachers 0 of 2');
});

it('D6 says what could not be read ahead of the first search, and nothing once it is stopped', async () => {
  const warned: string[] = [];
  const log = { info: () => {}, warn: (_: object, message: string) => void warned.push(message), error: () => {} };
  const scan = (): never => {
    throw new StoreFault('The disk is gone.');
  };
  const outside = { store: { ...countingStore(await newStore()).store, scan }, breath: createBreath(), log };
  await readAhead(outside, AbortSignal.abort());
  expect(warned).toEqual([]);
  await readAhead(outside, new AbortController().signal);
  expect(warned).toEqual([expect.stringContaining('could not be read ahead')]);
});

/** `before` is written, then `meanwhile` while the `first` questions wait for their answers; the `later` ones come when that is written. */
interface Round {
  readonly before: readonly Transaction[];
  readonly meanwhile: readonly Transaction[];
  readonly first: readonly Question[];
  readonly later: readonly Question[];
}
interface Question {
  readonly connectorId: string;
  readonly groupingIds: readonly string[];
}

const connectorId = fc.constantFrom(...CONNECTORS);
const who = fc.constantFrom(...PEOPLE);
const groupingIds = fc.subarray([...GROUPINGS]);
const standing: fc.Arbitrary<Pick<Account, 'state' | 'invited'>> = fc.constantFrom(
  { state: 'active' },
  { state: 'inactive' },
  { state: 'gone' },
  { state: 'inactive', invited: { since: MORNING, granted: null } },
);
const change: fc.Arbitrary<Transaction> = fc.oneof(
  fc
    .tuple(who, groupingIds, fc.boolean())
    .map(([id, of, active]) => ({ puts: [put('person', `csv:${id}`, person(id, 'north', of, active ? 'active' : 'inactive'))] })),
  fc.tuple(connectorId, who, standing).map(([at, id, its]) => ({
    puts: [put('account', accountKey(at, `csv:${id}`), { ...account(at, `csv:${id}`, 'active'), ...its })],
  })),
  who.map((id) => ({ puts: [put('person', `csv:${id}`, null)] })),
  fc.tuple(connectorId, who).map(([at, id]) => ({ puts: [put('account', accountKey(at, `csv:${id}`), null)] })),
  fc.constantFrom('zoom/', 'box/csv:a', '').map((prefix) => ({ erase: [{ kind: 'account' as const, prefix }] })),
  fc.constant({ erase: [{ kind: 'person' as const, prefix: 'csv:' }] }),
);
const question: fc.Arbitrary<Question> = fc.record({ connectorId, groupingIds });
const round: fc.Arbitrary<Round> = fc.record({
  before: fc.array(change, { maxLength: 3 }),
  meanwhile: fc.array(change, { maxLength: 3 }),
  first: fc.array(question, { maxLength: 3 }),
  later: fc.array(question, { maxLength: 2 }),
});

/** A store whose answers are as old as the question and come when `until` lets them, as over a network. */
function slowToAnswer(real: Store, until: () => Promise<unknown>): Store {
  const { store } = countingStore(real);
  async function* late<T>(pages: AsyncIterable<T>): AsyncGenerator<T> {
    for await (const page of pages) {
      await until();
      yield page;
    }
  }
  return {
    ...store,
    get: async (kind, key) => {
      const stored = await real.get(kind, key);
      await until();
      return stored;
    },
    scan: (kind, range) => late(real.scan(kind, range)),
  };
}

it('C1 whatever is written before, between and during the questions, the answer afterwards is what reading everybody would give', async () => {
  const real = await newStore();
  await fc.assert(
    fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 6 }), async (rounds) => {
      let written: Promise<unknown> = Promise.resolve();
      const until = (): Promise<void> => written.then(() => undefined);
      // Each property run has its own: what is kept is kept by the store that is asked.
      const outside = { store: slowToAnswer(real, until), breath: { turn: until, due: until } };
      const ask = async ({ connectorId: at, groupingIds: of }: Question): Promise<Covered | undefined> =>
        (await peopleAndAccounts(outside).covered([{ connectorId: at, groupingIds: of }]))[0];
      for (const { before, meanwhile, first, later } of rounds) {
        await Promise.all(before.map((one) => real.transaction(one)));
        written = Promise.all(meanwhile.map((one) => real.transaction(one)));
        const asked = first.map(ask);
        await written;
        await Promise.all([...asked, ...later.map(ask)]);
        for (const at of CONNECTORS) {
          for (const of of [[...GROUPINGS], ['choir'], ['coaches', 'teachers']])
            expect(numbers(await ask({ connectorId: at, groupingIds: of }))).toBe(numbers(await counted(real, at, of)));
        }
      }
    }),
    { numRuns: 60 },
  );
});
