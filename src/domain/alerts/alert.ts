import type { ConnectorId } from '../connectors/connector.ts';
import type { Instant } from '../instant.ts';

export const CONDITIONS = ['result', 'failure', 'partial', 'fuse', 'quarantine', 'credentials', 'low-seats', 'silence', 'recovered'] as const;
/** What a channel can be told of (N1). `result` is the result of every scheduled run; `silence` has cards of its own (N5). */
export type Condition = (typeof CONDITIONS)[number];

/**
 * A channel that wants to hear of a connector, or of all that the subscriber may run (N1). A channel's own
 * subscription to a connector takes the place of its subscription to all. Key: `subscriptionKey`.
 */
export interface Subscription {
  readonly channelId: string;
  readonly connectorId: ConnectorId | null;
  readonly conditions: readonly Condition[];
  /** The Slack team and user id of whoever subscribed it. */
  readonly teamId: string;
  readonly by: string;
  /** When it was subscribed first: changes keep it. */
  readonly at: Instant;
  /** Who is told when an alert stays unanswered (N3): a channel or a user id, after so many minutes. */
  readonly escalation: { readonly to: string; readonly afterMinutes: number } | null;
  /** The mark *may see names* (R3): the application's own words are shown there, which may hold names. */
  readonly mayNames: boolean;
}

/** `<channelId>/<connectorId or *>`: one subscription a channel and connector. */
export function subscriptionKey({ channelId, connectorId }: Pick<Subscription, 'channelId' | 'connectorId'>): string {
  return `${channelId}/${connectorId ?? '*'}`;
}

/** One open or closed alert of one condition of a connector in one channel; shown as one card (N3). */
export interface Alert {
  /** `A-<number>`, counted per installation. */
  readonly id: string;
  readonly connectorId: ConnectorId;
  readonly channelId: string;
  readonly condition: Condition;
  /** The run that raised it last. */
  readonly runId: string;
  /** Since when it is so; earlier than `raisedAt` where it took the place of an older alert of the same condition. */
  readonly since: Instant;
  readonly raisedAt: Instant;
  readonly lastAt: Instant;
  readonly times: number;
  /** People that failed in the last run, and in the one that raised it before; null where there was none. */
  readonly affected: { readonly now: number; readonly before: number | null };
  /** Keys of the causes that it told of; another one is told anew (N2). Absent of alerts that were raised before it was kept. */
  readonly causes?: readonly string[];
  /** Of the instance, after the last run; only of low seats. */
  readonly seats: { readonly free: number; readonly total: number } | null;
  readonly state: /** `since` is when it was raised or came back from a snooze: silence is counted from there. */
    | { readonly is: 'open'; readonly since: Instant; readonly escalated: Instant | null }
    | { readonly is: 'acknowledged'; readonly by: string; readonly at: Instant }
    | { readonly is: 'snoozed'; readonly by: string; readonly until: Instant; readonly escalated: Instant | null }
    /** A newer alert of the same connector and channel tells how it stands. */
    | { readonly is: 'superseded'; readonly at: Instant; readonly by: string }
    | { readonly is: 'recovered'; readonly at: Instant }
    /** Nothing recovers it any more: its connector was disabled or disconnected. */
    | { readonly is: 'closed'; readonly at: Instant; readonly because: string };
}

/** Not over: it can still be answered, and a recovery closes it. */
export function isLive({ state }: Alert): boolean {
  return state.is === 'open' || state.is === 'acknowledged' || state.is === 'snoozed';
}

export const SNOOZES = ['1h', '4h', 'tomorrow', '1w'] as const;
/** How long an alert is quiet; `tomorrow` is 8:00 of the next day in the zone of the connector's organization. */
export type Snooze = (typeof SNOOZES)[number];
