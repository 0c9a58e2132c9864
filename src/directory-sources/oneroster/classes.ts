import type { GroupingId } from '../../domain/directory/grouping.ts';
import type { DirectoryRecord } from '../../domain/directory/import.ts';
import type { TableShape } from '../csv-table.ts';
import { dateProblem, groupingIdOf, organizationIdOf, shown } from '../identity.ts';
import { readRecords } from '../records.ts';
import type { Roll } from '../roll.ts';
import type { Orgs } from './orgs.ts';
import type { RoleGroupings } from './role-groupings.ts';
import { COMMON_COLUMNS, statusOf } from './status.ts';

const CLASSES: TableShape = {
  file: 'classes.csv',
  required: ['sourcedId', 'title', 'schoolSourcedId'],
  optional: [...COMMON_COLUMNS, 'classCode'],
  key: 'sourcedId',
};
export const ENROLLMENTS: TableShape = {
  file: 'enrollments.csv',
  required: ['classSourcedId', 'userSourcedId'],
  optional: [...COMMON_COLUMNS, 'role', 'beginDate', 'endDate'],
  key: 'userSourcedId',
};

/** Each class's grouping; null for one whose row is broken or that is deleted, so that its enrollments say nothing. */
export type Classes = ReadonlyMap<string, GroupingId | null>;

/**
 * Streams `classes.csv` as groups of their school, filling `classes`. Sections share titles, so a group is named
 * `Title (class code)`, and by its sourcedId where that is taken too: names are unique within an organization (D1).
 */
export async function* readClasses(
  source: string,
  folder: string,
  orgs: Orgs,
  roles: RoleGroupings,
  classes: Map<string, GroupingId | null>,
): AsyncGenerator<DirectoryRecord> {
  const taken = new Map<string, Set<string>>();
  yield* readRecords(
    folder,
    CLASSES,
    'grouping',
    (cells, line, key) => {
      if (classes.has(key)) return `sourcedId ${shown(key)} stands in an earlier row too`;
      const status = statusOf(cells);
      if (typeof status === 'object') return status.problem;
      const title = cells.get('title');
      const school = cells.get('schoolSourcedId');
      if (title === undefined) return 'title is empty';
      if (school === undefined) return 'schoolSourcedId is empty';
      const place = orgs.lineOf(school);
      if (typeof place === 'object' && 'problem' in place) return place.problem;
      if (status === 'deleted' || place === 'deleted') {
        classes.set(key, null);
        return null;
      }
      const organizationId = organizationIdOf(source, school);
      const used = taken.get(organizationId) ?? new Set(roles.namesIn(organizationId));
      taken.set(organizationId, used);
      const name = freeName(title, cells.get('classCode'), key, used);
      used.add(name.toLowerCase());
      const id = groupingIdOf(organizationId, 'group', key);
      classes.set(key, id);
      return { is: 'grouping', grouping: { id, organizationId, kind: 'group', sourceId: key, name }, at: { file: CLASSES.file, line } };
    },
    (key) => classes.set(key, null),
  );
}

function freeName(title: string, code: string | undefined, key: string, used: ReadonlySet<string>): string {
  const name = code === undefined || title.includes(code) ? title : `${title} (${code})`;
  return used.has(name.toLowerCase()) ? `${title} (${key})` : name;
}

/** Reads `enrollments.csv` into `members`; yields its broken rows only. Begin and end dates are checked, not yet acted on (D5). */
export async function* readEnrollments(folder: string, classes: Classes, members: Roll): AsyncGenerator<DirectoryRecord> {
  yield* readRecords(folder, ENROLLMENTS, 'person', (cells, line, person) => {
    const status = statusOf(cells);
    if (typeof status === 'object') return status.problem;
    if (status === 'deleted') return null;
    const dates = dateProblem('beginDate', cells.get('beginDate')) ?? dateProblem('endDate', cells.get('endDate'));
    if (dates !== null) return dates;
    const key = cells.get('classSourcedId');
    if (key === undefined) return 'classSourcedId is empty';
    const grouping = classes.get(key);
    if (grouping === undefined) return `no class ${shown(key)} in ${CLASSES.file}`;
    members.add(person, grouping === null ? [] : [grouping], line);
    return null;
  });
}
