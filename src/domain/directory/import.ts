import type { Instant } from '../instant.ts';
import type { Grouping } from './grouping.ts';
import type { Organization } from './organization.ts';
import type { Person } from './person.ts';

/** A broken row: skipped and listed; its person stays exactly as before (D2). `line` counts from 1, header included. */
export interface RowError {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
  /** The person (or organization, grouping) the row is about, where the key could be read: it is frozen as it was. */
  readonly sourceId: string | null;
}

/** What a directory source yields, in any order but organizations before groupings before people. */
export type DirectoryRecord =
  | { readonly is: 'organization'; readonly organization: Organization }
  | { readonly is: 'grouping'; readonly grouping: Grouping }
  | { readonly is: 'person'; readonly person: Person }
  | { readonly is: 'broken'; readonly error: RowError };

/** A tally of what an import changes. */
export interface ImportTally {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly unchanged: number;
}

/** One import of one source: done, held because it would remove too many (D3), or rejected whole (D2). */
export interface DirectoryImport {
  readonly id: string;
  readonly source: string;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly by: string;
  readonly outcome:
    | { readonly is: 'done' }
    | { readonly is: 'held'; readonly wouldRemove: number; readonly of: number }
    | { readonly is: 'rejected'; readonly reason: string };
  readonly organizations: ImportTally;
  readonly groupings: ImportTally;
  readonly people: ImportTally;
  /** The first 200; the rest are counted only. */
  readonly errors: readonly RowError[];
  readonly errorCount: number;
}
