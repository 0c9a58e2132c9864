/**
 * How fast a sync is, durable journal included, against a plain undici loop that sends the same bodies with the same
 * concurrency to the same stub: `npx tsx bench/sync.ts [--people 20000] [--pairs 5] [--concurrency 16]`. Pairs are
 * interleaved; the raw loop runs twice a pair, so that its own spread is printed beside the ratio.
 */
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

/** Seconds that a first sync of the same people takes, and what two more syncs send: one unchanged, one after one person changed. */
async function engine(stub: Stub): Promise<{ readonly seconds: number; readonly unchanged: number; readonly one: number }> {
  const here = await world({ allow: [new URL(stub.url).host] });
  try {
    await here.seed(connector(stub.url, { operating: { concurrency: CONCURRENCY } }), folk);
    const began = performance.now();
    const run = await here.sync();
    const seconds = (performance.now() - began) / 1_000;
    if (run.counts.created !== COUNT) throw new Error(`${run.counts.created} of ${COUNT} were created: ${JSON.stringify(run.state)}`);
    await resetCounts(stub.url);
    await here.sync();
    const unchanged = (await countsOf(stub.url)).total;
    await here.people([person('p00007', { attributes: { familyName: 'Changed' } })]);
    await here.sync();
    return { seconds, unchanged, one: (await countsOf(stub.url)).total - unchanged };
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
const shown = (numbers: readonly number[]): string =>
  `median ${median(numbers).toFixed(3)}  (${Math.min(...numbers).toFixed(3)} … ${Math.max(...numbers).toFixed(3)})`;

const bodies = bodiesOf(folk);
for (const [latencyMs, goal] of [
  [2, 0.9],
  [0, 0.7],
] as const) {
  const stub = await spawnStub({ latencyMs });
  const ratios: number[] = [];
  const spread: number[] = [];
  const rates: number[] = [];
  const requests = new Set<string>();
  await raw(stub, bodies.slice(0, 2_000));
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const first = await raw(stub, bodies);
    const synced = await engine(stub);
    const second = await raw(stub, bodies);
    ratios.push((first + second) / 2 / synced.seconds);
    spread.push(first / second);
    rates.push(COUNT / synced.seconds);
    requests.add(`${synced.unchanged} / ${synced.one}`);
  }
  await stub.close();
  console.log(`${COUNT.toLocaleString('en')} creates, ${CONCURRENCY} at once, ${latencyMs} ms latency, ${PAIRS} pairs`);
  console.log(`  sync against plain loop  ${shown(ratios)}   goal ≥ ${goal}`);
  console.log(`  loop against itself      ${shown(spread)}`);
  console.log(`  creates a second         ${shown(rates)}`);
  console.log(`  requests: unchanged sync / one person changed   ${[...requests].join(', ')}   goal 0 / 1`);
}
