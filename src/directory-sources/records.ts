import type { DirectoryRecord } from '../domain/directory/import.ts';
import { readTable, type TableShape } from './csv-table.ts';
import { keyProblem } from './identity.ts';

/** What a row becomes: a record, several, nothing (null), or what is wrong with it. */
type Reading = DirectoryRecord | readonly DirectoryRecord[] | string | null;

/**
 * Streams one file as directory records, its broken rows and its end included. `read` is called for rows whose key is
 * fine; `onBroken` for each broken row whose key could be read, before it is yielded.
 */
export async function* readRecords(
  folder: string,
  shape: TableShape,
  about: 'organization' | 'grouping' | 'person',
  read: (cells: ReadonlyMap<string, string>, line: number, key: string) => Reading,
  onBroken: (key: string) => void = () => undefined,
): AsyncGenerator<DirectoryRecord> {
  const { file } = shape;
  for await (const row of readTable(folder, shape)) {
    if (row.is === 'end') {
      yield { is: 'file', file, rows: row.rows };
      return;
    }
    const key = row.is === 'row' ? row.cells.get(shape.key) : (row.key ?? undefined);
    const problem = row.is === 'row' ? keyProblem(shape.key, key) : row.reason;
    const result = row.is === 'row' && problem === null && key !== undefined ? read(row.cells, row.line, key) : problem;
    if (result === null) continue;
    if (typeof result === 'string') {
      if (key !== undefined) onBroken(key);
      yield { is: 'broken', about, error: { file, line: row.line, reason: result, sourceId: key ?? null } };
    } else if ('is' in result) yield result;
    else yield* result;
  }
}
