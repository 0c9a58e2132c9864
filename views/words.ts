/** Numbers, times and lists in words: the same everywhere (SCREENS.md, Voice). */
import { DASH } from './clip.ts';

/** `5110` → `5,110`. */
export function count(number: number): string {
  return Number.isFinite(number) ? number.toLocaleString('en-US', { maximumFractionDigits: 0 }) : DASH;
}

/** `plural(1, 'person', 'people')` → `1 person`; `plural(5110, …)` → `5,110 people`. `many` defaults to `one` + s. */
export function plural(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** `percent(14, 412)` → `3.4 %`, `percent(180, 412)` → `44 %`; nothing of nothing is `–`. Never rounds up to 100 or down to 0. */
export function percent(part: number, whole: number): string {
  if (!(whole > 0) || !Number.isFinite(part)) return DASH;
  const exact = (100 * part) / whole;
  if (part < whole && exact > 99) return `${Math.floor(exact * 10) / 10} %`;
  if (exact > 0 && exact < 0.1) return 'under 0.1 %';
  return exact < 10 ? `${Math.round(exact * 10) / 10} %` : `${Math.round(exact)} %`;
}

const UNITS: readonly (readonly [size: number, name: string])[] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
];

/** `41_000` → `41 s`; `5_400_000` → `1 h 30 min`: the two largest units, seconds rounded. */
export function duration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return DASH;
  const seconds = Math.max(0, milliseconds / 1_000);
  if (seconds < 1) return seconds === 0 ? '0 s' : 'under 1 s';
  const first = UNITS.findIndex(([size]) => seconds >= size);
  const smallest = UNITS[Math.min(first + 1, UNITS.length - 1)]?.[0] ?? 1;
  let rest = Math.round(seconds / smallest) * smallest;
  const words: string[] = [];
  for (const [size, name] of UNITS) {
    if (rest >= size) words.push(`${Math.floor(rest / size)} ${name}`);
    rest %= size;
  }
  return words.join(' ');
}

export type DateForm = 'date' | 'time' | 'date time';

const SHAPE: Readonly<Record<DateForm, Intl.DateTimeFormatOptions>> = {
  date: { day: 'numeric', month: 'short', year: 'numeric' },
  time: { hour: '2-digit', minute: '2-digit' },
  'date time': { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' },
};
const MOST_DISTANT = 8.64e15;

/** A moment (ms) in plain text, in the named IANA zone (an unknown one is UTC): `21 Nov 2026, 06:10 (Europe/Madrid)`. */
export function moment(at: number, timeZone: string, form: DateForm = 'date time'): string {
  if (!(Math.abs(at) <= MOST_DISTANT)) return DASH;
  const zone = isTimeZone(timeZone) ? timeZone : 'UTC';
  const text = new Intl.DateTimeFormat('en-GB', { ...SHAPE[form], timeZone: zone }).format(at);
  return form === 'date' ? text : `${text} (${zone})`;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: name });
    return /^[A-Za-z0-9_+/-]+$/.test(name);
  } catch {
    return false;
  }
}

/** `['a','b','c','d']`, 2 → `a, b and 2 more`; all of few: `a, b and c`; of none: `–`. */
export function listed(items: readonly string[], most = 5): string {
  const shown = items.length > most ? [...items.slice(0, most), `${count(items.length - most)} more`] : items;
  return shown.length === 0 ? DASH : series(shown, 'and');
}

/** `a, b or c`: what a person may choose from. */
export function eitherOf(items: readonly string[]): string {
  return items.length === 0 ? DASH : series(items, 'or');
}

function series(items: readonly string[], last: string): string {
  const end = items.at(-1) ?? '';
  return items.length === 1 ? end : `${items.slice(0, -1).join(', ')} ${last} ${end}`;
}

/** `bar(214, 360)` → `▓▓▓▓▓▓▓░░░░░`: full only when all is done. */
export function bar(done: number, total: number, width = 12): string {
  const filled = total > 0 ? Math.min(width, Math.max(0, Math.floor((done / total) * width))) : 0;
  return '▓'.repeat(filled) + '░'.repeat(width - filled);
}
