import type { DirectoryRecord } from '../../domain/directory/import.ts';
import type { TableShape } from '../csv-table.ts';
import { dateProblem, shown } from '../identity.ts';
import { readRecords } from '../records.ts';
import type { Roll } from '../roll.ts';
import type { Orgs } from './orgs.ts';
import type { RoleGroupings } from './role-groupings.ts';
import { COMMON_COLUMNS, statusOf } from './status.ts';

export const ROLES: TableShape = {
  file: 'roles.csv',
  required: ['userSourcedId', 'roleType', 'role', 'orgSourcedId'],
  optional: [...COMMON_COLUMNS, 'beginDate', 'endDate'],
  key: 'userSourcedId',
};

/** Where somebody has their first primary role, or their first one. */
export interface Home {
  readonly organization: string;
  readonly role: string;
  readonly primary: boolean;
}

/** Reads OneRoster 1.2 `roles.csv` into `members` and `homes`; yields its broken rows only. */
export async function* readRoles(folder: string, orgs: Orgs, roles: RoleGroupings, members: Roll, homes: Map<string, Home>): AsyncGenerator<DirectoryRecord> {
  yield* readRecords(folder, ROLES, 'person', (cells, line, person) => {
    const status = statusOf(cells);
    if (typeof status === 'object') return status.problem;
    const role = cells.get('role');
    const type = cells.get('roleType')?.toLowerCase();
    const organization = cells.get('orgSourcedId');
    if (role === undefined) return 'role is empty';
    if (type !== 'primary' && type !== 'secondary') return `roleType is ${shown(type ?? '')}, not primary or secondary`;
    if (organization === undefined) return 'orgSourcedId is empty';
    const dates = dateProblem('beginDate', cells.get('beginDate')) ?? dateProblem('endDate', cells.get('endDate'));
    if (dates !== null) return dates;
    const place = orgs.lineOf(organization);
    if (typeof place === 'object' && 'problem' in place) return place.problem;
    if (status === 'deleted' || place === 'deleted') return null;
    members.add(person, roles.idsOf(role, place, { file: ROLES.file, line }), line);
    const home = homes.get(person);
    const primary = type === 'primary';
    if (home === undefined || (primary && !home.primary)) homes.set(person, { organization: place[0] ?? organization, role, primary });
    return null;
  });
}
