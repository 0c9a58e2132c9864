import type { TargetUser } from '../../ports/target.ts';
import { type Account, isInvited } from '../sync/account.ts';
import type { AttributeChange } from '../sync/change.ts';
import { isSame, tells } from '../sync/effect.ts';
import type { Drift } from './verification.ts';

/** What an account's target user is compared by. */
export interface Compared {
  readonly name: string;
  /** Attributes that the target keeps in no way that was found (C20): their absence tells nothing. */
  readonly neverKept: ReadonlySet<string>;
}

const ACTIVE = 'active';

/**
 * How a target's user differs from what it was last pushed, null where it doesn't (S20). A value that the target
 * normalizes is no difference, nor is one that it is known to have made of ours (S22); `before` is what the target has,
 * `after` what was pushed. Of a deactivated account only that it is deactivated counts.
 */
export function driftOf(account: Account, user: TargetUser, { name, neverKept }: Compared): Drift | null {
  const { personId, pushed, state } = account;
  const base = { personId, name, targetId: user.id };
  const wanted = state === 'active';
  const asleep = user.active !== null && user.active !== wanted;
  const waits = isInvited(account);
  // Who is invited is inactive as it should be, and the values are kept right (E10); switched on by hand is told first.
  const compares = wanted || (waits && !asleep);
  const changes = compares && pushed !== null && tells(user) ? changedValues(pushed, user, neverKept) : [];
  if (changes.length === 0) return asleep ? { is: 'active', ...base, wanted } : null;
  const woken: AttributeChange = { attribute: ACTIVE, before: String(user.active), after: String(wanted) };
  return { is: 'changed', ...base, changes: asleep ? [...changes, woken] : changes };
}

function changedValues({ values, made }: NonNullable<Account['pushed']>, user: TargetUser, neverKept: ReadonlySet<string>): readonly AttributeChange[] {
  const changes: AttributeChange[] = [];
  for (const attribute in values) {
    const after = values[attribute] ?? '';
    const held = made?.[attribute] ?? after;
    const shown = user.values[attribute] ?? '';
    if (isSame(attribute, shown, held) || isSame(attribute, shown, after)) continue;
    if (shown === '' && neverKept.has(attribute)) continue;
    changes.push({ attribute, before: shown === '' ? null : shown, after });
  }
  return changes;
}

/** Whether the account was switched on or off by another hand, beside what else differs. */
export function switchedIn(changes: readonly AttributeChange[]): boolean {
  return changes.some(({ attribute }) => attribute === ACTIVE);
}

/** The values of a change, without `active`. */
export function valuesIn(changes: readonly AttributeChange[]): readonly AttributeChange[] {
  return changes.filter(({ attribute }) => attribute !== ACTIVE);
}
