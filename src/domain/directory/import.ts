import type { HoldPlace } from '../holds/hold.ts';
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

/** Where a record stands in its source; a source without lines counts its entries. */
export interface RowPlace {
  readonly file: string;
  readonly line: number;
}

/**
 * What a directory source yields: organizations before groupings before people. `broken` may come at any time before
 * the end of what it is about; `about` says which kind its `sourceId` names. `file` ends each file with the number of
 * its rows, header and blank lines not counted: more than 5 % of them broken rejects the import (D2).
 */
export type DirectoryRecord =
  | { readonly is: 'organization'; readonly organization: Organization; readonly at: RowPlace }
  | { readonly is: 'grouping'; readonly grouping: Grouping; readonly at: RowPlace }
  | { readonly is: 'person'; readonly person: Person; readonly at: RowPlace }
  | { readonly is: 'broken'; readonly about: 'organization' | 'grouping' | 'person'; readonly error: RowError }
  | { readonly is: 'file'; readonly file: string; readonly rows: number };

/** A tally of what an import changes. */
export interface ImportTally {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly unchanged: number;
}

/** What was held of an import, so that an approver can let it go (D3): not the files, but what stands for exactly the changes they would make. */
export interface ImportHold {
  /** Digest of everything that would be written. Files or a directory that changed since make another. */
  readonly agreed: string;
  /** Since when exactly this is held. */
  readonly since: Instant;
  /** When it counts as not applied. */
  readonly expiresAt: Instant;
  readonly state: { readonly is: 'open' } | { readonly is: 'expired'; readonly at: Instant };
  /** By organization, the most first. */
  readonly places: readonly HoldPlace[];
  readonly cards: readonly string[];
}

/** One import of one source: done, held because it would remove too many (D3), or rejected whole (D2). The tallies of a held one say what it would change. */
export interface DirectoryImport {
  readonly id: string;
  readonly source: string;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly by: string;
  readonly outcome:
    | { readonly is: 'done' }
    | { readonly is: 'held'; readonly wouldRemove: number; readonly of: number; readonly hold?: ImportHold }
    | { readonly is: 'rejected'; readonly reason: string };
  /** It was held, and a second person let it go. */
  readonly release?: { readonly by: string; readonly why: string; readonly since: Instant };
  readonly organizations: ImportTally;
  readonly groupings: ImportTally;
  readonly people: ImportTally;
  /** The first 200; the rest are counted only. */
  readonly errors: readonly RowError[];
  readonly errorCount: number;
  /** What is no error but worth knowing: two people with one user name (D4), things kept that the source no longer has. Plain sentences, at most 50. */
  readonly warnings: readonly string[];
}
