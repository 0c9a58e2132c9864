import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonStore } from '../../../src/adapters/lowdb/store.ts';
import { startChild } from './child.ts';
import { newFolder, openIn, removeFolder } from './home.ts';

const LANES = ['a', 'b', 'c', 'd'];

/** How far each lane got, in whole transactions; fails when one is there in parts. */
async function progress(store: JsonStore): Promise<ReadonlyMap<string, number>> {
  const reached = new Map<string, number>();
  for (const lane of LANES) {
    const value = (await store.get('counter', lane))?.value.value ?? 0;
    const people: string[] = [];
    for await (const page of store.scan('person', { prefix: `${lane}/` })) people.push(...page.map(({ key }) => key));
    const events: string[] = [];
    for await (const page of store.rows('event', { partition: lane, order: 'oldest' })) events.push(...page.map(({ row }) => row.id));
    const numbers = Array.from({ length: value }, (_, index) => index + 1);
    expect(new Set(people)).toEqual(new Set(numbers.map((number) => `${lane}/${number}`)));
    expect(events).toEqual(numbers.map((number) => `e-${number}`));
    reached.set(lane, value);
  }
  return reached;
}

/** Lets a child write until it has reported `acks` transactions, kills it, and compares what it reported with what is there. */
async function round(folder: string, acks: number, limits: object): Promise<void> {
  const child = startChild(folder, 'write', { limits });
  const reported = new Map<string, number>();
  let count = 0;
  const take = (line: unknown) => {
    if (!Array.isArray(line)) return;
    const [lane, number]: unknown[] = line;
    reported.set(String(lane), Number(number));
    count += 1;
  };
  while (count < acks) {
    const next = await child.said.next();
    if (next.done) throw new Error('the child ended by itself');
    take(next.value);
  }
  for (const line of await child.kill()) take(line);
  const store = await openIn(folder);
  const reached = await progress(store);
  for (const [lane, number] of reported) expect(reached.get(lane)).toBeGreaterThanOrEqual(number);
  // At most the one transaction of each lane that was under way may be there without having been reported.
  for (const [lane, number] of reached) expect(number).toBeLessThanOrEqual((reported.get(lane) ?? number) + 1);
  await store.close();
}

describe('A process that is killed', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await newFolder();
  });
  afterEach(() => removeFolder(folder));

  it('S13 loses nothing that was reported done, and leaves no transaction in parts', async () => {
    for (const acks of [1, 40, 333]) await round(folder, acks, {});
  });

  it('S13 loses nothing when it is killed in the middle of compactions', async () => {
    for (const acks of [3, 50, 120, 200]) await round(folder, acks, { journal: 1, tail: 1 });
  });

  it('S13 loses nothing when it is killed while rows move to segments', async () => {
    for (const acks of [29, 90, 170]) await round(folder, acks, { tail: 1 });
  });
});
