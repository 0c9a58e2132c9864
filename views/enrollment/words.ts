import type { Enrollment, EnrollmentStatus, MailState } from '../../src/domain/enrollment/enrollment.ts';
import type { Language } from '../../src/domain/enrollment/letter.ts';
import type { AuthenticationType } from '../../src/domain/enrollment/policy.ts';
import type { BulkSummary, StatusCounts, TaskModel } from '../../src/domain/enrollment/shown.ts';
import type { EnrollmentTask } from '../../src/domain/enrollment/task.ts';
import { clip } from '../clip.ts';
import { md, type Mrkdwn } from '../mrkdwn.ts';
import { type Sign, signed } from '../signs.ts';
import { count, listed, moment, plural } from '../words.ts';

/** One status, one word and one sign (E2). */
export const STATUS_SIGNS: Readonly<Record<EnrollmentStatus, Sign>> = {
  active: { sign: '○', word: 'active' },
  enrolled: { sign: '●', word: 'enrolled' },
  completed: { sign: '✓', word: 'completed' },
  locked: { sign: '⛔', word: 'locked' },
  expired: { sign: '✕', word: 'expired' },
  removed: { sign: '–', word: 'removed' },
};

/** What is told of a task, in this order; removed people come last and are no part of the bar. */
const ORDER: readonly EnrollmentStatus[] = ['enrolled', 'completed', 'active', 'expired', 'locked', 'removed'];
const WIDTH = 12;
const LONGEST_NAME = 80;

export function statusWord(status: EnrollmentStatus): string {
  return signed(STATUS_SIGNS[status]);
}

/** Everybody who is not removed (E1). */
export function peopleIn(counts: StatusCounts): number {
  return counts.active + counts.enrolled + counts.completed + counts.expired + counts.locked;
}

/** Active, expired or locked. */
export function unfinishedIn(counts: StatusCounts): number {
  return counts.active + counts.expired + counts.locked;
}

/** Whom *Nudge* writes to: active, and not waiting for a seat. */
export function stragglersIn({ counts, waiting }: Pick<TaskModel, 'counts' | 'waiting'>): number {
  return Math.max(0, counts.active - waiting);
}

/** Filled: enrolled. Half: may still enroll. Light: expired or locked. Nobody is left out of it for being few; the words beside it say the same. */
export function statusBar(counts: StatusCounts): string {
  const parts = [
    ['▓', counts.enrolled + counts.completed],
    ['▒', counts.active],
    ['░', counts.expired + counts.locked],
  ] as const;
  const total = peopleIn(counts);
  if (total === 0) return '';
  const cells = parts.map(([, number]) => (number === 0 ? 0 : Math.max(1, Math.floor((number / total) * WIDTH))));
  // What rounding left over or took too much is the largest part's.
  const largest = parts.reduce((best, [, number], at) => (number > (parts[best]?.[1] ?? 0) ? at : best), 0);
  const left = WIDTH - cells.reduce((sum, one) => sum + one, 0);
  return parts.map(([sign], at) => sign.repeat((cells[at] ?? 0) + (at === largest ? left : 0))).join('');
}

/** `251 enrolled · 58 active · 8 expired · 3 locked`; what is nought is left out. */
export function countsLine(counts: StatusCounts, separator = ' · '): string {
  const parts = ORDER.filter((status) => counts[status] > 0).map((status) => `${count(counts[status])} ${STATUS_SIGNS[status].word}`);
  return parts.length === 0 ? 'nobody in it' : parts.join(separator);
}

/** The last day, in the task's own zone: `1 Dec 2026 (Europe/Madrid)`. A stop is the first moment after it. */
export function stopDay(stop: number, timeZone: string): string {
  return `${moment(stop - 1, timeZone, 'date')} (${timeZone})`;
}

/** `1 Dec 2026 (Europe/Madrid)`, or from the first to the last where people's own differ. */
export function stopDays({ task, stops }: Pick<TaskModel, 'task' | 'stops'>): string {
  if (stops === null) return stopDay(task.stop, task.timeZone);
  const first = moment(stops.first - 1, task.timeZone, 'date');
  const last = moment(stops.last - 1, task.timeZone, 'date');
  return first === last ? `${last} (${task.timeZone})` : `${first} to ${last} (${task.timeZone})`;
}

export const TYPE_WORDS: Readonly<Record<AuthenticationType, string>> = { link: 'link', 'hardware-token': 'hardware token' };

/** Each by its own name, as the page offers it. */
export const LANGUAGE_WORDS: Readonly<Record<Language, string>> = { en: 'English', es: 'Español' };

/** What they use, or may choose from. */
export function typeWords({ type }: Pick<Enrollment, 'type'>, { types }: Pick<EnrollmentTask, 'types'>): string {
  return type === null ? types.map((one) => TYPE_WORDS[one]).join(' or ') : TYPE_WORDS[type];
}

/** `e-mailed to p…@example.org`, with what became of it. */
export function mailWords(mail: MailState | null): string {
  if (mail === null) return 'not e-mailed';
  switch (mail.is) {
    case 'queued':
      return `mail to ${mail.to} is under way`;
    case 'accepted':
      return `e-mailed to ${mail.to}`;
    case 'unknown':
      return `mail to ${mail.to}: not known whether it went out`;
    case 'refused':
      return `${mail.to} was refused: ${mail.why}`;
    case 'given-up':
      return `mail to ${mail.to} was given up: ${mail.why}`;
  }
}

/** `Task 1042`. */
export function taskName({ number }: Pick<EnrollmentTask, 'number'>): string {
  return `Task ${number}`;
}

/** A name as a list of names tells it. */
export function shortName(name: string): string {
  return clip(name, LONGEST_NAME);
}

/** `2 skipped: enrolled already (Lee Okafor and Mia Sørensen)`: one line a reason. */
export function skippedLines(summary: BulkSummary): readonly Mrkdwn[] {
  return summary.skipped.map(({ why, count: number, people }) => {
    const more = number - people.length;
    const names = people.map(shortName);
    const named = names.length === 0 ? '' : ` (${listed([...names, ...(more > 0 ? [`${count(more)} more`] : [])], names.length + 1)})`;
    return md`${plural(number, 'person', 'people')} skipped: ${why}${named}`;
  });
}
