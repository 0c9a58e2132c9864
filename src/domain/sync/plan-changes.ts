import type { Outside } from '../../ports/outside.ts';
import type { PersonId } from '../directory/person.ts';
import { type Change, type Frozen, isOffboarding, waitsFor } from './change.ts';
import { neverFree } from './handovers.ts';
import type { Ledger } from './ledger.ts';
import { frozenReason, isRemoval, type Planned, plan, sparedOf } from './plan.ts';
import { frozenEntry } from './record.ts';
import type { Run } from './run.ts';
import type { Work } from './work.ts';

const FROZEN_SHOWN = 50;

/** Whom a run told of as frozen before a pause or a crash, by its events: also while its plan is being made they are written (S5). */
export async function toldFrozen(
  { store }: Pick<Outside, 'store'>,
  { run: { id, connectorId, requestedAt }, isTakenUp }: Ledger,
): Promise<ReadonlySet<PersonId>> {
  const told = new Set<PersonId>();
  if (!isTakenUp) return told;
  const match = { runId: id, type: 'user_lookup_provision', success: false, cause: null } as const;
  for await (const page of store.rows('event', { partition: connectorId, match, from: requestedAt, order: 'oldest' }))
    for (const { row } of page) told.add(row.subjectId);
  return told;
}

/** What of a plan is kept back while its first changes are on their way. */
export interface KeptBack {
  /** Until all are counted (S14). */
  readonly removals: readonly Planned[];
  /** Until who has the name that they are to get has given it up. */
  readonly waiting: readonly Planned[];
  /** For a plan that somebody approves (S26). */
  readonly adoptions: number;
  /** Who is left as they are. */
  readonly frozen: Left;
}

/** Makes the plan while its first changes are on their way already. */
export async function planChanges(work: Work): Promise<KeptBack> {
  const { ledger } = work.gear;
  const { lanes } = work.applied;
  const before = ledger.run;
  const sorted: Sorted = { removals: [], waiting: [], adoptions: 0, frozen: { count: 0, first: [], protected: 0 }, joins: 0 };
  let unchanged = 0;
  for await (const page of work.stored?.pages() ?? plan(work.source.of(before.scope), work.survey)) {
    unchanged += page.unchanged;
    const changes = page.planned.filter((planned) => isDueNow(work, before, planned, sorted));
    sorted.joins += changes.length;
    lanes.feed(changes);
    // A disconnect tells of every operation that is not done now (C13), so the plan is made to its end.
    if (lanes.stopped && ledger.asked !== 'disconnect') return sorted;
  }
  const { created, adopted, updated, reactivated } = before.counts;
  // After a resumption those already done look unchanged: they were not.
  ledger.unchanged(unchanged - created - adopted - updated - reactivated);
  ledger.amend({ total: before.done + sorted.joins + sorted.waiting.length + sorted.removals.length, frozen: sorted.frozen });
  if ((work.stored?.voided() ?? null) !== null) lanes.stop();
  return sorted;
}

interface Sorted extends KeptBack {
  readonly removals: Planned[];
  readonly waiting: Planned[];
  adoptions: number;
  /** Sent while the plan is made, or served out of turn. */
  joins: number;
}

/** Whether a change is sent at once; the others are filed under what becomes of them. */
function isDueNow(work: Work, run: Run, planned: Planned, sorted: Sorted): boolean {
  const { change } = planned;
  const isServed = work.served.has(change.personId);
  const isKeptBack = work.unadopted && change.is === 'adopt';
  if (waitsFor(change) !== undefined && !isServed && !isKeptBack) {
    // Whether they are left in their tier only, or wholly, shows when their turn comes.
    sorted.waiting.push(planned);
    return false;
  }
  const left = change.is === 'frozen' ? change.because : sparedOf(change);
  if (left !== undefined) leave(work, planned, left, sorted.frozen);
  if (change.is === 'frozen' || endsInScope(run, change)) return false;
  if (isServed) sorted.joins += 1;
  else if (isRemoval(change) && !isOffboarding(change)) sorted.removals.push(planned);
  else if (isKeptBack) sorted.adoptions += 1;
  else return true;
  return false;
}

/** Whose turn to get a name never came is left as they are, and told so; who was off-boarded meanwhile is to have nothing, and is not told of. */
export async function leaveWaiting(work: Work, waiting: readonly Planned[], frozen: Left): Promise<void> {
  const { ledger, settings } = work.gear;
  const { keptOut } = work.source;
  if (waiting.length > 0) await keptOut.again();
  for (const planned of waiting) {
    const pause = work.outside.breath.due();
    if (pause !== undefined) await pause;
    const { personId } = planned.change;
    const because = neverFree(planned.change, settings.matching);
    if (because === undefined || work.served.has(personId)) continue;
    if (!keptOut.people.has(personId)) leave(work, planned, because, frozen);
    const { total } = ledger.run;
    ledger.amend({ frozen, total: total === null ? null : total - 1 });
  }
}

/** *One person now* and an activation remove nobody: out of scope ends there (S16). Off-boarding does, which is made for it (S25). */
function endsInScope({ kind }: Run, change: Change): boolean {
  return (kind === 'person' || kind === 'activate') && isRemoval(change) && !isOffboarding(change);
}

/** `Run['frozen']` while it is counted. */
export interface Left {
  count: number;
  readonly first: Run['frozen']['first'][number][];
  protected: number;
  skipped?: number;
}

/** Somebody is left as they are, wholly or in their licence tier. */
export function leave(work: Work, planned: Planned, because: Frozen, left: Left): void {
  const { personId } = planned.change;
  left.count += 1;
  if (because.is === 'protected') left.protected += 1;
  if (because.is === 'changed-since-plan') left.skipped = (left.skipped ?? 0) + 1;
  if (left.first.length < FROZEN_SHOWN) left.first.push({ personId, reason: frozenReason({ because }) });
  if (!work.toldFrozen.has(personId)) work.gear.ledger.record(frozenEntry({ ...planned, change: { is: 'frozen', personId, because } }, work.gear.scribe));
}
