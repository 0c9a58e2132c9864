/**
 * How soon the enrollment page answers 50 people at once: `npx tsc -p bench && node dist/benches/bench/page.js [--at-once 50] [--rounds 40] [--invited 20000]`.
 * Goal (the issue names none; this is ours): p99 under 250 ms for opening a link, for accepting and for reading the answer.
 *
 * The page is a process of its own over a real JSON store. Each person opens their own link, sends the form and follows the redirect, then
 * the next one comes; every other types the serial of a token. At last as many ask for links that never were, as who guesses does.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Agent, request } from 'undici';
import { z } from 'zod';
import { put } from '../src/domain/revise.ts';
import { type Account, accountKey } from '../src/domain/sync/account.ts';
import { startEnrollmentPage } from '../src/enrollment-page/server.ts';
import type { Put } from '../src/ports/store.ts';
import { enter, invite, secretOf } from '../test/domain/enrollment/invited-world.ts';
import { CONNECTOR, connector, people, world } from '../test/domain/sync/world.ts';

const { values } = parseArgs({
  options: {
    'at-once': { type: 'string', default: '50' },
    rounds: { type: 'string', default: '40' },
    invited: { type: 'string', default: '20000' },
    serve: { type: 'boolean', default: false },
  },
});
const AT_ONCE = Number(values['at-once']);
const ROUNDS = Number(values.rounds);
const INVITED = Math.max(Number(values.invited), AT_ONCE * ROUNDS);
const GOAL_MS = 250;
const started = z.object({ port: z.number() });

if (values.serve) await serve();
else await measure();

/** The page's process: ends when its parent says so. */
async function serve(): Promise<void> {
  const home = await world();
  const folk = people(INVITED);
  const ids = folk.map(({ id }) => id);
  await home.seed(connector('https://zoom.example'), folk);
  await invite(home);
  await home.write([...ids.map(invited), ...ids.map(token), put('stock', 'csv:district', { total: INVITED, used: 0, reserved: 0 })]);
  await enter(home, ids, { types: ['link', 'hardware-token'] });
  const log = { info() {}, warn() {}, error: (fields: unknown, message: string) => console.error(message, fields) };
  const page = await startEnrollmentPage({
    ...{ outside: () => ({ ...home.outside, log }), key: Buffer.alloc(32, 7), url: 'https://enroll.example.org' },
    ...{ host: '127.0.0.1', port: 0, trustProxy: false, requestsPerMinute: 10_000_000 },
  });
  process.send?.({ port: page.port });
  process.once('message', () => {
    const { rss } = process.memoryUsage();
    console.log(`  memory of the page's process   ${(rss / 2 ** 20).toFixed(0)} MiB with ${INVITED.toLocaleString('en')} invited people`);
    void page
      .stop()
      .then(() => home.close())
      .then(() => process.disconnect());
  });
}

function invited(personId: string): Put {
  const account: Account = {
    ...{ connectorId: CONNECTOR, personId, targetId: personId, state: 'inactive', origin: 'created', pushed: { values: {}, at: 0 } },
    ...{ intent: null, generated: {}, deleteAt: null, invited: { since: 0, granted: null }, timeline: [[0, 'invited']] },
  };
  return put('account', accountKey(CONNECTOR, personId), account);
}

function serialFor(at: number): string {
  return `GT${String(at).padStart(6, '0')}`;
}

function token(_personId: string, at: number): Put {
  return put('hardwareToken', serialFor(at), { serial: serialFor(at), organizationId: 'csv:district', importedAt: 0, importedBy: 'U1', used: null });
}

interface Taken {
  readonly open: number[];
  readonly accept: number[];
  readonly answer: number[];
  readonly unknown: number[];
}

async function measure(): Promise<void> {
  const child = fork(fileURLToPath(import.meta.url), [...process.argv.slice(2), '--serve']);
  const [message]: unknown[] = await once(child, 'message');
  const base = `http://127.0.0.1:${started.parse(message).port}`;
  const agent = new Agent({ connections: AT_ONCE, pipelining: 1 });
  const taken: Taken = { open: [], accept: [], answer: [], unknown: [] };
  const ids = people(INVITED).map(({ id }) => id);
  // The first answers of a process compile it; whoever comes after a restart is not what is measured.
  const warm: Taken = { open: [], accept: [], answer: [], unknown: [] };
  await Promise.all(Array.from({ length: AT_ONCE }, (_, lane) => guesses(base, agent, warm, lane)));
  const began = performance.now();
  await Promise.all(Array.from({ length: AT_ONCE }, (_, lane) => onePersonAfterAnother(base, agent, ids, taken, lane)));
  const seconds = (performance.now() - began) / 1_000;
  await Promise.all(Array.from({ length: AT_ONCE }, (_, lane) => guesses(base, agent, taken, lane)));
  const all = AT_ONCE * ROUNDS;
  console.log(`${all.toLocaleString('en')} people, ${AT_ONCE} at once: ${seconds.toFixed(1)} s, ${(all / seconds).toFixed(0)} enrolled a second`);
  for (const [name, times] of Object.entries(taken)) console.log(`  ${name.padEnd(8)} ${shown(times)}   goal: p99 < ${GOAL_MS}`);
  await ended(child);
  await agent.close();
}

async function ended(child: ChildProcess): Promise<void> {
  const over = once(child, 'exit');
  child.send('end');
  await over;
}

async function onePersonAfterAnother(base: string, agent: Agent, ids: readonly string[], taken: Taken, lane: number): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const at = lane * ROUNDS + round;
    const url = `${base}/enroll/${secretOf(ids[at] ?? '')}`;
    const opened = await timed(taken.open, () => request(url, { dispatcher: agent }), 200);
    const proof = /name="proof" value="([^"]*)"/.exec(opened.body)?.[1] ?? '';
    const typed = at % 2 === 0 ? { type: 'link' } : { type: 'hardware-token', serial: serialFor(at) };
    const body = new URLSearchParams({ proof, ...typed }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' };
    const accepted = await timed(taken.accept, () => request(url, { dispatcher: agent, method: 'POST', headers, body }), 303);
    const answer = await timed(taken.answer, () => request(`${base}${accepted.location}`, { dispatcher: agent }), 200);
    if (!answer.body.includes('You are enrolled')) throw new Error(`${ids[at]} is not enrolled`);
  }
}

async function guesses(base: string, agent: Agent, taken: Taken, lane: number): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1)
    await timed(taken.unknown, () => request(`${base}/enroll/${secretOf(`guess-${lane}-${round}`)}`, { dispatcher: agent }), 410);
}

async function timed(times: number[], ask: () => ReturnType<typeof request>, wanted: number): Promise<{ readonly body: string; readonly location: string }> {
  const began = performance.now();
  const answer = await ask();
  const body = await answer.body.text();
  times.push(performance.now() - began);
  if (answer.statusCode !== wanted) throw new Error(`${answer.statusCode} instead of ${wanted}: ${body.slice(0, 300)}`);
  return { body, location: String(answer.headers.location ?? '') };
}

function shown(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number): string => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN).toFixed(1).padStart(7);
  return `p50 ${at(0.5)}   p99 ${at(0.99)}   max ${at(1)} ms   (${sorted.length})`;
}
