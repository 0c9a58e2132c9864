/** A process of its own that writes until it is killed; `killed.test.ts` and `full-disk.test.ts` start it with a folder and a job. */
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { JsonStore } from '../../../src/adapters/lowdb/store.ts';
import { event, person } from '../../contracts/store.ts';
import { openIn } from './home.ts';

const [, , folder = '', job = '', limits = '{}'] = process.argv;

/** Synchronous: what was said is out before anything else happens. */
function say(line: unknown): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

async function last(store: JsonStore, lane: string): Promise<number> {
  return (await store.get('counter', lane))?.value.value ?? 0;
}

/** One transaction of a lane: its counter, a person and an event, all of the same number. */
function step(store: JsonStore, lane: string, number: number) {
  return store.transaction({
    puts: [
      { kind: 'counter', key: lane, value: { value: number } },
      { kind: 'person', key: `${lane}/${number}`, value: person(number) },
      { kind: 'card', key: lane, value: null },
    ],
    appends: [{ log: 'event', partition: lane, row: event(number) }],
  });
}

async function writeForEver(store: JsonStore): Promise<never> {
  const lane = async (name: string): Promise<never> => {
    for (let number = (await last(store, name)) + 1; ; number++) {
      await step(store, name, number);
      say([name, number]);
    }
  };
  return Promise.race(['a', 'b', 'c', 'd'].map(lane));
}

const input = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

/** Writes until the disk is full, says what it sees, and goes on when told that there is space. */
async function fillUp(store: JsonStore): Promise<void> {
  for (let number = 1; ; number++) {
    const results = await Promise.allSettled(['a', 'b', 'c'].map((lane) => step(store, lane, number)));
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
    if (refused.length === 0) continue;
    say({ number, refused, counters: await Promise.all(['a', 'b', 'c'].map((lane) => last(store, lane))), people: await store.count('person') });
    await input.next();
    for (const lane of ['a', 'b', 'c']) await step(store, lane, number);
    say('went on');
    await input.next();
  }
}

/** Compacts until a snapshot does not fit any more; says whether commits still do. */
async function compactUntilFull(store: JsonStore): Promise<void> {
  for (let number = 1; ; number++) {
    await store.transaction({ puts: Array.from({ length: 200 }, (_, index) => ({ kind: 'person', key: `${number}/${index}`, value: person(index) })) });
    const fault: unknown = await store.compact().catch((error: unknown) => error);
    if (fault === undefined) continue;
    await store.transaction({ puts: [{ kind: 'counter', key: 'after', value: { value: number } }] });
    say({ fault: String(fault), people: await store.count('person') });
    await input.next();
  }
}

const store = await openIn(folder, JSON.parse(limits));
say('open');
if (job === 'write') await writeForEver(store);
else if (job === 'fill') await fillUp(store);
else await compactUntilFull(store);
