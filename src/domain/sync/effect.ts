import type { TargetUser } from '../../ports/target.ts';
import { cleared } from '../connectors/dialect.ts';
import type { ScimValues } from '../connectors/mapping.ts';

/** What a write wanted of one user. */
export interface Wish {
  readonly set: ScimValues;
  readonly clear: readonly string[];
  readonly active?: boolean;
}

/** A value as far as targets leave it alone: without letter case, spaces, composition, and of phone numbers all but the digits. */
function bare(path: string, value: string): string {
  if (path.startsWith('phoneNumbers')) return value.replace(/\D/g, '').replace(/^0+/, '');
  return value.normalize('NFKC').toLowerCase().replace(/\s+/g, '');
}

/** Whether a target that was told `wanted` and shows `shown` took it: normalized, at most (S22). */
export function isSame(path: string, shown: string, wanted: string): boolean {
  return shown === wanted || bare(path, shown) === bare(path, wanted);
}

/** Whether an answer can be compared: one without the attribute that every user has shows only part of the user, or nothing. */
export function tells(user: TargetUser | null): user is TargetUser {
  return user?.values.userName !== undefined;
}

/**
 * What a 2xx left undone, by the keys of a dialect's `shapes` (S23): wanted values that are missing or still what they
 * were, cleared ones that are still there, `active` the other way round. Only what was sent is looked at. A value that
 * is neither wanted nor the old one is the target's own making, and taken.
 */
export function undoneBy(user: TargetUser, { set, clear, active }: Wish, before: ScimValues): readonly string[] {
  const undone: string[] = [];
  for (const path in set) {
    const wanted = set[path];
    const shown = user.values[path];
    if (wanted === undefined || shown === wanted) continue;
    const old = before[path];
    if (shown === undefined || (!isSame(path, shown, wanted) && (old === undefined || isSame(path, shown, old)))) undone.push(path);
  }
  for (const path of clear) {
    const shown = user.values[path];
    const old = before[path];
    if (shown !== undefined && (old === undefined || isSame(path, shown, old))) undone.push(cleared(path));
  }
  if (active !== undefined && user.active !== null && user.active !== active) undone.push('active');
  return undone;
}

const NOTHING: ScimValues = {};

/** What the target made of the values that it was told, where it shows others (S22): what it shows is no drift, and no reason to send again. */
export function madeOf(user: TargetUser | null, told: ScimValues, known: ScimValues = NOTHING): ScimValues | undefined {
  let made: Record<string, string> | undefined;
  if (!tells(user)) {
    for (const path in known) if (told[path] !== undefined && known[path] !== undefined) made = { ...made, [path]: known[path] };
    return made;
  }
  for (const path in told) {
    const shown = user.values[path];
    if (shown === undefined || shown === told[path]) continue;
    made ??= {};
    made[path] = shown;
  }
  return made;
}
