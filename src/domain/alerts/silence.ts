import type { ConnectorId } from '../connectors/connector.ts';
import type { Instant } from '../instant.ts';
import type { RunId } from '../sync/run.ts';

/** What was expected and did not come (N5). `cause` tells one from the next: the same cause is told once. */
export type Silent =
  /** A scheduled run that is not over; `due` is when it usually would be. */
  | { readonly is: 'late-run'; readonly connectorId: ConnectorId; readonly runId: RunId; readonly due: Instant; readonly cause: string }
  | { readonly is: 'late-import'; readonly source: string; readonly due: Instant; readonly cause: string }
  /** The source's newest file is from `newest`; a new one usually comes within `usual` milliseconds. */
  | { readonly is: 'old-source'; readonly source: string; readonly newest: Instant; readonly usual: number; readonly cause: string }
  | { readonly is: 'held-import'; readonly source: string; readonly wouldRemove: number; readonly of: number; readonly cause: string }
  | { readonly is: 'rejected-import'; readonly source: string; readonly cause: string };

/** One silence, open or over. Kind `silence`, key = id: one for each thing that can be silent; its cards: `silence/<id>/<number>/…`. */
export interface Silence {
  readonly id: string;
  readonly about: Silent;
  /** Counts the times that it was raised anew. */
  readonly number: number;
  readonly raisedAt: Instant;
  readonly state: { readonly is: 'open' } | { readonly is: 'over'; readonly at: Instant };
}
