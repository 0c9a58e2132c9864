/**
 * What the JSON store costs at 100,000 people and 100,000 accounts: `npx tsc -p bench && node dist/benches/bench/store.js`. Every number is the median of five.
 * The floor is a plain append and fdatasync of the same bytes in the same folder, measured in the same run.
 */
import { fork } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openJsonStore } from '../src/adapters/lowdb/store.ts';
import type { JsonStore } from '../src/adapters/lowdb/store.ts';
import type { Person } from '../src/domain/directory/person.ts';
import type { Account } from '../src/domain/sync/account.ts';
import type { ProvisioningEvent } from '../src/domain/sync/event.ts';
import type { Clock } from '../src/ports/clock.ts';

const PEOPLE = 100_000;
const ROUNDS = 5;
const COMMITS = 2_000;

const clock: Clock = { now: () => Date.now(), until: () => Promise.reject(new Error('the store waits for no time')) };
const silent = { info: () => undefined, warn: () => undefined, error: (fields: unknown, message: string) => console.error(message, fields) };

function person(number: number): Person {
  const sourceId = String(number).padStart(7, '0');
  const [givenName, familyName] = [`Given${number % 977}`, `Family${number % 7919}`];
  return {
    id: `oneroster:${sourceId}`,
    source: 'oneroster',
    sourceId,
    organizationId: `oneroster:school-${number % 120}`,
    groupings: [`oneroster:school-${number % 120}/role/student`, `oneroster:school-${number % 120}/group/class-${number % 3000}`],
    attributes: {
      userName: `${givenName}.${familyName}.${number}`.toLowerCase(),
      email: `${givenName}.${familyName}.${number}@schools.example.org`.toLowerCase(),
      givenName,
      familyName,
      displayName: `${givenName} ${familyName}`,
      identifier: sourceId,
      grade: String(number % 13),
      locale: 'en-US',
    },
    status: 'active',
  };
}

function account(number: number, version: number): Account {
  const { id, attributes } = person(number);
  const { userName = '', email = '', givenName = '', familyName = '', displayName = '' } = attributes;
  return {
    connectorId: 'c-000001',
    personId: id,
    targetId: `0193f7d2-7a1b-7c3d-9e4f-${String(number).padStart(12, '0')}`,
    state: 'active',
    origin: 'created',
    pushed: {
      values: {
        userName: `${userName}-${version}`,
        'emails[type eq "work"].value': email,
        'name.givenName': givenName,
        'name.familyName': familyName,
        displayName,
        externalId: id,
      },
      at: 1_770_000_000_000 + number,
    },
    intent: null,
    generated: {},
    deleteAt: null,
    timeline: [
      [1_770_000_000_000, 'pending'],
      [1_770_000_000_000 + number, 'active'],
    ],
  };
}

function event(number: number): ProvisioningEvent {
  const { id, attributes, organizationId } = person(number);
  return {
    id: `e-${number}`,
    at: 1_770_000_000_000 + number,
    type: 'user_update_provision',
    runId: 'R-1',
    connectorId: 'c-000001',
    application: 'Example',
    organizationId,
    by: 'schedule',
    subjectId: id,
    subjectName: attributes.displayName ?? id,
    targetId: null,
    success: true,
    errorCode: null,
    errorMessage: null,
    httpStatus: 200,
    attempts: 1,
    cause: null,
    changes: [{ attribute: 'displayName', before: 'Before', after: attributes.displayName ?? null }],
  };
}

function commit(store: JsonStore, number: number): Promise<unknown> {
  const value = account(number % PEOPLE, number);
  return store.transaction({
    puts: [{ kind: 'account', key: `c-000001/${value.personId}`, value }],
    appends: [{ log: 'event', partition: 'c-000001', row: event(number % PEOPLE) }],
  });
}

async function fill(folder: string): Promise<void> {
  const store = await openJsonStore({ folder, clock, log: silent });
  for (let from = 0; from < PEOPLE; from += 500) {
    const numbers = Array.from({ length: 500 }, (_, index) => from + index);
    await store.transaction({
      puts: numbers.flatMap((number) => [
        { kind: 'person' as const, key: person(number).id, value: person(number) },
        { kind: 'account' as const, key: `c-000001/${person(number).id}`, value: account(number, 0) },
      ]),
    });
  }
  await store.close();
}

const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);
const quantile = (values: readonly number[], q: number) => sorted(values)[Math.min(values.length - 1, Math.floor(values.length * q))] ?? Number.NaN;

/** Milliseconds of each of `COMMITS` calls, `lanes` at a time. */
async function times(lanes: number, work: (number: number) => Promise<unknown>): Promise<readonly number[]> {
  const taken: number[] = [];
  let next = 0;
  const lane = async () => {
    while (next < COMMITS) {
      const number = next++;
      const start = performance.now();
      await work(number * 37);
      taken.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return taken;
}

async function floor(folder: string): Promise<readonly number[]> {
  const handle = await open(join(folder, 'floor'), 'w');
  const bytes = Buffer.from(`${JSON.stringify(account(1, 1))}${JSON.stringify(event(1))}\n`.padEnd(1_500, ' '));
  const taken = await times(1, async () => {
    await handle.appendFile(bytes);
    await handle.datasync();
  });
  await handle.close();
  await rm(join(folder, 'floor'));
  return taken;
}

/** The longest stop of the event loop in milliseconds while `work` runs. */
async function longestPause(work: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await work();
  delay.disable();
  return delay.max / 1e6;
}

type Round = Record<string, number>;

async function round(folder: string): Promise<Round> {
  const rss = () => process.memoryUsage().rss / 1024 / 1024;
  const start = performance.now();
  const store = await openJsonStore({ folder, clock, log: silent });
  const startUp = performance.now() - start;
  const rssStart = rss();
  const raw = await floor(folder);
  const single = await times(1, (number) => commit(store, number));
  const sixteen = await times(16, (number) => commit(store, number));
  let whileCompacting: readonly number[] = [];
  const pause = await longestPause(async () => {
    const compacted = store.compact();
    whileCompacting = await times(16, (number) => commit(store, number));
    await compacted;
  });
  const result: Round = {
    'start-up, ms': startUp,
    'RSS after start-up, MiB': rssStart,
    'RSS at the end, MiB': rss(),
    'floor (append + fdatasync) p50, ms': quantile(raw, 0.5),
    'floor p99, ms': quantile(raw, 0.99),
    'single commits p50, ms': quantile(single, 0.5),
    'single commits p99, ms': quantile(single, 0.99),
    'single p50 / floor p50': quantile(single, 0.5) / quantile(raw, 0.5),
    '16 at a time p50, ms': quantile(sixteen, 0.5),
    '16 at a time p99, ms': quantile(sixteen, 0.99),
    '16 at a time while compacting p50, ms': quantile(whileCompacting, 0.5),
    '16 at a time while compacting p99, ms': quantile(whileCompacting, 0.99),
    'longest pause while committing and compacting, ms': pause,
  };
  await store.close();
  return result;
}

/** Each round in a process of its own: start-up and RSS are those of a fresh one. */
function roundInChild(folder: string): Promise<Round> {
  return new Promise((resolve, reject) => {
    const child = fork(import.meta.filename, ['round', folder]);
    let result: Round | undefined;
    child.on('message', (message: Round) => {
      result = message;
    });
    child.on('exit', (code) => (result === undefined ? reject(new Error(`a round ended with ${code}`)) : resolve(result)));
  });
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-bench-'));
  try {
    console.log(`filling ${folder} with ${PEOPLE} people and ${PEOPLE} accounts`);
    await fill(folder);
    const rounds: Round[] = [];
    for (let count = 0; count < ROUNDS; count++) rounds.push(await roundInChild(folder));
    console.log(`median of ${ROUNDS} rounds of ${COMMITS} commits (one account and one event each):`);
    for (const name of Object.keys(rounds[0] ?? {})) {
      const values = rounds.map((each) => each[name] ?? Number.NaN);
      console.log(
        `${name.padEnd(52)} ${quantile(values, 0.5).toFixed(2).padStart(9)}   (${sorted(values)[0]?.toFixed(2)} to ${sorted(values).at(-1)?.toFixed(2)})`,
      );
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const [, , job, folder] = process.argv;
if (job === 'round' && folder !== undefined) process.send?.(await round(folder));
else await main();
