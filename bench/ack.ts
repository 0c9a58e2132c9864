/**
 * How soon Usher acks while a large sync runs: `npx tsc -p bench && node dist/benches/bench/ack.js [--people 100000] [--quiet 15] [--latency 2]`.
 * Goal: p99 of at most 50 ms, and nothing un-acked after Slack's 3 s, with 100,000 people being created.
 *
 * A Slack workspace in this process, Usher as a process of its own, a SCIM stub (2 ms an answer) as a third. A district
 * is imported, a connector configured and assigned, all over the wire; then somebody types, presses and submits, ten
 * times a second: first for `--quiet` seconds with nothing else to do, then all through the first sync.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { writeDistrict } from '../src/sandbox/district/write.ts';
import { readManifest } from '../src/sandbox/manifest.ts';
import { spawnStub } from '../src/sandbox/scim/spawn.ts';
import { countsOf, resetCounts } from '../src/sandbox/scim/stub.ts';
import { type Acted, type Person, startWorkspace, type Workspace } from '../src/sandbox/slack/workspace.ts';

const { values } = parseArgs({
  options: { people: { type: 'string', default: '100000' }, quiet: { type: 'string', default: '15' }, latency: { type: 'string', default: '2' } },
});
const PEOPLE = Number(values.people);
/** Milliseconds from one act to the next. */
const EVERY = 100;
const CHANNEL = 'C0PROVISION';
const ADMIN = 'U0ANARUIZ';
const TOKEN = 'bench-token';
const SLACK = { botToken: 'xoxb-bench', appToken: 'xapp-bench', signingSecret: 'bench-signing-secret' };
const ROLES = ['Students', 'Teachers', 'Aides', 'Counselors', 'Principals', '"Site administrators"', '"District administrators"', '"System administrators"'];

const loopReport = z.object({ longest: z.number(), p99: z.number(), rss: z.number() });

/** The real program, with a monitor of its event loop. */
function launch(environment: Readonly<Record<string, string>>): ChildProcess {
  const compiled = import.meta.filename.endsWith('.js');
  const file = (path: string): string => fileURLToPath(new URL(compiled ? path.replace(/ts$/, 'js') : path, import.meta.url));
  return spawn(process.execPath, [...(compiled ? [] : ['--import', 'tsx']), '--import', file('pauses.ts'), file('../src/main.ts')], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

/** The longest stop of the app's event loop, in ms, since this was last asked; and its memory in MiB. */
async function loopOf(app: ChildProcess): Promise<z.output<typeof loopReport>> {
  const answer = once(app, 'message');
  app.send('report');
  return loopReport.parse((await answer)[0]);
}

function environmentOf(workspace: Workspace, targetUrl: string, folder: string): Readonly<Record<string, string>> {
  const { host } = new URL(targetUrl);
  return {
    USHER_DATA: join(folder, 'store'),
    USHER_FIRST_ADMINS: ADMIN,
    USHER_SECRET_KEY: Buffer.alloc(32, 'k').toString('base64'),
    USHER_SECRET_REFERENCES: `env:USHER_SECRET_TARGET@${host}`,
    USHER_SECRET_TARGET: TOKEN,
    USHER_SOURCES: `oneroster:district=${join(folder, 'roster')}`,
    USHER_TARGET_ALLOW: host,
    SLACK_API_URL: workspace.apiUrl,
    SLACK_BOT_TOKEN: SLACK.botToken,
    SLACK_APP_TOKEN: SLACK.appToken,
    LOG_LEVEL: 'warn',
  };
}

/** Waits, as long as it takes, for a message in the channel that says so. */
async function reads(admin: Person, words: RegExp): Promise<void> {
  const said = () => admin.messages(CHANNEL).some((message) => words.test(JSON.stringify([message.text, message.blocks])));
  while (!said()) await delay(EVERY);
}

function shows(workspace: Workspace, admin: Person, words: string): Promise<unknown> {
  return workspace.until(() => JSON.stringify(admin.modal()?.view ?? '').includes(words), `a modal that says “${words}”`);
}

/** Imports the district, and has a connector of everybody ready to sync. */
async function prepare(workspace: Workspace, admin: Person, targetUrl: string): Promise<void> {
  await workspace.until(() => workspace.connections() > 0, 'Usher to connect');
  await admin.say(CHANNEL, '/usher directory import district');
  await reads(admin, /is imported/);
  await admin.say(CHANNEL, '/usher-connectors new');
  await shows(workspace, admin, 'New connector');
  await admin.submit({ name: 'Zoom' });
  await admin.submit({ baseUrl: targetUrl, testEmail: 'usher-test@riverside.example' });
  for (let step = 0; step < 3; step += 1) await admin.submit({});
  await admin.submit({ reference: 'env:USHER_SECRET_TARGET' });
  await shows(workspace, admin, 'Every step passed');
  await admin.press('connectors.activate');
  await shows(workspace, admin, 'active, not synced yet');
  await admin.dismiss(true);
  for (const role of ROLES) {
    const before = admin.messages(CHANNEL).length;
    await admin.say(CHANNEL, `/usher assign add Zoom ${role} organization="Riverside District"`);
    await workspace.until(() => admin.messages(CHANNEL).length > before, `an answer about ${role}`);
  }
}

/** What somebody does, in turn; each resolves when the app acked. */
function acts(workspace: Workspace, admin: Person): readonly (() => Promise<Acted>)[] {
  const here = admin.directChannel();
  const typed = (words: string) => () => admin.say(here, words);
  return [
    typed('/usher'),
    typed('/usher home needs'),
    async () => {
      await workspace.until(() => admin.messages(here).length > 0, 'something with a button');
      return admin.press('alerts.list');
    },
    typed('/usher-connectors new'),
    async () => {
      await shows(workspace, admin, 'New connector');
      return admin.submit({ name: 'Zoom' });
    },
    () => admin.dismiss(true),
    typed('/usher-connectors'),
  ];
}

/** Milliseconds to the ack of every act, ten acts a second, until told to stop. */
async function measure(workspace: Workspace, admin: Person, goesOn: () => boolean): Promise<readonly number[]> {
  const taken: number[] = [];
  const all = acts(workspace, admin);
  for (let turn = 0; goesOn(); turn += 1) {
    const act = all[turn % all.length];
    const began = performance.now();
    await act?.();
    taken.push(performance.now() - began);
    await delay(Math.max(0, EVERY - (performance.now() - began)));
  }
  return taken;
}

function shown(taken: readonly number[]): string {
  const sorted = taken.toSorted((a, b) => a - b);
  const at = (part: number): string => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN).toFixed(1).padStart(7);
  return `p50 ${at(0.5)}   p99 ${at(0.99)}   max ${at(1)} ms   (${sorted.length} acks)`;
}

async function bench(workspace: Workspace, app: ChildProcess, stubUrl: string): Promise<void> {
  const admin = workspace.as(ADMIN);
  await prepare(workspace, admin, stubUrl);
  await loopOf(app);
  const end = performance.now() + Number(values.quiet) * 1_000;
  const before = await measure(workspace, admin, () => performance.now() < end);
  const quiet = await loopOf(app);
  await resetCounts(stubUrl);
  let running = true;
  const began = performance.now();
  const sync = admin
    .say(CHANNEL, '/usher-sync now Zoom')
    .then(() => reads(admin, /^\["Zoom: /))
    .then(() => {
      running = false;
    });
  const during = await measure(workspace, admin, () => running);
  await sync;
  const seconds = (performance.now() - began) / 1_000;
  const busy = await loopOf(app);
  const { total } = await countsOf(stubUrl);
  console.log(`${PEOPLE.toLocaleString('en')} people, ${total.toLocaleString('en')} requests in ${seconds.toFixed(1)} s, ${values.latency} ms latency`);
  console.log(`  acks with nothing else to do   ${shown(before)}`);
  console.log(`  acks while the sync runs       ${shown(during)}   goal: p99 ≤ 50`);
  console.log(`  longest pause of the loop      quiet ${quiet.longest.toFixed(1)}   while syncing ${busy.longest.toFixed(1)} ms (p99 ${busy.p99.toFixed(1)})`);
  console.log(`  memory of the app              ${busy.rss.toFixed(0)} MiB`);
  const late = workspace.failures.filter((failure) => failure.is === 'not-acked').length;
  console.log(`  not acked within 3 s           ${late}   other failures ${workspace.failures.length - late}   goal 0`);
  for (const { is, where, detail } of workspace.failures.slice(0, 5)) console.log(`    ${is} ${where}: ${detail}`);
}

const folder = await mkdtemp(join(tmpdir(), 'usher-ack-'));
const stub = await spawnStub({ latencyMs: Number(values.latency) });
const workspace = await startWorkspace({ ...(await readManifest('manifest.yml')), ...SLACK, delivery: { is: 'socket' }, rateLimits: false });
await writeDistrict(join(folder, 'roster'), { seed: 7, people: PEOPLE, classes: false, broken: false });
const app = launch(environmentOf(workspace, stub.url, folder));
process.once('exit', () => app.kill('SIGKILL'));
try {
  await bench(workspace, app, stub.url);
} finally {
  app.kill('SIGTERM');
  if (app.exitCode === null && app.signalCode === null) await once(app, 'exit');
  await workspace.close();
  await stub.close();
  await rm(folder, { recursive: true, force: true });
}
