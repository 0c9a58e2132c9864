/**
 * How fast a sync is, durable journal included, against a plain undici loop that sends the same bodies with the same
 * concurrency to the same stub:
 * `npx tsc -p bench && node dist/benches/bench/sync.js [--people 20000] [--pairs 5] [--concurrency 16]`.
 * Goal: at least 0.95 of the loop with 2 ms latency, 0.75 with none; 0 requests for an unchanged sync, 1 for one changed
 * person. Pairs are interleaved; the loop runs before and after each sync, so that its own spread is printed beside the
 * ratio, and so is what is left of it where the loop does the least that a durable sync can do. Compiled, as in production: tsx adds a call for every closure made.
 */
import { loadavg } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { countsOf, resetCounts } from '../src/sandbox/scim/stub.ts';
import { spawnStub } from '../src/sandbox/scim/spawn.ts';
import { connector, people, person, world } from '../test/domain/sync/world.ts';
import { bodiesOf, leastLoop, plainLoop } from './loops.ts';

const { values } = parseArgs({
  options: { people: { type: 'string', default: '20000' }, pairs: { type: 'string', default: '5' }, concurrency: { type: 'string', default: '16' } },
});
const COUNT = Number(values.people);
const PAIRS = Number(values.pairs);
const CONCURRENCY = Number(values.concurrency);
const folk = people(COUNT);
const bodies = bodiesOf(folk);
/** As the store has them. */
const rows = folk.map((one) => JSON.stringify(one));

interface Stub {
  readonly url: string;
  close(): Promise<void>;
}

/** What a first sync of the same people takes, and how many requests two more syncs send. */
interface Synced {
  readonly seconds: number;
  /** Microseconds of processor time a create, all threads: steadier than the clock on a busy machine. */
  readonly processor: number;
  /** Milliseconds. */
  readonly longestPause: number;
  readonly unchanged: number;
  /** After one person changed. */
  readonly one: number;
}

async function engine(stub: Stub): Promise<Synced> {
  const here = await world({ allow: [new URL(stub.url).host] });
  try {
    await here.seed(connector(stub.url, { operating: { concurrency: CONCURRENCY } }), folk);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    const used = process.cpuUsage();
    const began = performance.now();
    delay.enable();
    const run = await here.sync();
    delay.disable();
    const seconds = (performance.now() - began) / 1_000;
    const { user, system } = process.cpuUsage(used);
    if (run.counts.created !== COUNT) throw new Error(`${run.counts.created} of ${COUNT} were created: ${JSON.stringify(run.state)}`);
    await resetCounts(stub.url);
    await here.sync();
    const unchanged = (await countsOf(stub.url)).total;
    await here.people([person('p00007', { attributes: { familyName: 'Changed' } })]);
    await here.sync();
    const one = (await countsOf(stub.url)).total - unchanged;
    return { seconds, processor: (user + system) / COUNT, longestPause: delay.max / 1e6, unchanged, one };
  } finally {
    await here.close();
  }
}

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
const shown = (numbers: readonly number[], digits = 0): string =>
  `median ${median(numbers).toFixed(digits)}  (${Math.min(...numbers).toFixed(digits)} … ${Math.max(...numbers).toFixed(digits)})`;

/** Of one pair, in seconds: the loop before and after each of both. */
interface Pair {
  readonly loops: readonly [number, number, number];
  readonly least: number;
  readonly sync: Synced;
}

async function pairOf(stub: Stub): Promise<Pair> {
  const plain = () => plainLoop(stub.url, CONCURRENCY, bodies);
  const first = await plain();
  const sync = await engine(stub);
  const second = await plain();
  const least = await leastLoop(stub.url, CONCURRENCY, rows);
  return { loops: [first, second, await plain()], sync, least };
}

async function compare(latencyMs: number, goal: number): Promise<void> {
  const stub = await spawnStub({ latencyMs });
  await plainLoop(stub.url, CONCURRENCY, bodies.slice(0, 2_000));
  const pairs: Pair[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) pairs.push(await pairOf(stub));
  await stub.close();
  const syncs = pairs.map(({ sync }) => sync);
  const loops = pairs.flatMap(({ loops: [first, second, third] }) => [[first, second] as const, [second, third] as const]);
  const ratios = pairs.map(({ loops: [first, second], sync }) => (first + second) / 2 / sync.seconds);
  const leasts = pairs.map(({ loops: [, second, third], least }) => (second + third) / 2 / least);
  const load = loadavg()[0]?.toFixed(1);
  console.log(`${COUNT.toLocaleString('en')} creates, ${CONCURRENCY} at once, ${latencyMs} ms latency, ${PAIRS} pairs, load ${load}`);
  console.log(`  sync against plain loop       ${shown(ratios, 3)}   goal ≥ ${goal}`);
  console.log(`  least durable loop against it ${shown(leasts, 3)}`);
  console.log(
    `  loop against itself           ${shown(
      loops.map(([before, after]) => before / after),
      3,
    )}`,
  );
  console.log(`  loop, creates a second        ${shown(pairs.flatMap((pair) => pair.loops).map((seconds) => COUNT / seconds))}`);
  console.log(`  sync, creates a second        ${shown(syncs.map(({ seconds }) => COUNT / seconds))}`);
  console.log(`  sync, processor µs a create   ${shown(syncs.map(({ processor }) => processor))}`);
  console.log(`  longest pause of the loop, ms ${shown(syncs.map(({ longestPause }) => longestPause))}`);
  const requests = new Set(syncs.map(({ unchanged, one }) => `${unchanged} / ${one}`));
  console.log(`  requests of an unchanged sync / with one person changed   ${[...requests].join(', ')}   goal 0 / 1`);
}

await compare(2, 0.95);
await compare(0, 0.75);
