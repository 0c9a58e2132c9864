import { type Condition, SNOOZES, type Snooze } from '../../src/domain/alerts/alert.ts';
import type { Choice } from '../blocks.ts';

/** A condition in plain words: for check boxes and lists. */
export const CONDITION_WORDS: Readonly<Record<Condition, { readonly name: string; readonly means: string }>> = {
  result: { name: 'Every scheduled result', means: 'The result of each scheduled sync, good or bad' },
  failure: { name: 'Failure', means: 'A sync was stopped by a critical problem' },
  partial: { name: 'Partial success', means: 'A sync finished, and some people failed' },
  fuse: { name: 'Removals held', means: 'The fuse stopped a sync before removing anyone' },
  quarantine: { name: 'Quarantined', means: 'Syncs go wrong again and again; the schedule is slowed down' },
  credentials: { name: 'Needs credentials', means: 'The application refuses the token' },
  'low-seats': { name: 'Low seats', means: 'Fewer than 5 % of the seats are free' },
  silence: { name: 'Silence', means: 'A scheduled sync or import is late, held or failed, or files are old' },
  recovered: { name: 'Recovered', means: 'A sync succeeded again after trouble' },
};

const SNOOZE_WORDS: Readonly<Record<Snooze, string>> = {
  '1h': 'For 1 hour',
  '4h': 'For 4 hours',
  tomorrow: 'Until tomorrow 8:00',
  '1w': 'For 1 week',
};

/** The lengths of a snooze for one alert. */
export function snoozeChoices(alertId: string): readonly Choice[] {
  return SNOOZES.map((length) => ({ text: SNOOZE_WORDS[length], value: `${length}/${alertId}` }));
}

/** The length and alert that were chosen; null for anything else. */
export function readSnooze(value: string | null): { readonly length: Snooze; readonly alertId: string } | null {
  const [, typed, alertId] = /^([^/]+)\/(A-\d+)$/.exec(value ?? '') ?? [];
  const length = snoozeNamed(typed);
  return length === null || alertId === undefined ? null : { length, alertId };
}

/** A length as it is typed; null for anything else. */
export function snoozeNamed(typed: string | undefined): Snooze | null {
  return SNOOZES.find((length) => length === typed?.toLowerCase()) ?? null;
}
