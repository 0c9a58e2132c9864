import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { JsonStore } from '../../../src/adapters/lowdb/store.ts';
import type { Transaction } from '../../../src/ports/store.ts';
import { event } from '../../contracts/store.ts';
import { crashImage, newFolder, openIn, removeFolder } from './home.ts';

type ModelKind = 'counter' | 'reservation';

/** The store as simply as it can be said. */
class Model {
  readonly documents = new Map<string, { version: number; value: unknown }>();
  /** The highest version that each key ever had. */
  readonly highest = new Map<string, number>();
  rows: { readonly id: string; readonly partition: string }[] = [];

  apply({ puts = [], appends = [], erase = [] }: Transaction): 'committed' | 'conflict' {
    const holds = puts.every(({ kind, key, expected }) => expected === undefined || (this.documents.get(`${kind} ${key}`)?.version ?? 0) === expected);
    if (!holds) return 'conflict';
    for (const erasure of erase) {
      if ('log' in erasure) this.rows = this.rows.filter(({ partition }) => partition !== erasure.partition);
      else for (const name of [...this.documents.keys()]) if (name.startsWith(`${erasure.kind} ${erasure.prefix}`)) this.documents.delete(name);
    }
    for (const { kind, key, value } of puts) {
      if (value === null) this.documents.delete(`${kind} ${key}`);
      else this.documents.set(`${kind} ${key}`, { version: 0, value });
    }
    for (const { partition, row } of appends) this.rows.push({ id: row.id, partition });
    return 'committed';
  }

  /** Versions are the store's to choose; the model learns them, and checks that they only grow. */
  learn(name: string, version: number): void {
    expect(version).toBeGreaterThanOrEqual(this.highest.get(name) ?? 1);
    this.highest.set(name, version);
    const document = this.documents.get(name);
    if (document !== undefined) document.version = version;
  }
}

const key = fc.constantFrom('a', 'a/1', 'a/2', 'b/1', '名');
const kind = fc.constantFrom<ModelKind>('counter', 'reservation');
const partition = fc.constantFrom('c-1', 'c-2');
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      is: fc.constant('transaction' as const),
      puts: fc.array(fc.record({ kind, key, remove: fc.boolean(), expected: fc.constantFrom('none', 'right', 'right', 'wrong') }), { maxLength: 4 }),
      appends: fc.array(partition, { maxLength: 3 }),
      erase: fc.option(fc.oneof(fc.record({ kind, prefix: fc.constantFrom('', 'a', 'a/') }), fc.record({ log: fc.constant('event' as const), partition })), {
        freq: 6,
      }),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom({ is: 'compact' as const }, { is: 'reopen' as const }, { is: 'crash' as const }) },
);

/** A transaction of the store for a generated step. */
function transactionOf(
  drawn: Extract<typeof step extends fc.Arbitrary<infer T> ? T : never, { is: 'transaction' }>,
  model: Model,
  number: number,
): Transaction {
  return {
    puts: drawn.puts.map(({ kind, key, remove, expected }, index) => {
      const now = model.documents.get(`${kind} ${key}`)?.version ?? 0;
      const wish = expected === 'none' ? {} : { expected: expected === 'right' ? now : now + 1 };
      if (kind === 'counter') return { kind, key, value: remove ? null : { value: number * 10 + index }, ...wish };
      return { kind, key, value: remove ? null : { personId: `${number}.${index}` }, ...wish };
    }),
    appends: drawn.appends.map((partition, index) => ({ log: 'event', partition, row: event(number * 10 + index) })),
    erase: drawn.erase === null ? [] : [drawn.erase],
  };
}

async function compare(store: JsonStore, model: Model): Promise<void> {
  const names: string[] = [];
  for (const kind of ['counter', 'reservation'] as const) {
    for await (const page of store.scan(kind)) {
      for (const { key, version, value } of page) {
        names.push(`${kind} ${key}`);
        expect(value).toEqual(model.documents.get(`${kind} ${key}`)?.value);
        expect(await store.get(kind, key)).toEqual({ version, value });
        model.learn(`${kind} ${key}`, version);
      }
    }
    expect(await store.count(kind, 'a')).toBe([...model.documents.keys()].filter((name) => name.startsWith(`${kind} a`)).length);
  }
  expect(names.sort()).toEqual([...model.documents.keys()].sort());
  for (const partition of [undefined, 'c-1', 'c-2']) {
    const expected = model.rows.filter((row) => partition === undefined || row.partition === partition).map(({ id }) => id);
    for (const order of ['oldest', 'newest'] as const) {
      const ids: string[] = [];
      for await (const page of store.rows('event', { order, ...(partition === undefined ? {} : { partition }) })) ids.push(...page.map(({ row }) => row.id));
      expect(ids).toEqual(order === 'oldest' ? expected : expected.toReversed());
    }
  }
}

async function check(steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[], tail: number): Promise<void> {
  let folder = await newFolder();
  let store = await openIn(folder, { tail });
  const model = new Model();
  try {
    for (const [number, drawn] of steps.entries()) {
      switch (drawn.is) {
        case 'transaction': {
          const transaction = transactionOf(drawn, model, number);
          expect(await store.transaction(transaction)).toBe(model.apply(transaction));
          break;
        }
        case 'compact':
          await store.compact();
          break;
        case 'reopen':
          await store.close();
          store = await openIn(folder, { tail });
          break;
        case 'crash': {
          const image = await crashImage(folder);
          await store.close();
          await removeFolder(folder);
          folder = image;
          store = await openIn(folder, { tail });
          break;
        }
      }
      await compare(store, model);
    }
  } finally {
    await store.close();
    await removeFolder(folder);
  }
}

it('answers like a simple model over any transactions, compactions and restarts', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), fc.constantFrom(1, 1_000, 1_000_000), (steps, tail) => check(steps, tail)),
    { numRuns: 25 },
  );
});
