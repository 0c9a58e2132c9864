import type { Run, RunState } from '../domain/sync/run.ts';

/** What Slack sends; `other` is what Usher has no use for. */
export type RequestKind = 'command' | 'press' | 'submission' | 'closing' | 'suggestion' | 'event' | 'other';

/** What is counted of Usher's work for whoever runs it (X8). Nothing of it names a person, an organization or a target. Durations are seconds. */
export interface Metrics {
  /** Slack has its ack, so long after the request came in. */
  acked(kind: RequestKind, seconds: number): void;
  /** No listener acked it: it was acked in the end, empty. */
  unacked(kind: RequestKind): void;
  /** What a person got for a piece of what they asked: its value, a refusal, or an apology. */
  asked(outcome: 'value' | 'refused' | 'failed'): void;
  runEnded(kind: Run['kind'], result: Extract<RunState, { is: 'ended' }>['result']): void;
  /** One request to a target; no status where no HTTP answer came. */
  targetAnswered(status: number | null, seconds: number): void;
  /** One transaction of the store. */
  committed(outcome: 'committed' | 'conflict' | 'failed', seconds: number): void;
}
