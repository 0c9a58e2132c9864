import { access, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Low } from 'lowdb';
import { z } from 'zod';
import { StoreFault } from '../../ports/store.ts';
import { DurableJson } from './durable-file.ts';

/** The format this program reads and writes. Raise it with every change that an older program could not read, and add a migration. */
const FORMAT = 2;

/** Brings a folder from the format before `to` to `to`; it may be interrupted and must then be able to begin again. */
export interface Migration {
  readonly to: number;
  migrate(folder: string): Promise<void>;
}

/** In ascending order; format 1 is the first. */
const MIGRATIONS: readonly Migration[] = [
  // Rows of the audit may carry a link, which format 1 would take for a part of the row. Those written before stay without one: the chain begins at the next.
  { to: 2, migrate: () => Promise.resolve() },
];

const FormatFile = z.object({ format: z.int().min(1) });

/** Creates the folder's parts where they are missing: 0700. */
export async function layOut(folder: string): Promise<void> {
  for (const part of [folder, join(folder, 'journal'), join(folder, 'documents'), join(folder, 'segments')])
    await mkdir(part, { recursive: true, mode: 0o700 });
}

/**
 * Reads the store's version from `store.json`, or writes it into a new folder. A newer one is refused, an older one is
 * migrated (X9). Throws a `StoreFault`.
 */
export async function settleFormat(folder: string, current = FORMAT, migrations = MIGRATIONS): Promise<void> {
  const format = await settledFormat(folder, current);
  const file = new Low<unknown>(new DurableJson(join(folder, 'store.json')), null);
  if (format === null) {
    file.data = { format: current };
    return file.write();
  }
  for (const migration of migrations.filter(({ to }) => to > format)) {
    await migration.migrate(folder);
    file.data = { format: migration.to };
    await file.write();
  }
}

/** The version in `store.json`, at most `current`; null in a new folder. Changes nothing. Throws a `StoreFault`. */
export async function settledFormat(folder: string, current = FORMAT): Promise<number | null> {
  const path = join(folder, 'store.json');
  const file = new Low<unknown>(new DurableJson(path), null);
  await file.read().catch((error: unknown) => {
    throw new StoreFault(`${path} can't be read. Restore the data folder from a backup.`, { cause: error });
  });
  if (file.data === null) {
    if (await holdsData(folder)) throw new StoreFault(`${path} is missing, though ${folder} holds data. Restore the data folder from a backup.`);
    return null;
  }
  const parsed = FormatFile.safeParse(file.data);
  if (!parsed.success) throw new StoreFault(`${path} does not hold a format number. Restore the data folder from a backup.`);
  const { format } = parsed.data;
  if (format <= current) return format;
  throw new StoreFault(
    `${folder} was written by a newer Usher (format ${format}; this one knows up to ${current}). Start the newer version, or restore a backup made before the upgrade.`,
  );
}

async function holdsData(folder: string): Promise<boolean> {
  const journals = await readdir(join(folder, 'journal'));
  const manifest = await access(join(folder, 'manifest.json')).then(
    () => true,
    () => false,
  );
  return manifest || journals.length > 0;
}
