import type { Outside } from '../../ports/outside.ts';
import type { PersonId } from '../directory/person.ts';
import { type Change, type Frozen, isOffboarding } from './change.ts';
import { frozenReason, isRemoval, type Planned, plan, sparedOf } from './plan.ts';
import { frozenEntry } from './record.ts';
import type { Run } from './run.ts';
import type { Work } from './work.ts';

const FROZEN_SHOWN = 50;

/** Whom a run told of as frozen before a pause or a crash, by its events: also while its plan is being made they are written (S5). */
export async function toldFrozen({ store }: Pick<Outside, 'store'>, { id, connectorId, requestedAt }: Run): Promise<ReadonlySet<PersonId>> {
  const told = new Set<PersonId>();
  const match = { runId: id, type: 'user_lookup_provision', success: false, cause: null } as const;
  for await (const page of store.rows('event', { partition: connectorId, match, from: requestedAt, order: 'oldest' }))
    for (const { row } of page) told.add(row.subjectId);
  return told;
}

/** Makes the plan while its first changes are on their way already; removals are kept back until all are counted (S14). */
export async function planChanges(work: Work): Promise<{ readonly removals: readonly Planned[]; readonly adoptions: number }> {
  const { ledger } = work.gear;
  const { lanes } = work.applied;
  const before = ledger.run;
  const removals: Planned[] = [];
  const frozen: Left = { count: 0, first: [], protected: 0 };
  let joins = 0;
  let unchanged = 0;
  let adoptions = 0;
  for await (const page of work.stored?.pages() ?? plan(work.source.of(before.scope), work.survey)) {
    unchanged += page.unchanged;
    const changes: Planned[] = [];
    for (const planned of page.planned) {
      const left = planned.change.is === 'frozen' ? planned.change.because : sparedOf(planned.change);
      if (left !== undefined) leave(work, planned, left, frozen);
      if (planned.change.is === 'frozen' || endsInScope(before, planned.change)) continue;
      if (work.served.has(planned.change.personId)) joins += 1;
      else if (isRemoval(planned.change) && !isOffboarding(planned.change)) removals.push(planned);
      else if (work.unadopted && planned.change.is === 'adopt') adoptions += 1;
      else changes.push(planned);
    }
    joins += changes.length;
    lanes.feed(changes);
    // A disconnect tells of every operation that is not done now (C13), so the plan is made to its end.
    if (lanes.stopped && ledger.asked !== 'disconnect') return { removals, adoptions };
  }
  const { created, adopted, updated, reactivated } = before.counts;
  // After a resumption those already done look unchanged: they were not.
  ledger.unchanged(unchanged - created - adopted - updated - reactivated);
  ledger.amend({ total: before.done + joins + removals.length, frozen });
  if ((work.stored?.voided() ?? null) !== null) lanes.stop();
  return { removals, adoptions };
}

/** *One person now* and an activation remove nobody: out of scope ends there (S16). Off-boarding does, which is made for it (S25). */
function endsInScope({ kind }: Run, change: Change): boolean {
  return (kind === 'person' || kind === 'activate') && isRemoval(change) && !isOffboarding(change);
}

/** `Run['frozen']` while it is counted. */
interface Left {
  count: number;
  readonly first: Run['frozen']['first'][number][];
  protected: number;
  skipped?: number;
}

/** Somebody is left as they are, wholly or in their licence tier. */
function leave(work: Work, planned: Planned, because: Frozen, left: Left): void {
  const { personId } = planned.change;
  left.count += 1;
  if (because.is === 'protected') left.protected += 1;
  if (because.is === 'changed-since-plan') left.skipped = (left.skipped ?? 0) + 1;
  if (left.first.length < FROZEN_SHOWN) left.first.push({ personId, reason: frozenReason({ because }) });
  if (!work.toldFrozen.has(personId)) work.gear.ledger.record(frozenEntry({ ...planned, change: { is: 'frozen', personId, because } }, work.gear.scribe));
}
