import { ErrorCode } from '@slack/web-api';

/** What a failed Web API call means for what is to be sent. */
export type SlackProblem =
  /** Try again after `wait` milliseconds; `maybeDone` where it may have had its effect all the same. */
  | { readonly is: 'later'; readonly code: string; readonly wait: number; readonly maybeDone: boolean }
  /** The message is gone. */
  | { readonly is: 'lost'; readonly code: string }
  /** It can't be shown there. */
  | { readonly is: 'never'; readonly code: string };

const LOST = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed', 'thread_not_found']);
const LATER = new Set(['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout', 'team_added_to_org']);
/** The token does not work now: nothing is wrong with the message, and an operator is at it. */
const LOCKED_OUT = new Set(['invalid_auth', 'not_authed', 'account_inactive', 'token_revoked', 'token_expired']);

const SOON = 5_000;
const LOCKED_OUT_WAIT = 60_000;

/** True for the code of a message that somebody deleted: only what is urgent is worth a new one. */
export function isLost(code: string): boolean {
  return LOST.has(code);
}

/** Judges an error of `@slack/web-api` by its stable `code` (SLACK.md 1.3). */
export function slackProblem(error: unknown): SlackProblem {
  const coded = typeof error === 'object' && error !== null ? (error as { code?: unknown; retryAfter?: unknown; data?: { error?: unknown } }) : {};
  if (coded.code === ErrorCode.RateLimitedError)
    return { is: 'later', code: 'ratelimited', wait: (typeof coded.retryAfter === 'number' ? coded.retryAfter : 30) * 1_000, maybeDone: false };
  if (coded.code === ErrorCode.RequestError || coded.code === ErrorCode.HTTPError)
    return { is: 'later', code: String(coded.code), wait: SOON, maybeDone: true };
  const slack = typeof coded.data?.error === 'string' ? coded.data.error : null;
  if (slack === null) return { is: 'never', code: error instanceof Error ? error.message : 'unknown' };
  if (LOST.has(slack)) return { is: 'lost', code: slack };
  if (LOCKED_OUT.has(slack)) return { is: 'later', code: slack, wait: LOCKED_OUT_WAIT, maybeDone: false };
  if (slack === 'ratelimited' || slack === 'rate_limited') return { is: 'later', code: slack, wait: 30_000, maybeDone: false };
  return LATER.has(slack) ? { is: 'later', code: slack, wait: SOON, maybeDone: true } : { is: 'never', code: slack };
}
