import type { Metrics } from '../src/ports/metrics.ts';

/** Counts nothing. */
export const uncounted: Metrics = {
  acked: () => undefined,
  unacked: () => undefined,
  asked: () => undefined,
  runEnded: () => undefined,
  targetAnswered: () => undefined,
  committed: () => undefined,
};
