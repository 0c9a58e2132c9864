import type { Typed } from './command.ts';

/** The `key=` that a verb takes: those that its usage shows, so that none is taken which help doesn't tell, or told which is not taken. */
export function keysOf({ usage }: Pick<Typed, 'usage'>): readonly string[] {
  return [...usage.matchAll(/(?<=^|[\s[|])[a-z][a-z-]*(?==)/g)].map(([key]) => key);
}

/** The one that was meant: what was typed is its beginning, or differs in less than half of its letters. Null where none is that near. */
export function nearest(typed: string, known: readonly string[]): string | null {
  const near = known
    .map((key) => ({ key, steps: key.startsWith(typed) ? 0 : editsBetween(typed, key) }))
    .filter(({ key, steps }) => steps < key.length / 2)
    .sort((a, b) => a.steps - b.steps);
  return near[0]?.key ?? null;
}

/** How many letters to put in, take out, replace, or swap with the next one make one word the other. */
function editsBetween(from: string, to: string): number {
  let before: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const same = from[i - 1] === to[j - 1];
      const swapped = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1] ? (before[j - 2] ?? Number.POSITIVE_INFINITY) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min((row[j - 1] ?? 0) + 1, (last[j] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1), swapped));
    }
    [before, last] = [last, row];
  }
  return last[to.length] ?? 0;
}
