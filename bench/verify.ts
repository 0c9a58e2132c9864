/**
 * What verifying 10,000 and 100,000 accounts costs (S20), each in a process of its own, before a SCIM service in another:
 * `npx tsc -p bench && node dist/benches/bench/verify.js [--people 100000] [--rounds 3]`. Goals: at most 400 MiB resident, no
 * pause of the event loop over 20 ms, at 100,000 at most 11 times the time of 10,000, and at most twice the time that only
 * listing and parsing the same pages takes. One account in a hundred differs from what was last pushed.
 */
import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openJsonStore } from '../src/adapters/lowdb/store.ts';
import { createClock } from '../src/adapters/system/clock.ts';
import { defaultMapping } from '../src/domain/connectors/default-mapping.ts';
import { evaluate } from '../src/domain/connectors/mapping-evaluate.ts';
import type { ScimValues } from '../src/domain/connectors/mapping.ts';
import { put } from '../src/domain/revise.ts';
import { startVerification } from '../src/domain/verify/verbs/start.ts';
import type { Put } from '../src/ports/store.ts';
import { userJson } from '../src/scim/user.ts';
import { actor, CONNECTOR, connector, people, TOKEN, world } from '../test/domain/sync/world.ts';

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '3' },
    folder: { type: 'string' },
    url: { type: 'string', default: '' },
  },
});
const mapping = defaultMapping();

function valuesOf(one: ReturnType<typeof people>[number]): ScimValues {
  return evaluate(mapping, one, { organizationName: 'North School', kept: {}, taken: () => false }).values;
}

/** People with an account each, as it was pushed. */
async function seed(folder: string, folk: ReturnType<typeof people>): Promise<void> {
  const log = { info: () => undefined, warn: () => undefined, error: (fields: unknown, message: string) => console.error(message, fields) };
  const store = await openJsonStore({ folder, clock: createClock(), log });
  const state = { state: 'active', origin: 'created', intent: null, generated: {}, deleteAt: null, timeline: [[0, 'active']] } as const;
  const puts: Put[] = folk.flatMap((one, index) => [
    put('person', one.id, one),
    put('account', `${CONNECTOR}/${one.id}`, {
      ...{ connectorId: CONNECTOR, personId: one.id, targetId: `t${index}`, pushed: { values: valuesOf(one), at: 0 } },
      ...state,
    }),
  ]);
  for (let at = 0; at < puts.length; at += 2_000) await store.transaction({ puts: puts.slice(at, at + 2_000) });
  await store.close();
}

/** A SCIM service that lists these users by pages and does nothing else; every hundredth has another family name than was pushed. */
async function serve(folk: ReturnType<typeof people>): Promise<{ readonly url: string; close(): void }> {
  const users = folk.map((one, index) => {
    const pushed = valuesOf(one);
    const shown = index % 100 === 0 ? { ...pushed, 'name.familyName': 'Otherwise' } : pushed;
    return JSON.stringify({ ...userJson(one.id, shown, true), id: `t${index}` });
  });
  const server = createServer((req, res) => {
    const asked = new URL(req.url ?? '', 'http://stub').searchParams;
    const from = Number(asked.get('startIndex') ?? 1) - 1;
    const page = users.slice(from, from + Number(asked.get('count') ?? 100));
    const json = `{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":${users.length},"startIndex":${from + 1},"itemsPerPage":${page.length},"Resources":[${page.join(',')}]}`;
    res.writeHead(200, { 'content-type': 'application/scim+json', 'content-length': Buffer.byteLength(json) }).end(json);
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // It listens on a port of the loopback.
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/scim/v2`, close: () => server.close() };
}

/** What one round of some work took. */
interface Round {
  readonly seconds: number;
  /** Seconds of processor time, all threads: steadier than the clock on a busy machine. */
  readonly processor: number;
  /** Milliseconds that the event loop stood still at the longest. */
  readonly pause: number;
}

interface Measured {
  readonly drifted: number;
  readonly verified: readonly Round[];
  readonly listed: readonly Round[];
  /** MiB resident at the most, the whole process. */
  readonly peak: number;
  /** MiB resident once the store was open. */
  readonly open: number;
}

async function timed(work: () => Promise<void>): Promise<Round> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const used = process.cpuUsage();
  const began = performance.now();
  await work();
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(used);
  delay.disable();
  return { seconds, processor: (user + system) / 1e6, pause: delay.max / 1e6 };
}

/** Verifies in this process, and tells the parent. */
async function measure(folder: string, url: string, rounds: number): Promise<Measured> {
  const home = await world({ folder, allow: [new URL(url).host] });
  await home.seed(connector(url), []);
  const open = process.memoryUsage.rss() / 1_048_576;
  const target = home.outside.targets.open(url, TOKEN, 1);
  const listed: Round[] = [];
  const verified: Round[] = [];
  let drifted = 0;
  for (let round = 0; round < rounds; round += 1) {
    listed.push(
      await timed(async () => {
        for await (const page of target.list(async () => undefined)) if (page.length === 0) throw new Error('an empty page');
      }),
    );
    const { id } = await startVerification(home.outside, actor(), { connectorId: CONNECTOR });
    verified.push(await timed(async () => void (await home.execute(id))));
    const state = (await home.outside.store.get('verification', CONNECTOR))?.value.state;
    if (state?.is !== 'done') throw new Error(`not verified: ${JSON.stringify(state)}`);
    drifted = state.drifted;
  }
  const peak = process.resourceUsage().maxRSS / 1_024;
  await home.close();
  return { drifted, verified, listed, peak, open };
}

async function inOwnProcess(count: number): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-verify-'));
  const folk = people(count);
  const server = await serve(folk);
  try {
    await seed(folder, folk);
    return await new Promise((resolve, reject) => {
      const child = fork(fileURLToPath(import.meta.url), ['--folder', folder, '--url', server.url, '--rounds', values.rounds]);
      // Sent by `measure` of this same file.
      child.once('message', (measured) => resolve(measured as Measured));
      child.once('exit', (code) => reject(new Error(`the measured process ended with ${code}`)));
    });
  } finally {
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
const shown = (numbers: readonly number[], digits: number): string =>
  `median ${median(numbers).toFixed(digits)}  (${Math.min(...numbers).toFixed(digits)} … ${Math.max(...numbers).toFixed(digits)})`;

if (values.folder !== undefined) {
  const measured = await measure(values.folder, values.url, Number(values.rounds));
  process.send?.(measured);
  process.disconnect?.();
} else {
  const count = Number(values.people);
  const [tenth, whole] = [await inOwnProcess(count / 10), await inOwnProcess(count)];
  const [seconds, listing] = [whole.verified.map((round) => round.seconds), whole.listed.map((round) => round.seconds)];
  const [processor, toList] = [whole.verified.map((round) => round.processor), whole.listed.map((round) => round.processor)];
  const [pauses, listingPauses] = [whole.verified.map((round) => round.pause), whole.listed.map((round) => round.pause)];
  const tenthSeconds = median(tenth.verified.map((round) => round.seconds));
  console.log(`${count.toLocaleString('en')} accounts, ${whole.drifted} drifted, ${values.rounds} rounds, load ${loadavg()[0]?.toFixed(1)}`);
  console.log(`  verifying, s                    ${shown(seconds, 2)}`);
  console.log(`  only listing and parsing, s     ${shown(listing, 2)}`);
  console.log(`  verifying against listing       ${(median(seconds) / median(listing)).toFixed(2)}   goal ≤ 2.0`);
  console.log(`  the same, of processor time     ${(median(processor) / median(toList)).toFixed(2)}   (${median(processor).toFixed(2)} s)`);
  console.log(`  against a tenth of the accounts ${(median(seconds) / tenthSeconds).toFixed(2)}   goal ≤ 11`);
  console.log(`  resident at most, MiB           ${whole.peak.toFixed(0)}   goal ≤ 400   (${whole.open.toFixed(0)} once the store was open)`);
  console.log(`  longest pause, ms               ${Math.max(...pauses).toFixed(1)}   goal ≤ 20   (${shown(pauses, 1)})`);
  console.log(`  longest while only listing, ms  ${shown(listingPauses, 1)}`);
}
