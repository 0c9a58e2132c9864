/**
 * How fast a sync is, durable journal included, against a plain undici loop that sends the same bodies with the same
 * concurrency to the same stub:
 * `npx tsc -p bench && node dist/benches/bench/sync.js [--people 20000] [--pairs 5] [--concurrency 16]`.
 * Goal: at least 0.95 of the loop with 2 ms latency, 0.75 with none; 0 requests for an unchanged sync, 1 for one changed
 * person. Pairs are interleaved; the loop runs before and after each sync, so that its own spread is printed beside the
 * ratio. Compiled, as in production: tsx adds a call for every closure made.
 */
import { loadavg } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { evaluate } from '../src/domain/connectors/mapping-evaluate.ts';
import { defaultMapping } from '../src/domain/connectors/default-mapping.ts';
import type { Person } from '../src/domain/directory/person.ts';
import { userJson } from '../src/scim/user.ts';
import { countsOf, resetCounts } from '../src/sandbox/scim/stub.ts';
import { spawnStub } from '../src/sandbox/scim/spawn.ts';
import { connector, people, person, TOKEN, world } from '../test/domain/sync/world.ts';

const { values } = parseArgs({
  options: { people: { type: 'string', default: '20000' }, pairs: { type: 'string', default: '5' }, concurrency: { type: 'string', default: '16' } },
});
const COUNT = Number(values.people);
const PAIRS = Number(values.pairs);
const CONCURRENCY = Number(values.concurrency);
const folk = people(COUNT);

interface Stub {
  readonly url: string;
  close(): Promise<void>;
}

/** Seconds that a plain loop takes to create everybody. */
async function raw(stub: Stub, bodies: readonly string[]): Promise<number> {
  const base = new URL(stub.url);
  const pool = new Pool(base.origin, { connections: CONCURRENCY });
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/scim+json', accept: 'application/scim+json' };
  let next = 0;
  const began = performance.now();
  const lane = async (): Promise<void> => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      const answer = await pool.request({ path: `${base.pathname}/Users`, method: 'POST', headers, body });
      await answer.body.text();
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, lane));
  const seconds = (performance.now() - began) / 1_000;
  await pool.close();
  return seconds;
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

function bodiesOf(everybody: readonly Person[]): readonly string[] {
  const mapping = defaultMapping();
  return everybody.map((one) => {
    const { values: scim } = evaluate(mapping, one, { organizationName: 'North School', kept: {}, taken: () => false });
    return JSON.stringify(userJson(one.id, scim, true));
  });
}

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
const shown = (numbers: readonly number[], digits = 0): string =>
  `median ${median(numbers).toFixed(digits)}  (${Math.min(...numbers).toFixed(digits)} … ${Math.max(...numbers).toFixed(digits)})`;

async function compare(latencyMs: number, goal: number, bodies: readonly string[]): Promise<void> {
  const stub = await spawnStub({ latencyMs });
  const loops: (readonly [number, number])[] = [];
  const syncs: Synced[] = [];
  await raw(stub, bodies.slice(0, 2_000));
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const before = await raw(stub, bodies);
    syncs.push(await engine(stub));
    loops.push([before, await raw(stub, bodies)]);
  }
  await stub.close();
  const ratios = syncs.map(({ seconds }, pair) => (loops[pair]?.reduce((sum, each) => sum + each / 2, 0) ?? Number.NaN) / seconds);
  const load = loadavg()[0]?.toFixed(1);
  console.log(`${COUNT.toLocaleString('en')} creates, ${CONCURRENCY} at once, ${latencyMs} ms latency, ${PAIRS} pairs, load ${load}`);
  console.log(`  sync against plain loop       ${shown(ratios, 3)}   goal ≥ ${goal}`);
  console.log(
    `  loop against itself           ${shown(
      loops.map(([before, after]) => before / after),
      3,
    )}`,
  );
  console.log(`  loop, creates a second        ${shown(loops.flat().map((seconds) => COUNT / seconds))}`);
  console.log(`  sync, creates a second        ${shown(syncs.map(({ seconds }) => COUNT / seconds))}`);
  console.log(`  sync, processor µs a create   ${shown(syncs.map(({ processor }) => processor))}`);
  console.log(`  longest pause of the loop, ms ${shown(syncs.map(({ longestPause }) => longestPause))}`);
  const requests = new Set(syncs.map(({ unchanged, one }) => `${unchanged} / ${one}`));
  console.log(`  requests of an unchanged sync / with one person changed   ${[...requests].join(', ')}   goal 0 / 1`);
}

const bodies = bodiesOf(folk);
await compare(2, 0.95, bodies);
await compare(0, 0.75, bodies);
