import type { DirectoryRecord } from '../../domain/directory/import.ts';
import type { TableShape } from '../csv-table.ts';
import { organizationIdOf, shown } from '../identity.ts';
import { readRecords } from '../records.ts';
import { COMMON_COLUMNS, statusOf } from './status.ts';

const ORGS: TableShape = {
  file: 'orgs.csv',
  required: ['sourcedId', 'name', 'type'],
  optional: [...COMMON_COLUMNS, 'identifier', 'parentSourcedId'],
  key: 'sourcedId',
};

/** The organizations read, for finding what lies above one. */
export interface Orgs {
  /**
   * `key` and the organizations above it, `key` first. `deleted` where the row is marked so; a sentence where `key` is
   * not there, or its way up is broken, so that nothing can be said of who belongs to it.
   */
  lineOf(key: string): readonly string[] | 'deleted' | { readonly problem: string };
}

/** Streams `orgs.csv`, and fills what it returns while it goes. */
export function readOrgs(source: string, folder: string): { readonly orgs: Orgs; readonly records: AsyncIterable<DirectoryRecord> } {
  const parents = new Map<string, string | null>();
  const deleted = new Set<string>();
  const records = readRecords(
    folder,
    ORGS,
    'organization',
    (cells, line, key) => {
      const status = statusOf(cells);
      if (typeof status === 'object') return status.problem;
      if (status === 'deleted') {
        deleted.add(key);
        return null;
      }
      const name = cells.get('name');
      const type = cells.get('type');
      if (name === undefined) return 'name is empty';
      if (type === undefined) return 'type is empty';
      const parent = cells.get('parentSourcedId') ?? null;
      parents.set(key, parent);
      const parentId = parent === null ? null : organizationIdOf(source, parent);
      return {
        is: 'organization',
        organization: { id: organizationIdOf(source, key), source, sourceId: key, name, kind: type.toLowerCase(), parentId, timeZone: null },
        at: { file: ORGS.file, line },
      };
    },
    (key) => parents.delete(key),
  );
  return { orgs: { lineOf: (key) => lineOf(key, parents, deleted) }, records };
}

function lineOf(key: string, parents: ReadonlyMap<string, string | null>, deleted: ReadonlySet<string>): ReturnType<Orgs['lineOf']> {
  if (deleted.has(key)) return 'deleted';
  const line: string[] = [];
  for (let at: string | null = key; at !== null; ) {
    const parent = parents.get(at);
    if (parent === undefined)
      return {
        problem:
          at === key ? `no organization ${shown(key)} in ${ORGS.file}` : `organization ${shown(key)} lies below ${shown(at)}, which is not in ${ORGS.file}`,
      };
    if (line.includes(at)) return { problem: `organization ${shown(key)} lies below itself in ${ORGS.file}` };
    line.push(at);
    at = parent;
  }
  return line;
}
