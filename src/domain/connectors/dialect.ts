import type { Instant } from '../instant.ts';

/**
 * How a value is written so that it is kept: PATCH by path (RFC 7644 §3.5.2), PATCH of an object without a path, PUT from
 * a fresh GET, or in no way that we found.
 */
export type Shape = 'path' | 'object' | 'put' | 'none';

/** What a target really does, learnt by the rehearsal and by runs (C20); its ServiceProviderConfig is a hint only. */
export interface Dialect {
  /** When a rehearsal learnt it; null for what the RFC says, unproved. */
  readonly learntAt: Instant | null;
  /** What is not written by path: the attribute's path to its shape; `cleared(path)` for taking it away. `active` is an attribute too. */
  readonly shapes: Readonly<Record<string, Shape>>;
  /** Keys as in `shapes` that were seen to be kept: their 2xx without a body needs no read-back. */
  readonly proven: readonly string[];
  readonly active: 'boolean' | 'string';
  readonly put: 'replaces' | 'merges' | 'none' | 'unknown';
  readonly filter: { readonly externalId: 'works' | 'fails' | 'unknown'; readonly letterCase: 'any' | 'exact' | 'unknown' };
  readonly members: {
    /** `filter`: `members[value eq "…"]`; `replace`: the whole list; `values`: remove with a value list. */
    readonly removal: 'filter' | 'replace' | 'values' | 'none';
    readonly readable: 'whole' | 'partly' | 'never' | 'unknown';
    /** Changes in one request. */
    readonly batch: number;
    /** Whether adding and removing was seen to work. */
    readonly proven: boolean;
  };
  /** Rows that a page of 100 holds; `page`: totalResults is only the number of rows on the page. */
  readonly pages: { readonly size: number; readonly totals: 'honest' | 'page' | 'unknown' };
  /** What becomes of `If-Match`: not looked at, refused with 412 where it is another version, or demanded with 428. */
  readonly etag: 'ignored' | 'checked' | 'required' | 'unknown';
  /** What one Bulk request may hold; null where Bulk does not work or was not tried. `maxPayloadSize` is in bytes. */
  readonly bulk: { readonly maxOperations: number; readonly maxPayloadSize?: number } | null;
}

/** What the RFCs say (RFC 7643, 7644), with the smallest limits known: the dialect of a target that was not rehearsed yet. */
export const RFC_DIALECT: Dialect = {
  learntAt: null,
  shapes: {},
  proven: [],
  active: 'boolean',
  put: 'unknown',
  filter: { externalId: 'unknown', letterCase: 'unknown' },
  members: { removal: 'filter', readable: 'unknown', batch: 100, proven: false },
  pages: { size: 100, totals: 'unknown' },
  etag: 'unknown',
  bulk: null,
};

/** The key in `shapes` of everything that has no key of its own: a target without PATCH is spoken to by PUT. */
export const EVERY = '*';

/** How a key is written. */
export function shapeIn({ shapes }: Pick<Dialect, 'shapes'>, key: string): Shape {
  return shapes[key] ?? shapes[EVERY] ?? 'path';
}

/** The key in `shapes` of groups, where they are not changed as users are: the two are often served by different code. */
export const GROUPS = 'Groups';

/** Whether groups are changed by PUT of the whole group: there is no PATCH (RFC 7644 §3.5.2 makes it optional). */
export function wholeGroups({ shapes }: Pick<Dialect, 'shapes'>): boolean {
  return (shapes[GROUPS] ?? shapes[EVERY]) === 'put';
}

/** The key in `shapes` and `proven` of taking an attribute's value away. */
export function cleared(path: string): string {
  return `-${path}`;
}

/** The way to try where this one was without effect; null where there is no other. Nothing is cleared by an object: servers store its nulls. */
export function nextShape(key: string, shape: Shape): Shape | null {
  switch (shape) {
    case 'path':
      return key.startsWith('-') ? 'put' : 'object';
    case 'object':
      return 'put';
    case 'put':
    case 'none':
      return null;
  }
}

/**
 * How many writes of users travel in one request (S7): by Bulk where requests are what is scarce, because the connector may send only so many a second.
 * At full speed single requests over several connections are faster.
 */
export function operationsPerRequest({ requestsPerSecond }: { readonly requestsPerSecond: number | null }, dialect: Pick<Dialect, 'bulk'> | undefined): number {
  return requestsPerSecond === null ? 1 : (dialect?.bulk?.maxOperations ?? 1);
}

/** What somebody who speaks to a target knows of it, and what they find out. */
export interface Speech {
  readonly dialect: Dialect;
  learn(part: Partial<Dialect>): void;
}
