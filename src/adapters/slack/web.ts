import { WebClient, type WebClientOptions } from '@slack/web-api';

/**
 * A client for background edits, apart from the one that acks and views use: the SDK pauses a whole client on a 429.
 * Retries are the postman's own, so that a restart continues them.
 */
export function backgroundClient(token: string, slackApiUrl: string): WebClient {
  const options: WebClientOptions = { slackApiUrl, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, timeout: 30_000 };
  return new WebClient(token, options);
}
