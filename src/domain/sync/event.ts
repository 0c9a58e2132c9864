import type { Instant } from '../instant.ts';
import type { AttributeChange } from './change.ts';

export type EventType =
  | 'user_create_provision'
  | 'user_update_provision'
  | 'user_deprovision'
  | 'user_delete_provision'
  | 'user_lookup_provision'
  | 'group_create_provision'
  | 'group_update_provision'
  | 'group_delete_provision';

/** One attempted operation on one user or group, with its outcome (S5). Appended to the log `event`, partition = connector. */
export interface ProvisioningEvent {
  readonly id: string;
  readonly at: Instant;
  readonly type: EventType;
  readonly runId: string;
  readonly connectorId: string;
  readonly application: string;
  readonly organizationId: string;
  readonly by: string;
  /** The person's or grouping's id, and the name shown at that time. */
  readonly subjectId: string;
  readonly subjectName: string;
  readonly targetId: string | null;
  readonly success: boolean;
  /** scimType, or our own code: `timeout`, `connection`, `ambiguous`, `cancelled`, `disconnected`. */
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly httpStatus: number | null;
  /** Requests sent for it, retries included; 0 where none was. */
  readonly attempts: number;
  /** The cause's key of the run, where it failed. */
  readonly cause: string | null;
  readonly changes: readonly AttributeChange[];
  /** An account that was there before was taken over: what it held is known to nobody (S19). */
  readonly adopted?: true;
}
