import type { ConnectorId } from '../connectors/connector.ts';
import type { Instant } from '../instant.ts';
import type { PersonId } from '../directory/person.ts';
import type { RunId } from '../sync/run.ts';

/** Why removals do not go on: too many at once (S14), or a frozen period (S21). */
export type HoldReason = { readonly is: 'fuse' } | { readonly is: 'freeze'; readonly name: string; readonly until: Instant };

export type HoldState =
  | { readonly is: 'open' }
  /** All or some were released by a second person; the released ones go with the next run. */
  | { readonly is: 'released'; readonly at: Instant; readonly by: string; readonly reason: string }
  | { readonly is: 'expired'; readonly at: Instant }
  /** A later run found nothing to hold any more. */
  | { readonly is: 'settled'; readonly at: Instant }
  | { readonly is: 'closed'; readonly at: Instant; readonly because: string };

/** Removals that a run stopped before (S14, S21). At most one open one a connector: later runs update it. Kind `hold`, key = id. */
export interface Hold {
  /** `H-<number>`. */
  readonly id: string;
  readonly connectorId: ConnectorId;
  readonly reason: HoldReason;
  readonly runId: RunId;
  /** In the order of person ids. */
  readonly people: readonly PersonId[];
  /** Active accounts it was measured against. */
  readonly accounts: number;
  /** People released so far: exactly these may be removed. */
  readonly released: readonly PersonId[];
  readonly openedAt: Instant;
  readonly expiresAt: Instant;
  readonly state: HoldState;
}

/** A period in which nobody is removed (S21). Kind `freeze`, key = id. */
export interface Freeze {
  /** `F-<number>`. */
  readonly id: string;
  readonly name: string;
  /** Null: every connector. */
  readonly connectorId: ConnectorId | null;
  readonly from: Instant;
  /** Exclusive. */
  readonly until: Instant;
  readonly by: string;
}
