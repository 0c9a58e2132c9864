import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJsonStore } from '../../../src/adapters/lowdb/store.ts';
import type { JsonStore, Limits } from '../../../src/adapters/lowdb/store.ts';
import type { Log } from '../../../src/ports/log.ts';
import { manualClock } from '../../clock.ts';

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A log that keeps its lines. */
export function keptLog(lines: LogLine[] = []): Log {
  const keep = (level: LogLine['level']) => (fields: Readonly<Record<string, unknown>>, message: string) => void lines.push({ level, message, fields });
  return { info: keep('info'), warn: keep('warn'), error: keep('error') };
}

/** A new folder; remove it when done. */
export function newFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'usher-store-'));
}

export function openIn(folder: string, limits: Partial<Limits> = {}, lines: LogLine[] = []): Promise<JsonStore> {
  return openJsonStore({ folder, clock: manualClock(), log: keptLog(lines), limits });
}

export function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}
