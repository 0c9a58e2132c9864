import type { RunCounts } from '../../src/domain/sync/run.ts';
import { count } from '../words.ts';

type Counted = Exclude<keyof RunCounts, 'unchanged'>;

const WORDS: readonly (readonly [of: Counted, word: string])[] = [
  ['created', 'created'],
  ['adopted', 'adopted'],
  ['updated', 'updated'],
  ['reactivated', 're-activated'],
  ['deactivated', 'deactivated'],
  ['deleted', 'deleted'],
  ['failed', 'failed'],
];

/** Told under way even while they are nought, so that the line doesn't jump. */
const ALWAYS: ReadonlySet<Counted> = new Set(['created', 'updated', 'deactivated', 'failed']);

/** Under way: `created 320 · updated 12 · deactivated 0 · failed 14`. */
export function tally(counts: RunCounts): string {
  return WORDS.filter(([of]) => counts[of] > 0 || ALWAYS.has(of))
    .map(([of, word]) => `${word} ${count(counts[of])}`)
    .join(' · ');
}

/** Afterwards: `320 created, 12 updated, 14 deactivated, 14 failed`; what is nought is left out. */
export function done(counts: RunCounts): string {
  const parts = WORDS.filter(([of]) => counts[of] > 0).map(([of, word]) => `${count(counts[of])} ${word}`);
  const unchanged = counts.unchanged > 0 ? [`${count(counts.unchanged)} unchanged`] : [];
  return [...(parts.length === 0 ? ['nothing to change'] : parts), ...unchanged].join(', ');
}
