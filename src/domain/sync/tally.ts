import type { FailureCause, Run, RunCounts } from './run.ts';

/** Causes that the run's document names: the commonest. */
export const MOST_CAUSES = 20;
/** Causes told apart within one run; further ones are counted as failures only. */
const CAUSES_KEPT = 500;

/** A run's numbers at one moment. */
export type Numbers = Pick<Run, 'done' | 'counts' | 'causes'>;

/** Counts what a run does, from where it left off. */
export class Tally {
  readonly #counts: Record<keyof RunCounts, number>;
  readonly #causes: Map<string, { first: FailureCause; count: number }>;
  #done: number;

  constructor({ done, counts, causes }: Numbers) {
    this.#counts = { ...counts };
    this.#causes = new Map(causes.map((cause) => [cause.key, { first: cause, count: cause.count }]));
    this.#done = done;
  }

  get done(): number {
    return this.#done;
  }

  /** A copy: what is counted later does not change it. */
  numbers(): Numbers {
    const causes = [...this.#causes.values()].sort((a, b) => b.count - a.count).slice(0, MOST_CAUSES);
    return { done: this.#done, counts: { ...this.#counts }, causes: causes.map(({ first, count }) => ({ ...first, count })) };
  }

  count(what: keyof RunCounts): void {
    this.#counts[what] += 1;
  }

  blame(cause: FailureCause): void {
    const known = this.#causes.get(cause.key);
    if (known !== undefined) known.count += 1;
    else if (this.#causes.size < CAUSES_KEPT) this.#causes.set(cause.key, { first: cause, count: 1 });
  }

  unchanged(count: number): void {
    this.#counts.unchanged = Math.max(0, count);
  }

  step(): void {
    this.#done += 1;
  }

  progressed(done: number): void {
    this.#done = done;
  }
}
