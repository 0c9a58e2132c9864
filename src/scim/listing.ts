import type { ListingEnd } from '../ports/target.ts';
import { isObject } from './user.ts';

/** Rows asked for per page. A server's lower cap is followed by counting what came; Okta asks for 100 too. */
const PAGE_SIZE = 100;

/** One ListResponse (RFC 7644 §3.4.2). `total` is null where it is missing; `unreadable` counts rows without an id. */
export interface ListPage<Row> {
  readonly rows: readonly Row[];
  readonly unreadable: number;
  readonly total: number | null;
}

/** Reads a ListResponse; null where it is none. An empty one may leave `Resources` out. */
export function readListPage<Row>(json: unknown, readRow: (json: unknown) => Row | null): ListPage<Row> | null {
  if (!isObject(json)) return null;
  const total = Number(json.totalResults ?? Number.NaN);
  const resources: unknown = json.Resources ?? json.resources ?? (Number.isNaN(total) ? undefined : []);
  if (!Array.isArray(resources)) return null;
  const rows = resources.flatMap((resource: unknown) => {
    const row = readRow(resource);
    return row === null ? [] : [row];
  });
  return { rows, unreadable: resources.length - rows.length, total: Number.isInteger(total) ? total : null };
}

/** Fetches one page; null says that the server has nothing past the end and answered so by an error. */
export type FetchPage<Row> = (startIndex: number, count: number) => Promise<ListPage<Row> | null>;

/** Whether `totalResults` is that of all rows or of the page. */
type Totals = 'honest' | 'page' | 'unknown';

interface Walk<Row> {
  readonly ids: Set<string>;
  last: Row | null;
  repeated: boolean;
  unreadable: number;
  /** Every page's count was the number of its own rows. */
  pageTotals: boolean;
  /** The count was another on a later page: rows came or went, and others may have been stepped over. */
  moved: boolean;
  /** The last count that a page gave; an empty page past the end that says 0 is not heard. */
  total: number | null;
}

/** `totals`: a target of which it is learnt that it counts pages only adds up where each page did so, to an empty last one. */
function ending<Row>(walk: Walk<Row>, totals: Totals): ListingEnd {
  const seen = walk.ids.size;
  if (walk.repeated) return { complete: false, reason: `rows repeated between pages; ${seen} different ones were read` };
  if (walk.unreadable > 0) return { complete: false, reason: `${walk.unreadable} rows had no id` };
  if (totals === 'page' && walk.pageTotals) return { complete: true, reason: null };
  if (walk.total === null) return { complete: false, reason: 'the target does not say how many there are' };
  if (walk.total !== seen) return { complete: false, reason: `the target says that it holds ${walk.total}, but listed ${seen}` };
  if (walk.moved) return { complete: false, reason: 'the number of rows changed while they were listed' };
  return { complete: true, reason: null };
}

/** Takes the page into the walk and returns its new rows. */
function take<Row extends { readonly id: string }>(walk: Walk<Row>, page: ListPage<Row>): readonly Row[] {
  const fresh = page.rows.filter((row) => {
    const isNew = !walk.ids.has(row.id);
    walk.ids.add(row.id);
    return isNew;
  });
  if (fresh.length > 0 && fresh.length < page.rows.length) walk.repeated = true;
  walk.last = fresh.at(-1) ?? walk.last;
  walk.unreadable += page.unreadable;
  if (page.total !== page.rows.length + page.unreadable) walk.pageTotals = false;
  if (page.rows.length > 0 || walk.ids.size === 0 || page.total !== 0) {
    if (walk.total !== null && page.total !== walk.total) walk.moved = true;
    walk.total = page.total;
  }
  return fresh;
}

/** Whether the page at the last row shows exactly that row: `startIndex` is then honoured, and nothing follows. */
function isLastRow<Row extends { readonly id: string }>(walk: Walk<Row>, page: ListPage<Row> | null): boolean {
  return page?.rows.length === 1 && page.unreadable === 0 && page.rows[0]?.id === walk.last?.id && page.total === walk.ids.size;
}

/**
 * Walks all pages (startIndex is 1-based). It goes on by as many rows as came, whatever the server's cap, and stops
 * only at an empty page or at one without a new id: `totalResults` is the page size on real servers. It is complete
 * only when every id came once and the count agrees (S23). Where the page past the end repeats old rows (scimmy starts
 * over there), one more request at the last row tells that from a server that ignores `startIndex`.
 */
export async function* walkPages<Row extends { readonly id: string }>(
  fetchPage: FetchPage<Row>,
  before: () => Promise<void>,
  totals: Totals = 'unknown',
): AsyncGenerator<readonly Row[], ListingEnd> {
  const walk: Walk<Row> = { ids: new Set(), last: null, repeated: false, unreadable: 0, pageTotals: true, moved: false, total: null };
  const fetch = async (startIndex: number): Promise<ListPage<Row> | null> => {
    await before();
    return fetchPage(startIndex, PAGE_SIZE);
  };
  for (let startIndex = 1; ; ) {
    const page = await fetch(startIndex);
    if (page === null) return ending(walk, totals);
    const fresh = take(walk, page);
    if (fresh.length > 0) {
      yield fresh;
      startIndex += page.rows.length + page.unreadable;
      continue;
    }
    if (page.rows.length > 0 && ending(walk, totals).complete) walk.repeated = !isLastRow(walk, await fetch(walk.ids.size));
    else if (page.rows.length > 0) walk.repeated = true;
    return ending(walk, totals);
  }
}
