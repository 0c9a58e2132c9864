import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { verifyStoppedAudit } from '../src/adapters/lowdb/audit-files.ts';
import { openJsonStore } from '../src/adapters/lowdb/store.ts';
import { createClock } from '../src/adapters/system/clock.ts';
import type { AuditRow } from '../src/domain/audit/audit.ts';
import { verdict } from '../src/domain/audit/verification.ts';

/**
 * Verifying the audit: 1,000,000 rows of 40 connectors, or as many as the first argument says: seconds and peak memory.
 * The files are read in a process of its own, whose memory holds nothing of what was written.
 */
const [first = '1000000', folderToRead] = process.argv.slice(2);

if (folderToRead !== undefined) await read(folderToRead);
else await measured(Number(first));

async function measured(rows: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-bench-audit-'));
  try {
    await write(folder, rows);
    const reader = spawnSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), 'read', folder], { stdio: 'inherit' });
    process.exitCode = reader.status ?? 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function write(folder: string, rows: number): Promise<void> {
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const store = await openJsonStore({ folder, clock: createClock(), log: quiet });
  const began = performance.now();
  for (let done = 0; done < rows; done += 1_000) {
    const numbers = Array.from({ length: Math.min(1_000, rows - done) }, (_, index) => done + index);
    await store.transaction({ appends: numbers.map((number) => ({ log: 'audit', partition: `c-${number % 40}`, row: row(number) })) });
  }
  const written = performance.now();
  const [line = ''] = verdict(await store.verifyAudit());
  print(`written in ${seconds(began, written)} s; verified while in use in ${seconds(written, performance.now())} s: ${line}`);
  await store.close();
}

async function read(folder: string): Promise<void> {
  const began = performance.now();
  const [line = ''] = verdict(await verifyStoppedAudit(folder, null));
  print(`verified from the files in ${seconds(began, performance.now())} s, peak RSS ${Math.round(process.resourceUsage().maxRSS / 1_024)} MiB: ${line}`);
}

function row(number: number): AuditRow {
  return {
    ...{ id: `01J0000000${number}`, at: Date.UTC(2026, 0, 1) + number * 1_000, by: `U0${number % 97}`, way: 'button', action: 'assignments.assign' },
    ...{ connectorId: `c-${number % 40}`, subject: `c-${number % 40}/${number}`, summary: `assigned the connector ${number % 40} to Teachers of North High.` },
    ...{ before: null, after: { people: String(number % 430), grouping: 'csv:teachers', organization: 'North High' } },
  };
}

function seconds(from: number, until: number): string {
  return ((until - from) / 1_000).toFixed(1);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
