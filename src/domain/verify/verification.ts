import type { ConnectorId } from '../connectors/connector.ts';
import type { PersonId } from '../directory/person.ts';
import type { Instant } from '../instant.ts';
import type { AttributeChange } from '../sync/change.ts';

/** How an account in the target differs from what was last pushed (S20). */
export type Drift =
  | { readonly is: 'changed'; readonly personId: PersonId; readonly name: string; readonly targetId: string; readonly changes: readonly AttributeChange[] }
  | { readonly is: 'missing'; readonly personId: PersonId; readonly name: string; readonly targetId: string }
  | { readonly is: 'active'; readonly personId: PersonId; readonly name: string; readonly targetId: string; readonly wanted: boolean };

/** A reading of the target, compared with the account table (S20). Kind `verification`, key = connector id: the last one. Its drift: log `drift`, partition = connector id. */
export interface TargetVerification {
  readonly connectorId: ConnectorId;
  readonly by: string;
  readonly startedAt: Instant;
  readonly state:
    | { readonly is: 'running'; readonly read: number }
    | { readonly is: 'done'; readonly at: Instant; readonly read: number; readonly drifted: number; readonly unmanaged: number }
    /** The reading was not complete: nothing is concluded of what was not seen (S23). */
    | { readonly is: 'incomplete'; readonly at: Instant; readonly read: number; readonly reason: string };
}

/** One drifted account, as a row of the log `drift`. */
export interface DriftRow {
  readonly id: string;
  readonly at: Instant;
  readonly drift: Drift;
}
