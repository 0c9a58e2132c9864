import type { Outside } from '../../../ports/outside.ts';
import type { Append } from '../../../ports/store.ts';
import { audited } from '../../audit/row.ts';
import { redrawn } from '../../cards/show.ts';
import type { PersonId } from '../../directory/person.ts';
import { put } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import { isUnfinished } from '../finished.ts';
import type { EnrollmentSwitch } from '../policy.ts';
import { isMailing, switchOf } from '../rules-in-force.ts';
import type { BulkSummary } from '../shown.ts';
import { type EnrollmentTask, taskCard, type TaskId } from '../task.ts';
import { type BulkWork, inBulk, type Step, unfinishedOf } from './bulk.ts';
import { addressOf, type Known, mailed, unlinked } from './entries.ts';
import { permittedTask } from './permit.ts';

export type Editing = BulkWork & Pick<Outside, 'settings' | 'chance' | 'enrollment'>;

/**
 * Takes people out of a task for good (E5): their links stop working in the same moment, and exactly their promised tokens go
 * back to the stock (E9). With `notify` they are told by mail, and those who can't be are counted. Whoever is through stays in.
 */
export async function removePeople(
  outside: Editing,
  actor: Actor,
  taskId: TaskId,
  personIds: readonly PersonId[],
  { notify }: { readonly notify: boolean },
): Promise<BulkSummary> {
  const { task, connector } = await permittedTask(outside, actor, taskId, 'run', ({ number }) => `remove people from task ${number}`);
  const told = notify && (await isMailing(outside, connector.id)) ? await switchOf(outside.store, connector.id) : null;
  const step = ({ entry, person }: Known): Step => {
    const removed = removal(outside, entry, actor.userId);
    const address = addressOf(person);
    if (removed.is !== 'release' || told === null || address === null) return removed;
    const letter = mailed(outside, removed.entry, 'removed', told.testAddress ?? address);
    return { is: 'release', entry: letter.entry, puts: [...(removed.puts ?? []), ...letter.puts] };
  };
  const row = (ids: readonly PersonId[]): Append =>
    peopleRow(outside, actor, task, `removed ${people(ids.length)} from task ${task.number} of ${connector.name}`, 'remove-people', ids);
  if (!notify) return await inBulk(outside, task.id, personIds, step, row);
  const counting = countingUntold(told, step);
  return counting.summary(await inBulk(outside, task.id, personIds, counting.step, row));
}

/** Counts whom a step changes and no mail tells of it: mail is off (`mailing` is null), or they have no address. Whoever's step is asked anew is counted anew. */
export function countingUntold(
  mailing: EnrollmentSwitch | null,
  step: (known: Known) => Step,
): { readonly step: (known: Known) => Step; readonly summary: (of: BulkSummary) => BulkSummary } {
  const untold = new Set<PersonId>();
  return {
    step: (known) => {
      const did = step(known);
      if (did.is === 'skip' || (mailing !== null && addressOf(known.person) !== null)) untold.delete(known.entry.personId);
      else untold.add(known.entry.personId);
      return did;
    },
    summary: (of) => (untold.size === 0 ? of : { ...of, untold: { why: mailing === null ? 'mail-off' : 'no-address', count: untold.size } }),
  };
}

/** What becomes of an entry that is taken out. Pure but for the clock. */
export function removal({ clock }: Pick<Outside, 'clock'>, entry: Known['entry'], by: string): Step {
  if (!isUnfinished(entry)) return { is: 'skip', why: entry.state.is === 'removed' ? 'removed already' : `${entry.state.is} already` };
  const { entry: next, puts } = unlinked(entry);
  return { is: 'release', entry: { ...next, state: { is: 'removed', at: clock.now(), by }, waitingSince: null }, puts };
}

/** Ends a task (E5): whoever is not enrolled yet can no longer, from this moment on. Takes an admin. */
export async function removeTask(outside: Editing, actor: Actor, taskId: TaskId): Promise<EnrollmentTask> {
  for (;;) {
    const { task, version, connector } = await permittedTask(outside, actor, taskId, 'administer', ({ number }) => `remove task ${number}`);
    const next: EnrollmentTask = { ...task, state: { is: 'removed', at: outside.clock.now(), by: actor.userId } };
    const card = await outside.store.get('card', taskCard(task.id));
    const outcome = await outside.store.transaction({
      puts: [put('task', task.id, next, version), ...(card === undefined ? [] : [redrawn(card, true)])],
      appends: [
        audited(outside, actor, {
          ...{ action: 'enrollment.remove-task', connectorId: connector.id, subject: task.id, summary: `removed task ${task.number} of ${connector.name}` },
          after: { unfinished: String((await unfinishedOf(outside, task.id)).length) },
        }),
      ],
    });
    if (outcome === 'conflict') continue;
    outside.cards.changed([taskCard(task.id)]);
    await clearRemoved(outside, next);
    return next;
  }
}

/** A removed task lets nobody in as it stands; this takes its unfinished people out, so that their links and tokens are given back. Done again at start, where a crash cut it off. */
export async function clearRemoved(outside: BulkWork, task: EnrollmentTask): Promise<void> {
  if (task.state.is !== 'removed') return;
  const { by } = task.state;
  await inBulk(
    outside,
    task.id,
    await unfinishedOf(outside, task.id),
    ({ entry }) => removal(outside, entry, by),
    () => null,
  );
}

/** The audit's row of something done to many people of a task. */
export function peopleRow(
  outside: Editing,
  actor: Pick<Actor, 'userId' | 'way'>,
  task: EnrollmentTask,
  summary: string,
  verb: string,
  ids: readonly PersonId[],
): Append {
  return audited(outside, actor, {
    action: `enrollment.${verb}`,
    connectorId: task.connectorId,
    subject: task.id,
    summary,
    after: peopleTold(ids),
  });
}

/** Of one transaction: no more than fit a row. */
export function peopleTold(ids: readonly PersonId[]): Readonly<Record<string, string>> {
  return { people: ids.join(', ') };
}

export function people(count: number): string {
  return count === 1 ? '1 person' : `${count} people`;
}
