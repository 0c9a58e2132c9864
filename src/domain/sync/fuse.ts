import type { Assignment } from '../assignments/assignment.ts';
import type { OperatingSettings } from '../connectors/connector.ts';
import type { PersonId } from '../directory/person.ts';
import type { HoldPlace, HoldReason, Withheld } from '../holds/hold.ts';
import { NOTHING_STANDS, type Standing } from '../holds/standing.ts';
import type { Instant } from '../instant.ts';
import type { Account } from './account.ts';
import type { Planned } from './plan.ts';

/** What the fuse lets pass, and what it holds back (S14). */
export interface FuseVerdict {
  readonly released: readonly Planned[];
  readonly held: readonly Planned[];
  /** Null where nobody is held. */
  readonly reason: HoldReason | null;
}

/** What was decided about the connector's removals before. */
export interface Before {
  readonly standing?: Standing;
  /** Whether the plan is about everybody. A smaller one takes nobody who is held, however few it would remove. Default true. */
  readonly whole?: boolean;
}

/**
 * Counts the removals of a plan before the first is sent, measured by the active `accounts`. Above `people` and `percent` of the accounts, or above
 * `absolute`, all are held (S14), and in a freeze every one is (S21), but those that a second person released, those
 * off-boarded (S25) and, outside of a freeze, those shown when an assignment was ended (A3). People released from
 * a hold go on counting with the rest of it: a big removal does not pass in parts because some of it was released.
 */
export function fuse(
  removals: readonly Planned[],
  settings: OperatingSettings['fuse'],
  accounts: number,
  shown: ReadonlyMap<PersonId, Instant>,
  { standing = NOTHING_STANDS, whole = true }: Before = {},
): FuseVerdict {
  const { freeze } = standing;
  const released: Planned[] = [];
  const counted: Planned[] = [];
  // Inside a freeze only what was released in spite of it passes.
  const since = freeze?.from ?? 0;
  for (const removal of removals) {
    const passes =
      standing.ahead.has(removal.change.personId) || isCleared(removal, standing.released, since) || (freeze === null && isCleared(removal, shown, 0));
    (passes ? released : counted).push(removal);
  }
  if (freeze !== null) return verdict(released, counted, { is: 'freeze', name: freeze.name, until: freeze.until });
  const present = new Set(removals.map(({ change }) => change.personId));
  const again = new Set(counted.map(({ change }) => change.personId));
  const wave = [...standing.released.keys()].filter((personId) => !again.has(personId));
  const gone = wave.filter((personId) => !present.has(personId)).length;
  if (counted.length > 0 && isTooMany(counted.length + wave.length, accounts + gone, settings)) return verdict(released, counted, { is: 'fuse' });
  if (whole) return { released: removals, held: [], reason: null };
  const held = counted.filter(({ change }) => standing.held.has(change.personId));
  const back = new Set(held);
  return verdict(
    removals.filter((removal) => !back.has(removal)),
    held,
    { is: 'fuse' },
  );
}

function verdict(released: readonly Planned[], held: readonly Planned[], reason: HoldReason): FuseVerdict {
  return { released, held, reason: held.length === 0 ? null : reason };
}

function isTooMany(count: number, accounts: number, { people, percent, absolute }: OperatingSettings['fuse']): boolean {
  return (count > people && count * 100 > percent * accounts) || count > absolute;
}

/** What a run that is done planning tells the connector's hold. */
export function withheld({ held, reason }: FuseVerdict, accounts: number, whole: boolean): Withheld {
  const places = new Map<string | null, number>();
  for (const { organizationId } of held) places.set(organizationId, (places.get(organizationId) ?? 0) + 1);
  return { reason, people: held.map(({ change }) => change.personId).sort(byCodeUnit), places: ranked(places), accounts, whole };
}

function ranked(places: ReadonlyMap<string | null, number>): readonly HoldPlace[] {
  return [...places].map(([organizationId, people]) => ({ organizationId, people })).sort((a, b) => b.people - a.people);
}

/** The store's key order. */
function byCodeUnit(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
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

/** An account that somebody got again after it was cleared, active or invited, is not what was cleared. */
function isCleared({ account, change }: Planned, cleared: ReadonlyMap<PersonId, Instant>, since: Instant): boolean {
  const at = cleared.get(change.personId);
  return at !== undefined && at >= since && account !== undefined && lastGiven(account) <= at;
}

function lastGiven(account: Account): Instant {
  return account.timeline.findLast(([, state]) => state === 'active' || state === 'invited')?.[0] ?? 0;
}
