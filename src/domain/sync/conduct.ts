import type { Outside } from '../../ports/outside.ts';
import type { PersonId } from '../directory/person.ts';
import { TargetFault } from '../connectors/target-error.ts';
import { type Application, application, type Gear } from './apply.ts';
import type { Ending } from './ending.ts';
import { fuse, shownRemovals } from './fuse.ts';
import { pushGroups } from './groups.ts';
import { listTarget } from './listing.ts';
import { frozenReason, isRemoval, type Planned, plan, sparedOf } from './plan.ts';
import type { Frozen } from './change.ts';
import { type PlanSource, planSource } from './plan-source.ts';
import { cutOff, disconnectedEntry, frozenEntry } from './record.ts';
import { recover } from './recover.ts';
import type { Run } from './run.ts';
import { type Survey, survey } from './survey.ts';

/** How the work of a run stopped: at an end, to rest, or because Usher shuts down. */
export type Outcome = ({ readonly is: 'ended' } & Ending) | { readonly is: 'paused' } | { readonly is: 'interrupted' };

type World = Pick<Outside, 'store' | 'clock' | 'chance' | 'fingerprint' | 'breath'>;

const FROZEN_SHOWN = 50;
/** Rows recorded between two commits when many are recorded at once. */
const RECORD_BLOCK = 256;

/** A run at work: what its steps share. */
interface Work {
  readonly outside: World;
  readonly gear: Gear;
  readonly source: PlanSource;
  readonly survey: Survey;
  readonly applied: Application;
  /** Whether frozen people were told already, before a pause or a crash. */
  readonly toldFrozen: boolean;
  /** People served out of turn. */
  readonly served: Set<PersonId>;
  /** What is being done about what was asked. */
  heeding: Promise<void>;
  readonly interrupt: AbortSignal;
}

/** Plans and applies: everything between a run's start and its end. */
export async function conduct(outside: World, base: Omit<Gear, 'careful'>, interrupt: AbortSignal): Promise<Outcome> {
  const prepared = await prepare(outside, base, interrupt);
  if (prepared.is === 'ended') return prepared;
  const { gear } = prepared;
  const applied = application(gear);
  const work: Work = {
    outside,
    gear,
    source: prepared.source,
    survey: prepared.survey,
    applied,
    toldFrozen: gear.ledger.run.total !== null,
    served: new Set(),
    heeding: Promise.resolve(),
    interrupt,
  };
  gear.ledger.onNews = () => heed(work);
  interrupt.addEventListener('abort', () => heed(work), { once: true });
  heed(work);
  try {
    return await planAndApply(work);
  } finally {
    gear.ledger.onNews = undefined;
    // Whatever is still under way is recorded before the run is ended.
    applied.lanes.stop();
    await drained(work);
  }
}

type Prepared = { readonly is: 'ready'; readonly gear: Gear; readonly source: PlanSource; readonly survey: Survey } | ({ readonly is: 'ended' } & Ending);

/** Reads what the plan needs; lists the target where it never was, or where a crash left open questions. */
async function prepare(outside: World, base: Omit<Gear, 'careful'>, interrupt: AbortSignal): Promise<Prepared> {
  const { connector, settings, ledger } = base;
  const now = outside.clock.now();
  const source = await planSource(outside, connector, settings, now);
  const known = connector.listing !== null || ledger.asked !== null ? await survey(source.everybody) : undefined;
  if (known !== undefined && (known.pending === 0 || ledger.asked !== null))
    return { is: 'ready', gear: { ...base, careful: connector.listing === null }, source, survey: known };
  try {
    const listing = await listTarget(outside, {
      connector,
      matching: settings.matching,
      target: base.target,
      pace: base.pace,
      stopped: () => ledger.asked !== null || interrupt.aborted,
    });
    await recover(outside, listing, settings, ledger, base.scribe);
    const again = await planSource(outside, connector, settings, now);
    return { is: 'ready', gear: { ...base, careful: !listing.complete }, source: again, survey: await survey(again.everybody) };
  } catch (fault) {
    if (!(fault instanceof TargetFault)) throw fault;
    return { is: 'ended', ending: fault.error.next === 'credentials' ? 'credentials' : 'failed', detail: fault.message };
  }
}

/** What was asked of the run meanwhile: stops the lanes, or serves a person out of turn. */
function heed(work: Work): void {
  const { ledger } = work.gear;
  const { lanes } = work.applied;
  if (ledger.asked !== null || ledger.fault !== undefined || work.interrupt.aborted) {
    lanes.stop();
    return;
  }
  const people = ledger.takeExpedited();
  if (people.length > 0) work.heeding = work.heeding.then(() => expedite(work, people)).catch((fault) => lanes.fail(fault));
}

/** Everything fed is finished, and everybody out of turn is served. */
async function drained(work: Work): Promise<void> {
  await work.applied.lanes.drained();
  await work.heeding;
  await work.applied.lanes.drained();
}

async function expedite(work: Work, people: readonly PersonId[]): Promise<void> {
  const { lanes } = work.applied;
  for (const personId of people) {
    work.served.add(personId);
    for await (const page of plan(work.source.of({ is: 'people', ids: [personId] }), work.survey)) {
      for (const planned of page.planned) await lanes.expedite(personId, planned);
    }
  }
}

async function planAndApply(work: Work): Promise<Outcome> {
  const { gear, applied } = work;
  const { ledger } = gear;
  const { lanes } = applied;
  const removals = await planChanges(work);
  const verdict = fuse(removals, gear.connector.operating.fuse, work.survey.activeAccounts, shownRemovals(work.source.assignments));
  const { total } = ledger.run;
  if (verdict.held.length > 0 && !lanes.stopped) {
    ledger.amend({ held: { removals: verdict.held.length, accounts: work.survey.activeAccounts }, total: total === null ? null : total - verdict.held.length });
  }
  await drained(work);
  if (!lanes.stopped) {
    lanes.feed(verdict.released);
    await drained(work);
  }
  if (lanes.stopped) return await cutShort(work, removals);
  const stop = gear.settings.manageGroups && ledger.run.scope.is === 'all' ? await groups(work, verdict.held.length === 0) : undefined;
  if (stop !== undefined) return { is: 'ended', ending: stop.ending, detail: stop.error.message };
  if (lanes.stopped) return await cutShort(work, []);
  return { is: 'ended', ending: verdict.held.length > 0 ? 'held' : 'completed', detail: null };
}

async function groups(work: Work, removals: boolean): ReturnType<typeof pushGroups> {
  await work.gear.ledger.flush();
  return await pushGroups({ gear: work.gear, source: work.source, removals, stopped: () => work.applied.lanes.stopped });
}

/** Makes the plan while its first changes are on their way already; removals are kept back until all are counted (S14). */
async function planChanges(work: Work): Promise<readonly Planned[]> {
  const { ledger } = work.gear;
  const { lanes } = work.applied;
  const before = ledger.run;
  const removals: Planned[] = [];
  const frozen: Left = { count: 0, first: [], protected: 0 };
  let joins = 0;
  let unchanged = 0;
  for await (const page of plan(work.source.of(before.scope), work.survey)) {
    unchanged += page.unchanged;
    const changes: Planned[] = [];
    for (const planned of page.planned) {
      const left = planned.change.is === 'frozen' ? planned.change.because : sparedOf(planned.change);
      if (left !== undefined) leave(work, planned, left, frozen);
      if (planned.change.is === 'frozen') continue;
      if (work.served.has(planned.change.personId)) joins += 1;
      else if (isRemoval(planned.change)) removals.push(planned);
      else changes.push(planned);
    }
    joins += changes.length;
    lanes.feed(changes);
    // A disconnect tells of every operation that is not done now (C13), so the plan is made to its end.
    if (lanes.stopped && ledger.asked !== 'disconnect') return removals;
  }
  const { created, adopted, updated, reactivated } = before.counts;
  // After a resumption those already done look unchanged: they were not.
  ledger.unchanged(unchanged - created - adopted - updated - reactivated);
  ledger.amend({ total: before.done + joins + removals.length, frozen });
  return removals;
}

/** `Run['frozen']` while it is counted. */
interface Left {
  count: number;
  readonly first: Run['frozen']['first'][number][];
  protected: number;
}

/** Somebody is left as they are, wholly or in their licence tier. */
function leave(work: Work, planned: Planned, because: Frozen, left: Left): void {
  const { personId } = planned.change;
  left.count += 1;
  if (because.is === 'protected') left.protected += 1;
  if (left.first.length < FROZEN_SHOWN) left.first.push({ personId, reason: frozenReason({ because }) });
  if (!work.toldFrozen) work.gear.ledger.record(frozenEntry({ ...planned, change: { is: 'frozen', personId, because } }, work.gear.scribe));
}

/** The run was stopped before its plan was done: accounts that nothing was sent for stand as before. */
async function cutShort(work: Work, removals: readonly Planned[]): Promise<Outcome> {
  const { gear, applied } = work;
  const { ledger } = gear;
  const fault = applied.fault();
  if (fault !== undefined) throw fault;
  const { tasks, planned } = applied.lanes.unfinished();
  const begun = new Set(tasks.map((task) => task.personId));
  const stop = applied.stopped();
  let recorded = 0;
  const pausing = async (): Promise<void> => {
    recorded += 1;
    if (recorded % RECORD_BLOCK === 0) await ledger.flush();
  };
  if (stop === undefined && ledger.asked === 'disconnect') {
    for (const task of tasks) {
      ledger.record(disconnectedEntry(task.planned, task, gear.scribe));
      await pausing();
    }
    for (const each of [...planned, ...removals.filter((removal) => !begun.has(removal.change.personId))]) {
      ledger.record(disconnectedEntry(each, undefined, gear.scribe));
      await pausing();
    }
    return { is: 'ended', ending: 'disconnected', detail: null };
  }
  for (const task of tasks) {
    ledger.record({ puts: cutOff(task, gear.connector.id) });
    await pausing();
  }
  if (stop !== undefined) return { is: 'ended', ending: stop.ending, detail: stop.error.message };
  if (ledger.asked === null) return { is: 'interrupted' };
  return ledger.asked === 'pause' ? { is: 'paused' } : { is: 'ended', ending: 'cancelled', detail: null };
}
