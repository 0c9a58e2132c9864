import { z } from 'zod';
import { SourceFault } from '../../ports/directory-source.ts';
import { readTable } from '../csv-table.ts';

const FILE = 'manifest.csv';
const MODE = z.enum(['absent', 'bulk', 'delta']);
const VERSION = z.string().regex(/^1\.[12](\.\d+)?$/);

/** The files that Usher reads of a roster; the others are ignored. */
type RosterFile = 'orgs' | 'users' | 'roles' | 'classes' | 'enrollments';

export interface Manifest {
  readonly version: '1.1' | '1.2';
  /** Classes and their members are given. */
  readonly classes: boolean;
}

/**
 * Reads `manifest.csv` (OneRoster CSV binding: `propertyName,value`). Throws a `SourceFault` for another version, for a
 * file that must be there and is absent, and for delta files: a delta says only what changed, so that a lost one would
 * go unnoticed, while a bulk file always says who is there.
 */
export async function readManifest(folder: string): Promise<Manifest> {
  const properties = await readProperties(folder);
  const version = VERSION.safeParse(properties.get('oneroster.version'));
  if (!version.success)
    throw new SourceFault(
      `${FILE} names no OneRoster version that Usher reads (oneroster.version must be 1.1 or 1.2). Export the roster as OneRoster 1.2 CSV.`,
    );
  const is12 = version.data.startsWith('1.2');
  const has = (name: RosterFile): boolean => isGiven(properties, name);
  for (const name of ['orgs', 'users', ...(is12 ? (['roles'] as const) : [])] as const) {
    if (!has(name)) throw new SourceFault(`${FILE} says that ${name}.csv is absent. Usher needs it: export it in bulk mode.`);
  }
  return { version: is12 ? '1.2' : '1.1', classes: has('classes') && has('enrollments') };
}

function isGiven(properties: ReadonlyMap<string, string>, name: RosterFile): boolean {
  const mode = MODE.safeParse(properties.get(`file.${name}`)?.toLowerCase() ?? 'absent');
  if (!mode.success) throw new SourceFault(`${FILE} has an unknown value for file.${name}. It must be absent or bulk.`);
  if (mode.data === 'delta')
    throw new SourceFault(`${FILE} says that ${name}.csv is a delta (only what changed). Usher reads whole rosters: export ${name}.csv in bulk mode.`);
  return mode.data === 'bulk';
}

async function readProperties(folder: string): Promise<ReadonlyMap<string, string>> {
  const properties = new Map<string, string>();
  for await (const row of readTable(folder, { file: FILE, required: ['propertyName', 'value'], optional: [], key: 'propertyName' })) {
    if (row.is === 'broken') throw new SourceFault(`${FILE} line ${row.line} can't be read: ${row.reason}. Export the roster again.`);
    if (row.is === 'row') properties.set(row.cells.get('propertyName') ?? '', row.cells.get('value') ?? '');
  }
  return properties;
}
