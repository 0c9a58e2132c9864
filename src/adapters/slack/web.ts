import { WebClient, type WebClientOptions } from '@slack/web-api';
import type { Log } from '../../ports/log.ts';
import { slackLogger } from './logger.ts';

/**
 * A client for background edits, apart from the one that acks and views use: the SDK pauses a whole client on a 429.
 * Retries are the postman's own, so that a restart continues them.
 */
export function backgroundClient(token: string, slackApiUrl: string, log: Log): WebClient {
  const options: WebClientOptions = { slackApiUrl, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, timeout: 30_000, logger: slackLogger(log) };
  return new WebClient(token, options);
}
