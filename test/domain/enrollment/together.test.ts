import { expect, it, onTestFinished } from 'vitest';
import { together } from '../../../src/domain/enrollment/verbs/together.ts';
import { put } from '../../../src/domain/revise.ts';
import type { Put, Store } from '../../../src/ports/store.ts';
import { world } from '../sync/world.ts';

/** A store, and how often it was written. */
async function opened(): Promise<{ readonly store: Store; readonly transactions: () => number }> {
  let transactions = 0;
  const home = await world({
    around: (store) => ({
      ...{ get: (kind, key) => store.get(kind, key), scan: (kind, range) => store.scan(kind, range), count: (kind, prefix) => store.count(kind, prefix) },
      ...{ rows: (log, query) => store.rows(log, query), auditHead: () => store.auditHead(), verifyAudit: (noted) => store.verifyAudit(noted) },
      watch: (listener) => store.watch(listener),
      transaction(change) {
        transactions += 1;
        return store.transaction(change);
      },
    }),
  });
  onTestFinished(() => home.close());
  const { store } = home.outside;
  return { store, transactions: () => transactions };
}

/** Adds one to a counter by what it reads, as a seat is taken. */
async function counted(store: Store, key: string): Promise<{ readonly puts: readonly Put[]; readonly appends: []; readonly value: number }> {
  const now = await store.get('counter', key);
  const value = (now?.value.value ?? 0) + 1;
  return { puts: [put('counter', key, { value }, now?.version ?? 0)], appends: [], value };
}

it('E10 decides each by what those before it leave, and writes hundreds in a few transactions', async () => {
  const { store, transactions } = await opened();
  const values = await Promise.all(Array.from({ length: 300 }, () => together(store, 'i1', (at) => counted(at, 'seats'))));
  expect(values.map(({ value }) => value)).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
  expect((await store.get('counter', 'seats'))?.value.value).toBe(300);
  expect(transactions()).toBeLessThan(30);
});

it('E10 decides anew, each alone, where somebody else wrote in between', async () => {
  const { store } = await opened();
  let meddled = false;
  const answers = await Promise.all(
    Array.from({ length: 5 }, () =>
      together(store, 'i1', async (at) => {
        const its = await counted(at, 'seats');
        if (!meddled) await store.transaction({ puts: [put('counter', 'seats', { value: 100 })] });
        meddled = true;
        return its;
      }),
    ),
  );
  expect(answers.map(({ value }) => value)).toEqual([101, 102, 103, 104, 105]);
  expect((await store.get('counter', 'seats'))?.value.value).toBe(105);
});

it('E10 leaves the others as they are when one of them fails', async () => {
  const { store } = await opened();
  const asked = Array.from({ length: 4 }, (_, index) =>
    together(store, 'i1', async (at) => {
      if (index === 2) throw new Error('this one');
      return await counted(at, 'seats');
    }),
  );
  const outcomes = await Promise.allSettled(asked);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect((await store.get('counter', 'seats'))?.value.value).toBe(3);
});
