import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { openJsonStore } from '../../../src/adapters/lowdb/store.ts';
import type { JsonStore } from '../../../src/adapters/lowdb/store.ts';
import type { Limits } from '../../../src/adapters/lowdb/upkeep.ts';
import type { Log } from '../../../src/ports/log.ts';
import { manualClock } from '../../clock.ts';

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A log that keeps its lines. */
function keptLog(lines: LogLine[] = []): Log {
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

/**
 * A copy of the folder as it is now: what a crash at this moment would leave. A compaction may be under way, but no
 * commit; a copy during which the manifest was switched is of no one moment, so another is made.
 */
export async function crashImage(folder: string): Promise<string> {
  const manifest = () => readFile(join(folder, 'manifest.json'), 'utf8').catch(() => 'none');
  for (;;) {
    const image = await newFolder();
    const before = await manifest();
    const isWhole = await cp(folder, image, { recursive: true, filter: (path) => !/^owner\.|\.new$/.test(basename(path)) }).then(
      () => true,
      () => false,
    );
    if (isWhole && before === (await manifest())) return image;
    await removeFolder(image);
  }
}
