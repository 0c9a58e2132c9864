/**
 * What planning costs at 10,000 and at 100,000 people and accounts in the JSON store, each in a process of its own:
 * `npx tsc -p bench && node dist/benches/bench/plan.js [--people 100000] [--rounds 5]`. Goals: at most 400 MiB resident,
 * no pause of the event loop over 20 ms, at 100,000 at most 11 times the time of 10,000, and a plan without changes in at
 * most twice the time that only reading and parsing people and accounts takes. One person in a hundred has changed in
 * the plan that is measured for time.
 */
import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openJsonStore } from '../src/adapters/lowdb/store.ts';
import { createBreath } from '../src/adapters/system/breath.ts';
import { createClock } from '../src/adapters/system/clock.ts';
import { defaultMapping } from '../src/domain/connectors/default-mapping.ts';
import { evaluate } from '../src/domain/connectors/mapping-evaluate.ts';
import { put } from '../src/domain/revise.ts';
import { plan } from '../src/domain/sync/plan.ts';
import { planSource } from '../src/domain/sync/plan-source.ts';
import { survey } from '../src/domain/sync/survey.ts';
import type { Put } from '../src/ports/store.ts';
import { CONNECTOR, assignment, connector, organization, people, TEACHERS } from '../test/domain/sync/world.ts';

const { values } = parseArgs({
  options: { people: { type: 'string', default: '100000' }, rounds: { type: 'string', default: '5' }, folder: { type: 'string' } },
});
const clock = createClock();
const log = { info: () => undefined, warn: () => undefined, error: (fields: unknown, message: string) => console.error(message, fields) };
const given = connector('https://zoom.example/scim');

/** People in scope, each with an account as it should be, but for every hundredth. */
async function seed(folder: string, count: number): Promise<void> {
  const store = await openJsonStore({ folder, clock, log });
  const mapping = defaultMapping();
  const puts: Put[] = [
    put('connector', given.id, given),
    put('organization', 'csv:school', organization('csv:school', 'North School', null)),
    put('assignment', `${CONNECTOR}/1`, assignment(1)),
    put('grouping', TEACHERS, { id: TEACHERS, organizationId: 'csv:school', kind: 'role', sourceId: 'teacher', name: 'Teachers' }),
  ];
  for (const [index, one] of people(count).entries()) {
    const { values: scim } = evaluate(mapping, one, { organizationName: 'North School', kept: {}, taken: () => false });
    const pushed = { values: index % 100 === 0 ? { ...scim, 'name.familyName': 'Before' } : scim, at: 0 };
    const state = {
      targetId: `t${index}`,
      state: 'active',
      origin: 'created',
      intent: null,
      generated: {},
      deleteAt: null,
      timeline: [[0, 'active']],
    } as const;
    puts.push(put('person', one.id, one), put('account', `${CONNECTOR}/${one.id}`, { connectorId: CONNECTOR, personId: one.id, pushed, ...state }));
  }
  for (let at = 0; at < puts.length; at += 2_000) await store.transaction({ puts: puts.slice(at, at + 2_000) });
  await store.close();
}

interface Measured {
  readonly planned: number;
  /** Seconds, of each round. */
  readonly seconds: readonly number[];
  readonly reading: readonly number[];
  /** MiB resident at the most, the whole process. */
  readonly peak: number;
  /** MiB resident once the store was open. */
  readonly open: number;
  /** Milliseconds. */
  readonly pause: number;
}

/** Plans in this process, and tells the parent. */
async function measure(folder: string, rounds: number): Promise<Measured> {
  const store = await openJsonStore({ folder, clock, log });
  const open = process.memoryUsage.rss() / 1_048_576;
  const outside = { store, breath: createBreath() };
  const seconds: number[] = [];
  const reading: number[] = [];
  let planned = 0;
  let pause = 0;
  for (let round = 0; round < rounds; round += 1) {
    let began = performance.now();
    for (const kind of ['person', 'account'] as const) for await (const page of store.scan(kind)) planned = page.length;
    reading.push((performance.now() - began) / 1_000);
    began = performance.now();
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const source = await planSource(outside, given, given.inForce ?? fail(), clock.now());
    const surveyed = await survey(source.everybody);
    planned = 0;
    for await (const page of plan(source.everybody, surveyed)) planned += page.planned.length;
    delay.disable();
    pause = Math.max(pause, delay.max / 1e6);
    seconds.push((performance.now() - began) / 1_000);
  }
  const peak = process.resourceUsage().maxRSS / 1_024;
  await store.close();
  return { planned, seconds, reading, peak, open, pause };
}

function fail(): never {
  throw new Error('the connector has no settings');
}

async function inOwnProcess(count: number): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-plan-'));
  try {
    await seed(folder, count);
    return await new Promise((resolve, reject) => {
      const child = fork(fileURLToPath(import.meta.url), ['--folder', folder, '--rounds', values.rounds]);
      // Sent by `measure` of this same file.
      child.once('message', (measured) => resolve(measured as Measured));
      child.once('exit', (code) => reject(new Error(`the measured process ended with ${code}`)));
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
const shown = (numbers: readonly number[], digits: number): string =>
  `median ${median(numbers).toFixed(digits)}  (${Math.min(...numbers).toFixed(digits)} … ${Math.max(...numbers).toFixed(digits)})`;

if (values.folder !== undefined) {
  const measured = await measure(values.folder, Number(values.rounds));
  process.send?.(measured);
  process.disconnect?.();
} else {
  const count = Number(values.people);
  const [tenth, whole] = [await inOwnProcess(count / 10), await inOwnProcess(count)];
  console.log(`${count.toLocaleString('en')} people and accounts, ${whole.planned} changes, ${values.rounds} rounds, load ${loadavg()[0]?.toFixed(1)}`);
  console.log(`  planning, s                   ${shown(whole.seconds, 2)}`);
  console.log(`  only reading and parsing, s   ${shown(whole.reading, 2)}`);
  console.log(`  planning against reading      ${(median(whole.seconds) / median(whole.reading)).toFixed(2)}   goal ≤ 2.0`);
  console.log(`  against a tenth of the people ${(median(whole.seconds) / median(tenth.seconds)).toFixed(2)}   goal ≤ 11`);
  console.log(`  resident at most, MiB         ${whole.peak.toFixed(0)}   goal ≤ 400   (${whole.open.toFixed(0)} once the store was open)`);
  console.log(`  longest pause, ms             ${whole.pause.toFixed(1)}   goal ≤ 20`);
}
