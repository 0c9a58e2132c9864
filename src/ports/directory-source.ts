import type { DirectoryRecord } from '../domain/directory/import.ts';
import type { Instant } from '../domain/instant.ts';

/** Where organizations and people come from: one kind of source, one folder, one contract for all. */
export interface DirectorySource {
  /** The name in ids: `<name>:<sourceId>`. */
  readonly name: string;
  /** For people: `OneRoster CSV in /data/roster`. */
  readonly description: string;
  /**
   * Streams the source once: organizations, then groupings, then people (`DirectoryRecord` says the order). Throws a `SourceFault` where the file or the
   * connection is at fault (unreadable, wrong header, cut off): the import is then rejected whole (D2).
   */
  read(): AsyncIterable<DirectoryRecord>;
  /** When its newest file was changed last; null where it can't be told (N5). Absent where the source has no files. */
  changedAt?(): Promise<Instant | null>;
}

/** The message says which file and what to do. */
export class SourceFault extends Error {
  override readonly name = 'SourceFault';
}
