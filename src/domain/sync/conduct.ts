import type { Outside } from '../../ports/outside.ts';
import type { PersonId } from '../directory/person.ts';
import { isAdopting } from '../connectors/connector.ts';
import { TargetFault } from '../connectors/target-error.ts';
import { Halted } from '../halts/halted.ts';
import { type StoredChanges, storedChanges } from '../plans/stored-changes.ts';
import { application, type Gear } from './apply.ts';
import type { Ending } from './ending.ts';
import { standingOf } from '../holds/standing.ts';
import { type FuseVerdict, fuse, shownRemovals, withheld } from './fuse.ts';
import { Breakage } from './group-refusals.ts';
import { pushGroups } from './groups.ts';
import { linkManagers } from './link-managers.ts';
import { openOutcomes } from './open-outcomes.ts';
import { isRemoval, type Planned, plan } from './plan.ts';
import { handOn } from './hand-on.ts';
import { leaveWaiting, planChanges, toldFrozen } from './plan-changes.ts';
import { isOffboarding } from './change.ts';
import { type PlanSource, planSource } from './plan-source.ts';
import { recover } from './recover.ts';
import { type Survey, survey } from './survey.ts';
import { cutShort, type Outcome, voided, type Work } from './work.ts';
import { reassertions } from '../verify/reassertions.ts';
import { readDrift } from '../verify/walk.ts';

type World = Pick<Outside, 'store' | 'clock' | 'chance' | 'fingerprint' | 'breath'>;

/** Plans and applies: everything between a run's start and its end. A run that `rests` serves who is asked for out of turn, and goes on resting (S25). */
export async function conduct(outside: World, base: Omit<Gear, 'careful' | 'keptOut' | 'invites'>, interrupt: AbortSignal, rests = false): Promise<Outcome> {
  if (base.ledger.run.kind === 'verify') return await readDrift(outside, base, interrupt);
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
    toldFrozen: await toldFrozen(outside, gear.ledger),
    stored: await storedFor(outside, prepared.source, prepared.survey, gear),
    unadopted: gear.ledger.run.plan === undefined && !isAdopting(gear.connector),
    served: new Set(),
    heeding: Promise.resolve(),
    interrupt,
  };
  gear.ledger.onNews = () => heed(work);
  interrupt.addEventListener('abort', () => heed(work), { once: true });
  heed(work);
  try {
    return rests ? await serveOnly(work) : await planAndApply(work);
  } catch (fault) {
    if (fault instanceof Halted) return { is: 'paused', halted: true };
    throw fault;
  } finally {
    gear.ledger.onNews = undefined;
    // Whatever is still under way is recorded before the run is ended.
    applied.lanes.stop();
    await drained(work);
  }
}

type Prepared = { readonly is: 'ready'; readonly gear: Gear; readonly source: PlanSource; readonly survey: Survey } | ({ readonly is: 'ended' } & Ending);

/** Reads what the plan needs; lists the target where it never was, and asks it where a crash left open questions. */
async function prepare(outside: World, base: Omit<Gear, 'careful' | 'keptOut' | 'invites'>, interrupt: AbortSignal): Promise<Prepared> {
  const { connector, settings, ledger } = base;
  const now = outside.clock.now();
  const source = await planSource(outside, connector, settings, now);
  const known = connector.listing !== null || ledger.asked !== null ? await survey(source.everybody) : undefined;
  if (known !== undefined && (known.pending === 0 || ledger.asked !== null))
    return {
      is: 'ready',
      gear: { ...base, careful: connector.listing === null, keptOut: source.keptOut, invites: source.everybody.invites },
      source,
      survey: known,
    };
  try {
    const stopped = (): boolean => ledger.asked !== null || interrupt.aborted;
    const walk = { connector, matching: settings.matching, target: base.target, pace: base.pace, stopped };
    const listing = await openOutcomes(outside, walk, base.tongue.dialect, known);
    await recover(outside, listing, settings, ledger, base.scribe);
    const again = await planSource(outside, connector, settings, now);
    const gear = { ...base, careful: !listing.complete, keptOut: again.keptOut, invites: again.everybody.invites };
    return { is: 'ready', gear, source: again, survey: await survey(again.everybody) };
  } catch (fault) {
    if (!(fault instanceof TargetFault)) throw fault;
    const refusal = await base.probe.refusal(fault.error);
    return { is: 'ended', ending: refusal !== undefined || fault.error.next === 'credentials' ? 'credentials' : 'failed', detail: fault.message };
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
  const { keptOut } = work.source;
  await keptOut.again();
  for (const personId of people) {
    work.served.add(personId);
    let turn = await serve(work, personId);
    if (keptOut.people.has(personId)) {
      // A change of theirs may have been on its way already: what it left is taken away too (S25).
      await work.gear.ledger.flush();
      const again = await serve(work, personId);
      if (turn !== 'sent') turn = again;
    }
    if (turn !== 'sent') work.served.delete(personId);
    await work.gear.ledger.retrace(personId);
    // Nothing outside the plan is ever applied (S6): they come right after it.
    if (work.stored !== undefined && turn === 'waits') work.gear.ledger.handBack(personId);
  }
}

/** What came of serving somebody out of turn. */
type Turn = 'sent' | 'waits' | 'nothing';

async function serve(work: Work, personId: PersonId): Promise<Turn> {
  let turn: Turn = 'nothing';
  for await (const page of plan(work.source.of({ is: 'people', ids: [personId] }), work.survey)) {
    for (const planned of page.planned) {
      turn = (await waits(work, planned)) ? 'waits' : work.applied.lanes.stopped ? 'nothing' : 'sent';
      if (turn === 'sent') await work.applied.lanes.expedite(personId, planned);
    }
  }
  return turn;
}

/** Who is held back is not removed out of turn either: they wait for the fuse like all others, adoptions for their plan, who is to get a name for its holder, and all but who is off-boarded for the end of a plan's run. */
async function waits(work: Work, planned: Planned): Promise<boolean> {
  const { change } = planned;
  if (isOffboarding(change)) return false;
  // Left as they are for themselves alone: the run may have more to say of them.
  if (change.is === 'frozen') return true;
  // One person now is for who is in scope: out of scope ends there (S16), and the run takes them as all others.
  if (isRemoval(change)) return true;
  if (work.stored !== undefined || (work.unadopted && change.is === 'adopt')) return true;
  return false;
}

/** The stored plan of a run that was handed one. */
async function storedFor(outside: World, source: PlanSource, surveyed: Survey, { ledger, settings }: Gear): Promise<StoredChanges | undefined> {
  const { run } = ledger;
  if (run.kind === 'reassert') return reassertions(outside, run, source.everybody);
  if (run.plan === undefined) return undefined;
  const stored = await storedChanges(outside, run, { settings, input: source.of(run.scope), survey: surveyed });
  if (stored.putOff > 0) ledger.amend({ plan: { ...run.plan, putOff: stored.putOff } });
  return stored;
}

/** Nothing is managed on this target yet, and accounts are there that it would adopt: then everything waits for the plan that somebody approves (S26). */
async function awaitsFirstAdoption(work: Work): Promise<boolean> {
  const { gear, source, unadopted } = work;
  if (!unadopted || gear.ledger.asked !== null || work.survey.managed > 0) return false;
  if ((await work.outside.store.count('sighting', `${gear.connector.id}/`)) === 0) return false;
  for await (const page of plan(source.of(gear.ledger.run.scope), work.survey)) if (page.planned.some(({ change }) => change.is === 'adopt')) return true;
  return false;
}

async function serveOnly(work: Work): Promise<Outcome> {
  await drained(work);
  return work.applied.lanes.stopped ? await cutShort(work, []) : { is: 'paused' };
}

async function planAndApply(work: Work): Promise<Outcome> {
  const { gear, applied } = work;
  const { ledger } = gear;
  const { lanes } = applied;
  if (await awaitsFirstAdoption(work)) return { is: 'ended', ending: 'held', detail: null, adoption: true };
  const objection = ledger.asked === null ? ((await work.stored?.objection()) ?? null) : null;
  if (objection !== null) return voided(work, objection);
  const keptBack = await planChanges(work);
  const { removals, adoptions, waiting, frozen } = keptBack;
  const whole = ledger.run.scope.is === 'all' && work.stored === undefined;
  const verdict = await measured(work, removals, whole);
  const { total } = ledger.run;
  if (verdict.held.length > 0 && !lanes.stopped) {
    ledger.amend({ held: { removals: verdict.held.length, accounts: work.survey.accounts }, total: total === null ? null : total - verdict.held.length });
  }
  await drained(work);
  if (lanes.stopped) return await cutShort(work, [...removals, ...waiting]);
  lanes.feed(verdict.released);
  await drained(work);
  const left = await handOn(work, keptBack, () => drained(work));
  if (lanes.stopped) return await cutShort(work, left);
  await leaveWaiting(work, left, frozen);
  await linkManagers(work, () => drained(work));
  // A plan tells of people only: groups follow with the next sync.
  const stop =
    gear.settings.manageGroups && ledger.run.scope.is === 'all' && work.stored === undefined ? await groups(work, verdict.held.length === 0) : undefined;
  if (stop !== undefined) return { is: 'ended', ending: stop.ending, detail: stop.error.message };
  if (lanes.stopped) return await cutShort(work, []);
  const kept = { detail: null, withheld: withheld(verdict, work.survey.accounts, whole) };
  if (adoptions > 0) return { is: 'ended', ending: 'held', ...kept, adoption: true };
  return { is: 'ended', ending: verdict.held.length > 0 ? 'held' : 'completed', ...kept };
}

/** What the fuse says, by what was decided until now: read as late as can be, so that a freeze or a release of this minute counts. */
async function measured({ outside, gear, source, survey: { accounts } }: Work, removals: readonly Planned[], whole: boolean): Promise<FuseVerdict> {
  const standing = await standingOf(outside.store, gear.connector.id, outside.clock.now());
  // Exactly these were seen and approved by somebody else; a freeze they were not asked about still holds.
  if (gear.ledger.run.plan?.approved === true && standing.freeze === null) return { released: removals, held: [], reason: null };
  return fuse(removals, gear.connector.operating.fuse, accounts, shownRemovals(source.assignments), { standing, whole });
}

async function groups(work: Work, removals: boolean): ReturnType<typeof pushGroups> {
  await work.gear.ledger.flush();
  return await pushGroups({ gear: work.gear, source: work.source, removals, breakage: new Breakage(), stopped: () => work.applied.lanes.stopped });
}
