import type { AuditRow } from '../audit/audit.ts';
import type { PersonId } from '../directory/person.ts';
import type { Instant } from '../instant.ts';
import type { ProvisioningEvent } from '../sync/event.ts';
import type { Run } from '../sync/run.ts';

/** One line of a connector's history: what was done to it, by whom, or what a run did to somebody. */
export type HistoryEntry =
  | { readonly is: 'assignment' | 'setting'; readonly row: AuditRow }
  /** Somebody or the schedule asked for a run; `run` is how it stands now, null where it is not theirs to see or gone. */
  | { readonly is: 'run'; readonly row: AuditRow; readonly run: Run | null }
  | { readonly is: 'event'; readonly event: ProvisioningEvent };

export const HISTORY_KINDS = ['all', 'assignments', 'runs', 'events', 'settings'] as const;
export const HISTORY_OUTCOMES = ['all', 'success', 'failed'] as const;

export interface HistoryFilter {
  /** Events of this person, and what was done about them by hand. */
  readonly personId: PersonId | null;
  /**
   * An event failed or did not; a run that ended in anything but success failed, one under way is neither; assigning and
   * settings are in the log because they were done.
   */
  readonly outcome: (typeof HISTORY_OUTCOMES)[number];
  readonly kind: (typeof HISTORY_KINDS)[number];
}

/**
 * Where a page ends, in each of the two logs: the sequence number that the next page goes on below. It stands still
 * while newer rows come in, so no row is shown twice or missed.
 */
export interface HistoryCursor {
  readonly audit: number;
  readonly event: number;
}

/** The moment of an entry. */
export function momentOf(entry: HistoryEntry): Instant {
  return entry.is === 'event' ? entry.event.at : entry.row.at;
}
