import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { openJsonStore } from '../src/adapters/lowdb/store.ts';
import { createBreath } from '../src/adapters/system/breath.ts';
import { createChance } from '../src/adapters/system/chance.ts';
import { createFingerprint } from '../src/adapters/system/fingerprint.ts';
import { createClock } from '../src/adapters/system/clock.ts';
import { readTable } from '../src/directory-sources/csv-table.ts';
import { oneRosterSource } from '../src/directory-sources/oneroster/source.ts';
import { importDirectory } from '../src/domain/directory/verbs/import.ts';
import { SCHEDULE } from '../src/domain/rights/verbs/who.ts';
import type { DirectorySource } from '../src/ports/directory-source.ts';
import type { Log } from '../src/ports/log.ts';
import type { Store } from '../src/ports/store.ts';
import { writeDistrict } from '../src/sandbox/district/write.ts';

// Times the import of a district by its parts: reading the files alone, reading them as a source, a first import (and
// its commit), and one of an unchanged roster. The longest pause is how long the event loop was held: what an ack would have waited.
// `npx tsx bench/import.ts [--people 100000] [--runs 5]`

interface Measured {
  readonly milliseconds: number;
  readonly longestPause: number;
}

const { values } = parseArgs({ options: { people: { type: 'string', default: '100000' }, runs: { type: 'string', default: '5' } } });
const people = Number(values.people);
const QUIET: Log = { info: () => {}, warn: () => {}, error: () => {} };

async function measure(work: () => Promise<unknown>): Promise<Measured> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const start = performance.now();
  await work();
  const milliseconds = performance.now() - start;
  delay.disable();
  return { milliseconds, longestPause: delay.max / 1e6 };
}

async function parseOnly(folder: string): Promise<void> {
  for (const file of ['orgs', 'users', 'roles', 'classes', 'enrollments']) {
    for await (const row of readTable(folder, { file: `${file}.csv`, required: [], optional: [], key: 'sourcedId' })) if (row.is === 'end') break;
  }
}

async function readOnly(source: DirectorySource): Promise<void> {
  for await (const record of source.read()) if (record.is === 'file') continue;
}

async function round(folder: string, roster: string): Promise<Readonly<Record<string, Measured>>> {
  const clock = createClock();
  const store = await openJsonStore({ folder, clock, log: QUIET });
  const settings = { name: 'usher', timeZone: 'UTC', grants: [], importThreshold: { people: 10, percent: 10 } };
  const commits: Measured[] = [];
  // The store's own methods, with the commit measured apart.
  const measuredStore: Store = {
    get: (kind, key) => store.get(kind, key),
    scan: (kind, range) => store.scan(kind, range),
    count: (kind, prefix) => store.count(kind, prefix),
    rows: (log, query) => store.rows(log, query),
    auditHead: () => store.auditHead(),
    verifyAudit: (noted) => store.verifyAudit(noted),
    watch: (listener) => store.watch(listener),
    async transaction(change) {
      let outcome: 'committed' | 'conflict' = 'conflict';
      commits.push(
        await measure(async () => {
          outcome = await store.transaction(change);
        }),
      );
      return outcome;
    },
  };
  const outside = {
    settings,
    store: measuredStore,
    clock,
    chance: createChance(clock),
    breath: createBreath(),
    fingerprint: createFingerprint(),
    cards: { changed: () => {} },
    log: QUIET,
  };
  const source = oneRosterSource({ name: 'sis', folder: roster });
  const run = async (): Promise<void> => {
    const { outcome } = await importDirectory(outside, SCHEDULE, source);
    if (outcome.is !== 'done') throw new Error(JSON.stringify(outcome));
  };
  const measured = {
    'parsing alone': await measure(() => parseOnly(roster)),
    'reading the source': await measure(() => readOnly(source)),
    'first import': await measure(run),
    'unchanged import': await measure(run),
  };
  await store.close();
  const [commit] = commits;
  return commit === undefined ? measured : { ...measured, 'first commit': commit };
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

const home = await mkdtemp(join(tmpdir(), 'usher-bench-import-'));
try {
  await writeDistrict(join(home, 'roster'), { seed: 1, people });
  const rounds = [];
  for (let number = 0; number < Number(values.runs); number += 1) rounds.push(await round(join(home, `store-${number}`), join(home, 'roster')));
  process.stdout.write(`${people} people, median of ${rounds.length}, Node ${process.version}\n`);
  for (const name of Object.keys(rounds[0] ?? {})) {
    const all = rounds.flatMap((measured) => measured[name] ?? []);
    const time = median(all.map((one) => one.milliseconds));
    const pause = median(all.map((one) => one.longestPause));
    process.stdout.write(`${name.padEnd(20)} ${Math.round(time).toString().padStart(7)} ms   longest pause ${Math.round(pause).toString().padStart(5)} ms\n`);
  }
  process.stdout.write(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB\n`);
} finally {
  await rm(home, { recursive: true, force: true });
}
