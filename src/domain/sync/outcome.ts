import type { TargetUser } from '../../ports/target.ts';
import { cleared } from '../connectors/dialect.ts';
import type { ScimValues } from '../connectors/mapping.ts';
import { TargetFault } from '../connectors/target-error.ts';
import type { Instant } from '../instant.ts';
import type { Account, ToldState } from './account.ts';
import type { AttributeChange } from './change.ts';
import { isSame, madeOf, tells } from './effect.ts';
import { blankAccount, merged, type Task } from './task.ts';

/** Every value of an account that the target did not have, or not from us. */
export function filled({ values }: Task, operation: 'create' | 'adopt', active: boolean): readonly AttributeChange[] {
  const changes: AttributeChange[] = [];
  for (const attribute in values) changes.push({ attribute, before: null, after: values[attribute] ?? null });
  if (operation === 'create') changes.push(activeChange(null, String(active)));
  return changes;
}

/** What an event tells of a change: of one that is sent again in full, since nobody had confirmed it, what differs from what the account was last told (S5, S19). */
export function toldChanges({ changes, planned: { account } }: Task): readonly AttributeChange[] {
  if (account === undefined || account.intent === null) return changes;
  const before = account.pushed?.values ?? {};
  return changes.map(({ attribute, after }) => ({ attribute, before: before[attribute] ?? null, after })).filter((change) => change.before !== change.after);
}

/** The account as it is after it was written, active, with what the target made of the values. */
export function present(task: Task, targetId: string, origin: Account['origin'], connectorId: string, at: Instant, user: TargetUser | null): Account {
  const base = task.planned.account ?? blankAccount(connectorId, task.personId);
  const made = madeOf(user, task.values, base.pushed?.made);
  return {
    connectorId: base.connectorId,
    personId: base.personId,
    targetId,
    state: 'active',
    origin,
    pushed: made === undefined ? { values: task.values, at } : { values: task.values, at, made },
    intent: null,
    generated: merged(base.generated, task.generated),
    deleteAt: null,
    timeline: timeline(base, at, 'active'),
  };
}

/** The same of an account that stays inactive until its person accepts (E10). */
export function awaiting(account: Account, base: Account | undefined, at: Instant): Account {
  return {
    ...account,
    state: 'inactive',
    invited: base?.invited ?? { since: at, granted: null },
    timeline: timeline(base ?? { ...account, timeline: [] }, at, 'invited'),
  };
}

/** Changes of state, with this one where it is another. */
export function timeline(account: Account, at: Instant, state: ToldState): Account['timeline'] {
  return account.timeline.at(-1)?.[1] === state ? account.timeline : [...account.timeline, [at, state]];
}

/** The account of somebody who has none in the target: told as gone where there was one, else null, but for generated values, which stay its person's. */
export function withoutOne(account: Account, at: Instant): Account | null {
  const { connectorId, personId, generated } = account;
  if (account.timeline.length > 0) return { ...blankAccount(connectorId, personId), generated, timeline: timeline(account, at, 'gone') };
  return Object.keys(generated).length > 0 ? { ...blankAccount(connectorId, personId), generated } : null;
}

/** Switching on or off, as an event tells it. */
export function activeChange(before: string | null, after: string): AttributeChange {
  return { attribute: 'active', before, after };
}

/** What the account holds after a change of which this part had no effect: what it was last told or, where nobody confirmed that, what it shows. */
export function standing({ changes, planned: { account } }: Task, undone: readonly string[], user: TargetUser | null): ScimValues {
  const pushed = account?.pushed ?? null;
  const values: Record<string, string> = { ...pushed?.values };
  const isOpen = (account?.intent ?? null) !== null && tells(user);
  for (const { attribute, after } of changes) {
    const isUndone = undone.includes(after === null ? cleared(attribute) : attribute);
    if (isUndone && !isOpen) continue;
    const held = isUndone ? shownOf(attribute, user, pushed) : after;
    if (held === null) delete values[attribute];
    else values[attribute] = held;
  }
  return values;
}

/** What it shows; of what it made of ours, ours. */
function shownOf(attribute: string, user: TargetUser | null, pushed: Account['pushed']): string | null {
  const shown = user?.values[attribute];
  if (shown === undefined) return null;
  const told = pushed?.values[attribute];
  const isOurs = told !== undefined && (isSame(attribute, shown, told) || shown === pushed?.made?.[attribute]);
  return isOurs ? told : shown;
}

/** What a failed change tells: the part of it that had its effect all the same, with what an unconfirmed one before it left (S5, S23). */
export function stoodChanges({ standing: stood, changes, planned: { account } }: Task): readonly AttributeChange[] {
  if (stood === null) return [];
  const held = (attribute: string): string | null => stood.values[attribute] ?? null;
  if (account === undefined || account.intent === null) return changes.filter(({ attribute, after }) => held(attribute) === after);
  const before = account.pushed?.values ?? {};
  return changes
    .map(({ attribute }) => ({ attribute, before: before[attribute] ?? null, after: held(attribute) }))
    .filter((change) => change.before !== change.after);
}

/** The values but for these. */
export function without(values: ScimValues, paths: readonly string[]): ScimValues {
  return Object.fromEntries(Object.entries(values).filter(([path]) => !paths.includes(path)));
}

/** A success that changed nothing is that person's error (S23). */
export function withoutEffect(undone: readonly string[]): TargetFault {
  const cleans = undone.filter((key) => key.startsWith('-')).map((key) => key.slice(1));
  const sets = undone.filter((key) => !key.startsWith('-'));
  const said = [...(sets.length > 0 ? [`kept ${sets.join(', ')} as it was`] : []), ...(cleans.length > 0 ? [`did not clear ${cleans.join(', ')}`] : [])];
  const message = `It answered that all was well, but ${said.join(' and ')}.`;
  return new TargetFault({ next: 'refused', status: 200, scimType: 'no-effect', message, maybeWritten: false, retryAfter: null });
}
