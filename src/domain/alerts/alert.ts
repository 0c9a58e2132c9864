import type { ConnectorId } from '../connectors/connector.ts';
import type { Instant } from '../instant.ts';

export const CONDITIONS = ['result', 'failure', 'partial', 'fuse', 'credentials', 'low-seats', 'recovered'] as const;
/** What a channel can be told of (N1). `result` is the result of every scheduled run. */
export type Condition = (typeof CONDITIONS)[number];

/** A channel that wants to hear of a connector, or of all (N1). Key `<channelId>/<connectorId or *>`. */
export interface Subscription {
  readonly channelId: string;
  readonly connectorId: ConnectorId | null;
  readonly conditions: readonly Condition[];
  readonly by: string;
  readonly at: Instant;
  /** Who is told when an alert stays unanswered (N3): a channel or a user id, after so many minutes. */
  readonly escalation: { readonly to: string; readonly afterMinutes: number } | null;
}

/** One open or closed alert of one condition of a connector in one channel; shown as one card (N3). */
export interface Alert {
  readonly id: string;
  readonly connectorId: ConnectorId;
  readonly channelId: string;
  readonly condition: Condition;
  /** The run that raised it last. */
  readonly runId: string;
  readonly raisedAt: Instant;
  readonly lastAt: Instant;
  readonly times: number;
  readonly state:
    | { readonly is: 'open'; readonly escalated: Instant | null }
    | { readonly is: 'acknowledged'; readonly by: string; readonly at: Instant }
    | { readonly is: 'snoozed'; readonly by: string; readonly until: Instant }
    | { readonly is: 'recovered'; readonly at: Instant };
}
