import type { Outside } from '../../ports/outside.ts';
import type { PersonId } from '../directory/person.ts';
import type { StoredChanges } from '../plans/stored-changes.ts';
import type { Application, Gear } from './apply.ts';
import type { Ending } from './ending.ts';
import { isRemoval, type Planned } from './plan.ts';
import type { PlanSource } from './plan-source.ts';
import { disconnectedEntry } from './record.ts';
import type { Survey } from './survey.ts';
import { undone } from './task.ts';

/** How the work of a run stopped: at an end, to rest (`halted`: since all writes were stopped, N5), or because Usher shuts down. */
export type Outcome =
  | ({ readonly is: 'ended'; readonly adoption?: true } & Ending)
  | { readonly is: 'paused'; readonly halted?: true }
  | { readonly is: 'interrupted' };

/** A run at work: what its steps share. */
export interface Work {
  readonly outside: Pick<Outside, 'store' | 'clock' | 'chance' | 'fingerprint' | 'breath'>;
  readonly gear: Gear;
  readonly source: PlanSource;
  readonly survey: Survey;
  readonly applied: Application;
  /** Whom this run told of as frozen already, before a pause or a crash. */
  readonly toldFrozen: ReadonlySet<PersonId>;
  /** What a run of kind `plan` applies instead of what a plan made now would say (S6). */
  readonly stored: StoredChanges | undefined;
  /** Nobody has approved the first adoption on this target yet: accounts found there are left alone (S26). */
  readonly unadopted: boolean;
  /** People served out of turn. */
  readonly served: Set<PersonId>;
  /** What is being done about what was asked. */
  heeding: Promise<void>;
  readonly interrupt: AbortSignal;
}

/** Rows recorded between two commits when many are recorded at once. */
const RECORD_BLOCK = 256;

/** The plan that this run was handed is not applied (any further): written down with the run. */
export function voided(work: Work, because: string): Outcome {
  const { ledger } = work.gear;
  const { plan: part } = ledger.run;
  if (part !== undefined) ledger.amend({ plan: { ...part, voided: because } });
  return { is: 'ended', ending: 'cancelled', detail: because };
}

/** Whether what was planned was left undone: not of who had theirs out of turn, nor of who was off-boarded meanwhile and is to have nothing. */
function isStillDue({ served, gear: { keptOut } }: Work, { change }: Planned): boolean {
  return !served.has(change.personId) && (!keptOut.people.has(change.personId) || isRemoval(change));
}

/** The run was stopped before its plan was done: accounts that nothing was sent for stand as before. `keptBack`: planned, and never given to the lanes. */
export async function cutShort(work: Work, keptBack: readonly Planned[]): Promise<Outcome> {
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
    await gear.keptOut.again();
    for (const each of [...planned, ...keptBack]) {
      if (begun.has(each.change.personId) || !isStillDue(work, each)) continue;
      ledger.record(disconnectedEntry(each, undefined, gear.scribe));
      await pausing();
    }
    return { is: 'ended', ending: 'disconnected', detail: null };
  }
  for (const task of tasks) {
    ledger.record({ puts: undone(task, gear.connector.id) });
    await pausing();
  }
  if (stop !== undefined) return { is: 'ended', ending: stop.ending, detail: stop.error.message };
  const objection = work.stored?.voided() ?? null;
  if (objection !== null) return voided(work, objection);
  if (ledger.asked === 'halt' || (applied.halted() && ledger.asked === null)) return { is: 'paused', halted: true };
  if (ledger.asked === null) return { is: 'interrupted' };
  return ledger.asked === 'pause' ? { is: 'paused' } : { is: 'ended', ending: 'cancelled', detail: null };
}
