/**
 * Memory of the events report against its rows: `npx tsx bench/report.ts [rows…]` (10,000, 100,000 and 1,000,000).
 * The rows lie in a real JSON store, appended by its own transactions and read back from its segments; the CSV goes
 * through the real sheets adapter into a file. What stands for Slack only counts the bytes it takes: the network is not
 * part of this. Each size is measured in a process of its own, which opened the store of the size before and added to it.
 */
import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type JsonStore, openJsonStore } from '../src/adapters/lowdb/store.ts';
import { createBreath } from '../src/adapters/system/breath.ts';
import { createChance } from '../src/adapters/system/chance.ts';
import { createSheets } from '../src/adapters/system/sheets.ts';
import { type Connector, DEFAULT_OPERATING } from '../src/domain/connectors/connector.ts';
import { NO_FILTER } from '../src/domain/reports/report.ts';
import { sendReport } from '../src/domain/reports/verbs/make.ts';
import type { Actor } from '../src/domain/rights/grant.ts';
import type { ProvisioningEvent } from '../src/domain/sync/event.ts';
import type { Clock } from '../src/ports/clock.ts';
import type { Workspace } from '../src/ports/workspace.ts';

const SIZES = [10_000, 100_000, 1_000_000];
const START = 1_770_000_000_000;
const MIB = 1024 * 1024;

const clock: Clock = { now: () => Date.now(), until: () => Promise.reject(new Error('nothing waits here')) };
const log = { info: () => undefined, warn: () => undefined, error: (fields: unknown, message: string) => console.error(message, fields) };
const viewer: Actor = { teamId: 'T1', userId: 'U1', way: 'job', grants: [{ teamId: 'T1', userId: 'U1', role: 'viewer', organizationId: null }] };

const connector: Connector = {
  ...{ id: 'zoom', name: 'Zoom', entryId: 'custom-scim', instanceId: 'zoom-1', organizationId: 'd', state: { is: 'active', since: START } },
  ...{ health: { is: 'ok' }, inForce: null, draft: null, operating: DEFAULT_OPERATING, rehearsal: null, lastAssign: null, lastProvision: null, listing: null },
  ...{ createdAt: START, createdBy: 'U1' },
};

function event(number: number): ProvisioningEvent {
  return {
    ...{
      id: `e-${number}`,
      at: START + number,
      type: 'user_update_provision',
      runId: `R-${Math.floor(number / 5_000)}`,
      connectorId: 'zoom',
      application: 'Zoom',
    },
    ...{ organizationId: 'd', by: 'schedule', subjectId: `oneroster:${number}`, subjectName: `Given Family ${number}`, targetId: `t-${number}` },
    ...{ success: true, errorCode: null, errorMessage: null, httpStatus: 200, attempts: 1, cause: null },
    changes: [{ attribute: 'displayName', before: 'Before', after: `Given Family ${number}` }],
  };
}

async function fill(store: JsonStore, from: number, to: number): Promise<void> {
  await store.transaction({ puts: [{ kind: 'connector', key: 'zoom', value: connector }] });
  for (let first = from; first < to; first += 2_000) {
    const numbers = Array.from({ length: Math.min(2_000, to - first) }, (_, index) => first + index);
    await store.transaction({ appends: numbers.map((number) => ({ log: 'event', partition: 'zoom', row: event(number) })) });
  }
}

interface Result {
  readonly rows: number;
  readonly bytes: number;
  readonly seconds: number;
  /** MiB: before the report, the most while it was made, and what it grew by. */
  readonly before: number;
  readonly peak: number;
  readonly pause: number;
}

async function measure(folder: string): Promise<Result> {
  const store = await openJsonStore({ folder, clock, log });
  let bytes = 0;
  const workspace: Workspace = {
    member: async () => undefined,
    group: async () => undefined,
    groups: async () => [],
    channelName: async () => undefined,
    postingProblem: async () => null,
    mayHoldNames: async () => true,
    download: async () => {
      throw new Error('no file comes in here');
    },
    upload: async (file) => {
      for await (const chunk of file.content) bytes += chunk.length;
    },
  };
  const settings = { name: 'usher', timeZone: 'UTC', grants: [], importThreshold: { people: 10, percent: 10 } };
  const outside = { settings, store, clock, chance: createChance(clock), breath: createBreath(), sheets: createSheets(), workspace };
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let peak = before;
  let pause = 0;
  let last = performance.now();
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
    pause = Math.max(pause, performance.now() - last - 5);
    last = performance.now();
  }, 5);
  const start = performance.now();
  const { rows } = await sendReport(outside, viewer, { name: 'events', filter: NO_FILTER, to: { userId: 'U1' } });
  const seconds = (performance.now() - start) / 1_000;
  clearInterval(watch);
  await store.close();
  return { rows, bytes, seconds, before: before / MIB, peak: peak / MIB, pause };
}

/** A fresh process, so that RSS is the report's own. */
function inChild<T>(args: readonly string[]): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = fork(import.meta.filename, [...args], { execArgv: [...process.execArgv, '--expose-gc'] });
    let result: T | undefined;
    child.on('message', (message: T) => {
      result = message;
    });
    child.on('exit', (code) => (result === undefined ? reject(new Error(`the measurement ended with ${code}`)) : resolve(result)));
  });
}

async function main(sizes: readonly number[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-bench-report-'));
  try {
    console.log('events in a real JSON store → CSV file → a sink that counts bytes (no network)');
    let filled = 0;
    for (const size of sizes) {
      await inChild<boolean>(['fill', folder, String(filled), String(size)]);
      filled = size;
      const { rows, bytes, seconds, before, peak, pause } = await inChild<Result>(['measure', folder]);
      const parts = [
        `${rows.toLocaleString('en-US').padStart(9)} rows`,
        `${(bytes / MIB).toFixed(1).padStart(7)} MiB of CSV`,
        `${seconds.toFixed(1).padStart(6)} s`,
        `RSS ${before.toFixed(0)} → at most ${peak.toFixed(0)} MiB: grew by ${(peak - before).toFixed(0)}`,
        `longest pause of the loop ${pause.toFixed(0)} ms`,
      ];
      console.log(parts.join(' · '));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const [, , job, folder, from, to] = process.argv;
if (job === 'fill' && folder !== undefined) {
  const store = await openJsonStore({ folder, clock, log });
  await fill(store, Number(from), Number(to));
  await store.close();
  process.send?.(true);
} else if (job === 'measure' && folder !== undefined) process.send?.(await measure(folder));
else {
  const asked = process.argv.slice(2).map(Number);
  await main(asked.length > 0 && asked.every((size) => size > 0) ? asked : SIZES);
}
