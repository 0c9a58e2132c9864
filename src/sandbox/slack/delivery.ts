import type { Dict } from './json.ts';

/** Slack's three kinds of envelope; over HTTP they differ in encoding. */
export type Kind = 'slash_commands' | 'interactive' | 'events_api';

/** One request to the app. */
export interface Outgoing {
  readonly kind: Kind;
  readonly payload: Dict;
  /** What it is, for the list of failures: `/usher`, `block_actions approve`. */
  readonly what: string;
  readonly retry: { readonly num: number; readonly reason: string } | null;
}

/** What came of it, without regard to the three seconds. */
export type Reply =
  /** `body` is null for an empty ack. */
  | { readonly is: 'acked'; readonly body: Dict | string | null }
  | { readonly is: 'refused'; readonly status: number; readonly retryWanted: boolean }
  /** No socket open, or nobody listens at the URL. */
  | { readonly is: 'unreachable' };

/** A way to the app. */
export interface Delivery {
  connected(): boolean;
  /** Resolves when the app answered, however late; never rejects. */
  send(outgoing: Outgoing): Promise<Reply>;
}
