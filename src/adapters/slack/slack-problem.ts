import { ErrorCode } from '@slack/web-api';

/** What a failed Web API call means for what is to be sent: try again after `wait` milliseconds, the message is lost, or never. */
export type SlackProblem =
  | { readonly is: 'later'; readonly code: string; readonly wait: number }
  | { readonly is: 'lost'; readonly code: string }
  | { readonly is: 'never'; readonly code: string };

const LOST = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed']);
const LATER = new Set(['ratelimited', 'rate_limited', 'internal_error', 'fatal_error', 'service_unavailable', 'request_timeout', 'team_added_to_org']);

/** Judges an error of `@slack/web-api` by its stable `code` (SLACK.md 1.3). */
export function slackProblem(error: unknown): SlackProblem {
  const coded = typeof error === 'object' && error !== null ? (error as { code?: unknown; retryAfter?: unknown; data?: { error?: unknown } }) : {};
  if (coded.code === ErrorCode.RateLimitedError)
    return { is: 'later', code: 'ratelimited', wait: (typeof coded.retryAfter === 'number' ? coded.retryAfter : 30) * 1_000 };
  if (coded.code === ErrorCode.RequestError || coded.code === ErrorCode.HTTPError) return { is: 'later', code: String(coded.code), wait: 5_000 };
  const slack = typeof coded.data?.error === 'string' ? coded.data.error : null;
  if (slack === null) return { is: 'never', code: error instanceof Error ? error.message : 'unknown' };
  if (LOST.has(slack)) return { is: 'lost', code: slack };
  return LATER.has(slack) ? { is: 'later', code: slack, wait: 5_000 } : { is: 'never', code: slack };
}
