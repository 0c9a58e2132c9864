import type { Assignment } from '../assignments/assignment.ts';
import type { OperatingSettings } from '../connectors/connector.ts';
import type { PersonId } from '../directory/person.ts';
import type { Instant } from '../instant.ts';
import type { Account } from './account.ts';
import type { Planned } from './plan.ts';

/** What the fuse lets pass, and what it holds back (S14). */
export interface FuseVerdict {
  readonly released: readonly Planned[];
  readonly held: readonly Planned[];
}

/**
 * Counts the removals of a plan before the first is sent. Above `people` and `percent` of the accounts, or above
 * `absolute`, all are held but those that somebody was shown when ending an assignment (A3).
 */
export function fuse(removals: readonly Planned[], settings: OperatingSettings['fuse'], accounts: number, shown: ReadonlyMap<PersonId, Instant>): FuseVerdict {
  const released: Planned[] = [];
  const counted: Planned[] = [];
  for (const removal of removals) (wasShown(removal, shown) ? released : counted).push(removal);
  const tooMany = (counted.length > settings.people && counted.length * 100 > settings.percent * accounts) || counted.length > settings.absolute;
  return tooMany ? { released, held: counted } : { released: removals, held: [] };
}

/** When an ended assignment showed each person's removal, the latest first. */
export function shownRemovals(assignments: Iterable<Assignment>): ReadonlyMap<PersonId, Instant> {
  const shown = new Map<PersonId, Instant>();
  for (const { ended } of assignments) {
    if (ended === null) continue;
    for (const personId of ended.shown) shown.set(personId, Math.max(shown.get(personId) ?? 0, ended.at));
  }
  return shown;
}

/** An account that became active again after the showing was not what was shown. */
function wasShown({ account, change }: Planned, shown: ReadonlyMap<PersonId, Instant>): boolean {
  const at = shown.get(change.personId);
  return at !== undefined && account !== undefined && lastActive(account) <= at;
}

function lastActive(account: Account): Instant {
  return account.timeline.findLast(([, state]) => state === 'active')?.[0] ?? 0;
}
