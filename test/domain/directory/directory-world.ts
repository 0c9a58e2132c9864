import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJsonStore } from '../../../src/adapters/lowdb/store.ts';
import { createBreath } from '../../../src/adapters/system/breath.ts';
import { createFingerprint } from '../../../src/adapters/system/fingerprint.ts';
import { createChance } from '../../../src/adapters/system/chance.ts';
import { csvSource } from '../../../src/directory-sources/csv/source.ts';
import type { DirectoryImport } from '../../../src/domain/directory/import.ts';
import type { Person } from '../../../src/domain/directory/person.ts';
import { importDirectory } from '../../../src/domain/directory/verbs/import.ts';
import type { Actor } from '../../../src/domain/rights/grant.ts';
import { SCHEDULE } from '../../../src/domain/rights/verbs/who.ts';
import type { DirectorySource } from '../../../src/ports/directory-source.ts';
import type { Log } from '../../../src/ports/log.ts';
import type { Outside } from '../../../src/ports/outside.ts';
import type { Kind } from '../../../src/ports/store.ts';
import { manualClock } from '../../clock.ts';

export type DirectoryOutside = Pick<Outside, 'settings' | 'store' | 'clock' | 'chance' | 'breath' | 'fingerprint' | 'cards' | 'log'>;

const QUIET: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** A directory in a store of its own, with a CSV folder to import from. */
export interface DirectoryWorld {
  readonly outside: DirectoryOutside;
  readonly folder: string;
  /** Writes the CSV folder; tables left out keep what they had. */
  write(tables: Partial<Tables>): Promise<void>;
  /** Imports the CSV folder, or another source. */
  run(source?: DirectorySource, by?: Actor): Promise<DirectoryImport>;
  person(id: string): Promise<Person | undefined>;
  keys(kind: Kind): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** The lines of the four files, without their headers. */
export interface Tables {
  readonly organizations: readonly string[];
  readonly groups: readonly string[];
  readonly people: readonly string[];
  readonly memberships: readonly string[];
}

const HEADERS: Readonly<Record<keyof Tables, string>> = {
  organizations: 'id,name,kind,parent,timeZone',
  groups: 'id,organization,kind,name',
  people: 'id,organization,status,userName,email,givenName,familyName',
  memberships: 'person,group',
};

/** A district with two schools, a role and a group each, and `count` people of North High, all teachers. */
export function smallDistrict(count: number): Tables {
  const ids = Array.from({ length: count }, (_, index) => `p${index + 1}`);
  return {
    organizations: ['d,Riverside District,district,,Europe/Madrid', 'north,North High,school,d,', 'south,South High,school,d,'],
    groups: ['t-north,north,role,Teachers', 'm-north,north,group,Mathematics', 't-south,south,role,Teachers'],
    people: ids.map((id) => personLine(id)),
    memberships: ids.map((id) => `${id},t-north`),
  };
}

export function personLine(
  id: string,
  changes: { readonly organization?: string; readonly status?: string; readonly userName?: string; readonly email?: string; readonly familyName?: string } = {},
): string {
  const { organization = 'north', status = '', userName = id, email = `${id}@riverside.example`, familyName = `Family ${id}` } = changes;
  return [id, organization, status, userName, email, `Given ${id}`, familyName].join(',');
}

export async function openDirectoryWorld(): Promise<DirectoryWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-directory-'));
  const csv = join(folder, 'csv');
  const clock = manualClock();
  const store = await openJsonStore({ folder: join(folder, 'store'), clock, log: QUIET });
  const settings = { name: 'usher', timeZone: 'UTC', grants: [], importThreshold: { people: 10, percent: 10 } };
  const outside: DirectoryOutside = {
    settings,
    store,
    clock,
    chance: createChance(clock),
    breath: createBreath(),
    fingerprint: createFingerprint(),
    cards: { changed: () => {} },
    log: QUIET,
  };
  await mkdir(csv);
  return {
    outside,
    folder: csv,
    async write(tables) {
      for (const [name, header] of Object.entries(HEADERS)) {
        const lines = tables[name as keyof Tables];
        if (lines !== undefined) await writeFile(join(csv, `${name}.csv`), [header, ...lines, ''].join('\n'));
      }
    },
    run: (source = csvSource({ name: 'hr', folder: csv }), by = SCHEDULE) => importDirectory(outside, by, source),
    person: async (id) => (await store.get('person', id))?.value,
    async keys(kind) {
      const keys: string[] = [];
      for await (const page of store.scan(kind)) for (const { key } of page) keys.push(key);
      return keys;
    },
    async close() {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
