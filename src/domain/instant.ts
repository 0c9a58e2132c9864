/** A moment, in milliseconds since 1970-01-01 UTC. Slack's own times are in seconds: convert at that edge. */
export type Instant = number;

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
