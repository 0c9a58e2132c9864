import SCIMMY from 'scimmy';
import type { Numbered, Ordered } from './ordered.ts';
import type { Kind } from './requests.ts';
import type { Mischief } from './mischief.ts';

/** Rows on a page where `count` is not given (scimmy's own default), and at most, as ServiceProviderConfig tells. */
const DEFAULT_PAGE = 20;
export const MAX_PAGE = 1_000;

/** What a list or look-up asks for (RFC 7644 §3.4.2), as scimmy parsed it. */
export interface Asked {
  readonly filter?: SCIMMY.Types.Filter | undefined;
  readonly attributes?: SCIMMY.Types.Filter | undefined;
  readonly constraints?: { readonly sortBy?: string; readonly sortOrder?: string; readonly startIndex?: number; readonly count?: number } | undefined;
}

/** A User or Group as SCIM JSON, in the shape that scimmy's messages take. */
export type ScimResource = Record<string, unknown> & {
  id: string;
  schemas: string[];
  externalId?: string;
  meta: { resourceType: string; created: Date; lastModified: Date; location: string };
};

export interface Collection<T extends Numbered> {
  readonly kind: Kind;
  readonly records: Ordered<T>;
  readonly select: (filter: SCIMMY.Types.Filter, caseExact: boolean) => readonly T[];
  readonly hidden: (record: T) => boolean;
  readonly resource: (record: T) => ScimResource;
  /** A resource cut down to the attributes asked for. */
  readonly cut: (resource: ScimResource, attributes: SCIMMY.Types.Filter) => SCIMMY.Types.Schema;
}

/** The page that honours `startIndex` and `count`, from the index: without filter and sort no other row is touched. */
function honest<T extends Numbered>(of: Collection<T>, asked: Asked, mischief: Mischief, offset: number, count: number) {
  const { sortBy, sortOrder } = asked.constraints ?? {};
  if (asked.filter === undefined && sortBy === undefined && !mischief.hidesSome) return { rows: of.records.slice(offset, count), total: of.records.size };
  const matching = asked.filter === undefined ? of.records.all() : of.select(asked.filter, mischief.strikes('case-exact', of.kind) !== undefined);
  const visible = mischief.hidesSome ? matching.filter((record) => !of.hidden(record)) : matching;
  if (visible.length < matching.length) for (const name of ['vanishing', 'inactive-hidden'] as const) mischief.strikes(name, of.kind);
  return { rows: (sortBy === undefined ? visible : sorted(of, visible, sortBy, sortOrder)).slice(offset, offset + count), total: visible.length };
}

/** Sorted by scimmy's own rules (RFC 7644 §3.4.2.3), over all rows and not only those of the page. */
function sorted<T extends Numbered>(of: Collection<T>, records: readonly T[], sortBy: string, sortOrder = 'ascending'): readonly T[] {
  const byId = new Map(records.map((record) => [record.id, record]));
  const list = new SCIMMY.Messages.ListResponse(records.map(of.resource), { sortBy, sortOrder, itemsPerPage: records.length });
  return list.Resources.flatMap((resource) => byId.get(String(resource.id)) ?? []);
}

function bentTotal(mischief: Mischief, kind: Kind, total: number, rows: number): number {
  const fault = mischief.strikes('wrong-total', kind);
  if (fault === undefined) return total;
  switch (fault.total) {
    case 'page':
      return rows;
    case 'more':
      return total + DEFAULT_PAGE;
    case 'half':
      return Math.floor(total / 2);
  }
}

/** A ListResponse (RFC 7644 §3.4.2) for a request, with the faults that bend pages. */
export function listed<T extends Numbered>(of: Collection<T>, asked: Asked, mischief: Mischief): SCIMMY.Messages.ListResponse {
  const { startIndex = 1, count = DEFAULT_PAGE } = asked.constraints ?? {};
  const offset = mischief.strikes('stuck-pages', of.kind) === undefined ? startIndex - 1 : 0;
  const capped = Math.min(count, MAX_PAGE, mischief.strikes('page-cap', of.kind)?.rows ?? MAX_PAGE);
  const page = honest(of, asked, mischief, offset, capped);
  const rows = mischief.strikes('half-pages', of.kind) === undefined ? page.rows : page.rows.slice(0, Math.ceil(page.rows.length / 2));
  const resources = rows.map(of.resource);
  const { attributes } = asked;
  // scimmy would cut a page that is longer than its startIndex a second time: it makes the envelope only.
  const list: SCIMMY.Messages.ListResponse = new SCIMMY.Messages.ListResponse([], {
    startIndex,
    itemsPerPage: count,
    totalResults: bentTotal(mischief, of.kind, page.total, rows.length),
  });
  list.Resources = attributes === undefined ? resources : resources.map((resource) => of.cut(resource, attributes));
  return list;
}
