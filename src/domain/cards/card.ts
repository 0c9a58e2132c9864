import type { Instant } from '../instant.ts';

/**
 * Where a card stands: a channel, a person's direct messages, or a modal that the person has open. A modal that is
 * gone, or shows something else by now (its hash changed), hands its card over to their direct messages (C7).
 */
export type Place =
  /** `otherwise`: whose direct messages take it where Usher can't post in the channel. */
  | { readonly is: 'channel'; readonly channelId: string; readonly otherwise?: string }
  | { readonly is: 'person'; readonly userId: string }
  | { readonly is: 'view'; readonly viewId: string; readonly hash: string | null; readonly userId: string };

/** What a card shows; the view reads the present state from the store, so a card never shows old news. */
export type CardContent =
  | { readonly is: 'run'; readonly runId: string }
  | { readonly is: 'alert'; readonly alertId: string }
  | { readonly is: 'alert-escalation'; readonly alertId: string }
  | { readonly is: 'plan'; readonly planId: string }
  /** Somebody who goes first in a run that was under way already (S16). */
  | { readonly is: 'trace'; readonly runId: string; readonly personId: string }
  | { readonly is: 'hold'; readonly holdId: string }
  /** `since` says which: a later one of the source has a card of its own. */
  | { readonly is: 'held-import'; readonly source: string; readonly since: Instant }
  | { readonly is: 'approval'; readonly requestId: string }
  | { readonly is: 'rehearsal'; readonly connectorId: string; readonly rehearsalId: string }
  | { readonly is: 'offboarding'; readonly personId: string }
  | { readonly is: 'silence'; readonly silenceId: string }
  | { readonly is: 'enrollment'; readonly taskId: string }
  | { readonly is: 'note'; readonly text: string };

/**
 * A message that Usher posted and will edit: an outbox row first, a remembered message after. `shown` follows
 * `wanted`; the postman posts where `posted` is null and edits where `shown < wanted`. The id is its key in the
 * message's metadata, so that a crash between posting and remembering never posts twice.
 */
export interface Card {
  readonly id: string;
  readonly place: Place;
  readonly content: CardContent;
  readonly wanted: number;
  readonly shown: number;
  /** Decisions and final states go before progress (S2). */
  readonly urgent: boolean;
  /** Set before the post is sent, so that a restart looks for it in the channel's history. */
  readonly postingSince: Instant | null;
  readonly posted: { readonly channelId: string; readonly ts: string } | null;
  /** A line added in the message's thread when it changes to this state; sent once: `begun` is set before it is sent. */
  readonly threadLines: readonly { readonly key: string; readonly text: string; readonly sent: boolean; readonly begun?: true }[];
  /** Set when Slack said it can't be shown any more (channel archived, message deleted); not tried again, but for an urgent change of a deleted message. */
  readonly givenUp: string | null;
}
