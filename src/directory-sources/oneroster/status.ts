import { dateProblem, shown } from '../identity.ts';

/** Columns that every OneRoster file starts with, beside `sourcedId`. */
export const COMMON_COLUMNS = ['status', 'dateLastModified'] as const;

/** What `status` and `dateLastModified` say of a row: it counts, it is deleted, or what is wrong with it. In bulk files both should be empty. */
export function statusOf(cells: ReadonlyMap<string, string>): 'active' | 'deleted' | { readonly problem: string } {
  const date = dateProblem('dateLastModified', cells.get('dateLastModified'));
  if (date !== null) return { problem: date };
  const status = cells.get('status')?.toLowerCase() ?? 'active';
  if (status === 'active') return 'active';
  return status === 'tobedeleted' ? 'deleted' : { problem: `status is ${shown(status)}, not active or tobedeleted` };
}

/** A list cell: `"a,b"`. */
export function listOf(cell: string | undefined): readonly string[] {
  return (cell ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
