import type { GroupingId } from '../../domain/directory/grouping.ts';
import type { DirectoryRecord } from '../../domain/directory/import.ts';
import type { DirectorySource } from '../../ports/directory-source.ts';
import { newestFile } from '../changed-at.ts';
import { FOLDER_SOURCE, type FolderSource } from '../identity.ts';
import { roll } from '../roll.ts';
import { ENROLLMENTS, readClasses, readEnrollments } from './classes.ts';
import { readManifest } from './manifest.ts';
import { readOrgs } from './orgs.ts';
import { roleGroupings } from './role-groupings.ts';
import { type Home, ROLES, readRoles } from './roles.ts';
import { findRoleGroupings, readUsers11, readUsers12 } from './users.ts';

/** A folder of OneRoster 1.1 or 1.2 CSV in bulk mode, unpacked; `docs/directory.md` says what becomes of each file. */
export function oneRosterSource(options: FolderSource): DirectorySource {
  const { name, folder } = FOLDER_SOURCE.parse(options);
  return { name, description: `OneRoster CSV in ${folder}`, read: () => readRoster(name, folder), changedAt: () => newestFile(folder) };
}

async function* readRoster(source: string, folder: string): AsyncGenerator<DirectoryRecord> {
  const manifest = await readManifest(folder);
  const { orgs, records } = readOrgs(source, folder);
  yield* records;
  const roles = roleGroupings(source);
  const inRoles = roll(ROLES.file);
  const inClasses = roll(ENROLLMENTS.file);
  const homes = new Map<string, Home>();
  if (manifest.version === '1.1') await findRoleGroupings(folder, orgs, roles);
  else yield* readRoles(folder, orgs, roles, inRoles, homes);
  yield* roles.records();
  if (manifest.classes) {
    const classes = new Map<string, GroupingId | null>();
    yield* readClasses(source, folder, orgs, roles, classes);
    yield* readEnrollments(folder, classes, inClasses);
  }
  if (manifest.version === '1.1') yield* readUsers11(source, folder, orgs, roles, [inClasses]);
  else yield* readUsers12(source, folder, orgs, homes, [inRoles, inClasses]);
}
