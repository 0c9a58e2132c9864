import type { GroupingId } from '../../domain/directory/grouping.ts';
import type { DirectoryRecord } from '../../domain/directory/import.ts';
import type { DirectorySource } from '../../ports/directory-source.ts';
import { attributeReader } from '../attributes.ts';
import { newestFile } from '../changed-at.ts';
import type { TableShape } from '../csv-table.ts';
import { FOLDER_SOURCE, type FolderSource, groupingIdOf, organizationIdOf, personIdOf, shown, zoneProblem } from '../identity.ts';
import { readRecords } from '../records.ts';
import { type Roll, roll } from '../roll.ts';

const ORGANIZATIONS: TableShape = { file: 'organizations.csv', required: ['id', 'name', 'kind', 'parent'], optional: ['timeZone'], key: 'id' };
const GROUPS: TableShape = { file: 'groups.csv', required: ['id', 'organization', 'kind', 'name'], optional: [], key: 'id' };
const MEMBERSHIPS: TableShape = { file: 'memberships.csv', required: ['person', 'group'], optional: [], key: 'person' };
const PEOPLE: TableShape = { file: 'people.csv', required: ['id', 'organization', 'userName'], optional: ['status'], key: 'id' };

const attributesOf = attributeReader({}, ['id', 'organization', 'status']);

/** A folder of `organizations.csv`, `groups.csv`, `memberships.csv` and `people.csv`; `docs/directory.md` has the columns. */
export function csvSource(options: FolderSource): DirectorySource {
  const { name, folder } = FOLDER_SOURCE.parse(options);
  return {
    name,
    description: `CSV files in ${folder}`,
    changedAt: () => newestFile(folder),
    async *read() {
      yield* organizations(name, folder);
      const groups = new Map<string, GroupingId | null>();
      yield* groupings(name, folder, groups);
      const members = roll(MEMBERSHIPS.file);
      yield* memberships(folder, groups, members);
      yield* people(name, folder, members);
    },
  };
}

async function* organizations(source: string, folder: string): AsyncGenerator<DirectoryRecord> {
  const { file } = ORGANIZATIONS;
  yield* readRecords(folder, ORGANIZATIONS, 'organization', (cells, line, key) => {
    const title = cells.get('name');
    const parent = cells.get('parent');
    const timeZone = cells.get('timeZone');
    if (title === undefined) return 'name is empty';
    const zone = zoneProblem('timeZone', timeZone);
    if (zone !== null) return zone;
    return {
      is: 'organization',
      organization: {
        id: organizationIdOf(source, key),
        source,
        sourceId: key,
        name: title,
        kind: (cells.get('kind') ?? 'organization').toLowerCase(),
        parentId: parent === undefined ? null : organizationIdOf(source, parent),
        timeZone: timeZone ?? null,
      },
      at: { file, line },
    };
  });
}

/** `groups` gets each key's grouping; null where the row is broken or the key stands twice, so that its members stay as they were. */
async function* groupings(source: string, folder: string, groups: Map<string, GroupingId | null>): AsyncGenerator<DirectoryRecord> {
  const { file } = GROUPS;
  yield* readRecords(
    folder,
    GROUPS,
    'grouping',
    (cells, line, key) => {
      const title = cells.get('name');
      const organization = cells.get('organization');
      const kind = cells.get('kind')?.toLowerCase();
      if (groups.has(key)) return `id ${shown(key)} stands in an earlier row too`;
      if (title === undefined) return 'name is empty';
      if (organization === undefined) return 'organization is empty';
      if (kind !== 'role' && kind !== 'group') return `kind is ${shown(kind ?? '')}, not role or group`;
      const organizationId = organizationIdOf(source, organization);
      const id = groupingIdOf(organizationId, kind, key);
      groups.set(key, id);
      return { is: 'grouping', grouping: { id, organizationId, kind, sourceId: key, name: title }, at: { file, line } };
    },
    (key) => groups.set(key, null),
  );
}

async function* memberships(folder: string, groups: ReadonlyMap<string, GroupingId | null>, members: Roll): AsyncGenerator<DirectoryRecord> {
  yield* readRecords(folder, MEMBERSHIPS, 'person', (cells, line, person) => {
    const group = cells.get('group');
    if (group === undefined) return 'group is empty';
    const id = groups.get(group);
    if (id === undefined) return `no role or group ${shown(group)} in ${GROUPS.file}`;
    members.add(person, id === null ? [] : [id], line);
    return null;
  });
}

async function* people(source: string, folder: string, members: Roll): AsyncGenerator<DirectoryRecord> {
  const { file } = PEOPLE;
  yield* readRecords(
    folder,
    PEOPLE,
    'person',
    (cells, line, key) => {
      const organization = cells.get('organization');
      const status = cells.get('status')?.toLowerCase() ?? 'active';
      const mine = members.take(key);
      if (organization === undefined) return 'organization is empty';
      if (status !== 'active' && status !== 'inactive') return `status is ${shown(status)}, not active or inactive`;
      return {
        is: 'person',
        person: {
          id: personIdOf(source, key),
          source,
          sourceId: key,
          organizationId: organizationIdOf(source, organization),
          groupings: [...new Set(mine)].sort(),
          attributes: attributesOf(cells),
          status,
        },
        at: { file, line },
      };
    },
    (key) => members.take(key),
  );
  yield* members.left(file);
}
