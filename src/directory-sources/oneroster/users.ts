import type { GroupingId } from '../../domain/directory/grouping.ts';
import type { DirectoryRecord } from '../../domain/directory/import.ts';
import type { Attributes, Person } from '../../domain/directory/person.ts';
import { attributeReader } from '../attributes.ts';
import { readTable, type TableShape } from '../csv-table.ts';
import { organizationIdOf, personIdOf, shown } from '../identity.ts';
import { readRecords } from '../records.ts';
import type { Roll } from '../roll.ts';
import type { Orgs } from './orgs.ts';
import type { RoleGroupings } from './role-groupings.ts';
import type { Home } from './roles.ts';
import { COMMON_COLUMNS, listOf, statusOf } from './status.ts';

const REQUIRED = ['sourcedId', 'enabledUser', 'username', 'givenName', 'familyName'] as const;
const FILE = 'users.csv';
const USERS_1_1: TableShape = { file: FILE, required: [...REQUIRED, 'orgSourcedIds', 'role'], optional: [...COMMON_COLUMNS], key: 'sourcedId' };
const USERS_1_2: TableShape = {
  file: FILE,
  required: REQUIRED,
  optional: [...COMMON_COLUMNS, 'primaryOrgSourcedId', 'preferredGivenName', 'preferredFamilyName'],
  key: 'sourcedId',
};

const attributesOf = attributeReader({ grades: 'grade' }, [
  'sourcedId',
  ...COMMON_COLUMNS,
  'enabledUser',
  'orgSourcedIds',
  'primaryOrgSourcedId',
  'agentSourcedIds',
  'resourceSourcedIds',
]);

/** Where somebody belongs, which groupings they are in by their own row, and their role's word; or what is wrong. */
type Belonging = { readonly organization: string; readonly groupings: readonly GroupingId[]; readonly role: string | null } | { readonly problem: string };

/** OneRoster 1.1 has role and organizations in `users.csv`: a first pass finds the role groupings, since groupings come before people. */
export async function findRoleGroupings(folder: string, orgs: Orgs, roles: RoleGroupings): Promise<void> {
  for await (const row of readTable(folder, USERS_1_1)) if (row.is === 'row' && statusOf(row.cells) === 'active') belonging11(row.cells, row.line, orgs, roles);
}

/** Streams `users.csv` of OneRoster 1.1. */
export async function* readUsers11(source: string, folder: string, orgs: Orgs, roles: RoleGroupings, rolls: readonly Roll[]): AsyncGenerator<DirectoryRecord> {
  yield* readUsers(source, folder, USERS_1_1, rolls, (cells, line) => belonging11(cells, line, orgs, roles));
}

/** Streams `users.csv` of OneRoster 1.2; roles and their organizations came from `roles.csv`. */
export async function* readUsers12(
  source: string,
  folder: string,
  orgs: Orgs,
  homes: ReadonlyMap<string, Home>,
  rolls: readonly Roll[],
): AsyncGenerator<DirectoryRecord> {
  yield* readUsers(source, folder, USERS_1_2, rolls, (cells, _line, key) => {
    const home = homes.get(key);
    const named = cells.get('primaryOrgSourcedId');
    const place = named === undefined ? 'deleted' : orgs.lineOf(named);
    if (typeof place === 'object' && 'problem' in place) return place;
    const organization = named !== undefined && place !== 'deleted' ? named : home?.organization;
    if (organization === undefined) return { problem: 'neither primaryOrgSourcedId nor a row of roles.csv names an organization' };
    return { organization, groupings: [], role: home?.role ?? null };
  });
}

function belonging11(cells: ReadonlyMap<string, string>, line: number, orgs: Orgs, roles: RoleGroupings): Belonging {
  const role = cells.get('role');
  if (role === undefined) return { problem: 'role is empty' };
  const groupings: GroupingId[] = [];
  let organization: string | undefined;
  for (const key of listOf(cells.get('orgSourcedIds'))) {
    const place = orgs.lineOf(key);
    if (place === 'deleted') continue;
    if ('problem' in place) return place;
    organization ??= key;
    groupings.push(...roles.idsOf(role, place, { file: FILE, line }));
  }
  return organization === undefined ? { problem: 'orgSourcedIds names no organization' } : { organization, groupings, role };
}

async function* readUsers(
  source: string,
  folder: string,
  shape: TableShape,
  rolls: readonly Roll[],
  belongingOf: (cells: ReadonlyMap<string, string>, line: number, key: string) => Belonging,
): AsyncGenerator<DirectoryRecord> {
  const take = (key: string): readonly GroupingId[] => rolls.flatMap((members) => members.take(key));
  yield* readRecords(
    folder,
    shape,
    'person',
    (cells, line, key) => {
      const joined = take(key);
      const status = statusOf(cells);
      if (typeof status === 'object') return status.problem;
      if (status === 'deleted') return null;
      const enabled = cells.get('enabledUser')?.toLowerCase();
      if (enabled !== 'true' && enabled !== 'false') return `enabledUser is ${shown(enabled ?? '')}, not true or false`;
      const belonging = belongingOf(cells, line, key);
      if ('problem' in belonging) return belonging.problem;
      const person: Person = {
        id: personIdOf(source, key),
        source,
        sourceId: key,
        organizationId: organizationIdOf(source, belonging.organization),
        groupings: [...new Set([...joined, ...belonging.groupings])].sort(),
        attributes: userAttributes(cells, belonging.role),
        status: enabled === 'true' ? 'active' : 'inactive',
      };
      return { is: 'person', person, at: { file: FILE, line } };
    },
    take,
  );
  for (const members of rolls) yield* members.left(FILE);
}

/** Preferred names make the display name; the others stay the legal ones. */
function userAttributes(cells: ReadonlyMap<string, string>, role: string | null): Attributes {
  const given = cells.get('preferredGivenName');
  const family = cells.get('preferredFamilyName');
  const preferred = given === undefined && family === undefined ? [] : [given ?? cells.get('givenName'), family ?? cells.get('familyName')];
  const displayName = preferred.filter((part) => part !== undefined).join(' ');
  return { ...attributesOf(cells), ...(role === null ? {} : { role }), ...(displayName === '' ? {} : { displayName }) };
}
