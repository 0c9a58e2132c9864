import type { Outside } from '../../../ports/outside.ts';
import type { PersonId } from '../../directory/person.ts';
import { DAY, type Instant } from '../../instant.ts';
import { badInput } from '../../refusal.ts';
import type { Actor } from '../../rights/grant.ts';
import { endOfDay, remindersAnew } from '../days.ts';
import { statusOf } from '../enrollment.ts';
import type { EnrollmentPolicy, EnrollmentSwitch } from '../policy.ts';
import { isMailing, policyOf, switchOf } from '../rules-in-force.ts';
import type { BulkSummary } from '../shown.ts';
import type { EnrollmentTask, TaskId } from '../task.ts';
import { inBulk, type Step, unfinishedOf } from './bulk.ts';
import { addressOf, type Known, mailed } from './entries.ts';
import { permittedTask } from './permit.ts';
import { countingUntold, type Editing, people, peopleRow } from './remove.ts';

/** A stop date further away than this is a slip of the finger. */
const FURTHEST = 366 * DAY;

type Moving = Editing & Pick<Outside, 'calendar'>;

/**
 * A new stop date (E5): the end of that day (`YYYY-MM-DD`) in the organization's zone, earlier or later, for the chosen people or
 * for all unfinished ones. Revives who expired, not who is locked. Whoever's date moves is told by mail, with a link that works
 * beside the earlier ones; where nothing can be mailed the date moves all the same, and they are counted.
 */
export async function moveStop(
  outside: Moving,
  actor: Actor,
  taskId: TaskId,
  whom: readonly PersonId[] | 'unfinished',
  date: string,
): Promise<BulkSummary & { readonly stop: Instant }> {
  const { task, connector } = await permittedTask(outside, actor, taskId, 'run', ({ number }) => `move the stop date of task ${number}`);
  const stop = stopOf(outside, task, date);
  const means: Means = {
    policy: await policyOf(outside, connector),
    mailing: (await isMailing(outside, connector.id)) ? await switchOf(outside.store, connector.id) : null,
  };
  const chosen = whom === 'unfinished' ? await unfinishedOf(outside, task.id) : whom;
  const counting = countingUntold(means.mailing, (known) => moved(outside, task, known, stop, means));
  const summary = await inBulk(outside, task.id, chosen, counting.step, (ids) =>
    peopleRow(
      outside,
      actor,
      task,
      `moved the stop date of ${people(ids.length)} in task ${task.number} of ${connector.name} to ${date.trim()}`,
      'stop-date',
      ids,
    ),
  );
  return { ...counting.summary(summary), stop };
}

/** *Extend stragglers* (E11): a new stop date for everybody who isn't through. */
export function extendStragglers(outside: Moving, actor: Actor, taskId: TaskId, date: string): ReturnType<typeof moveStop> {
  return moveStop(outside, actor, taskId, 'unfinished', date);
}

interface Means {
  readonly policy: EnrollmentPolicy;
  readonly mailing: EnrollmentSwitch | null;
}

function moved(outside: Moving, task: EnrollmentTask, { entry, person }: Known, stop: Instant, { policy, mailing }: Means): Step {
  const now = outside.clock.now();
  const status = statusOf(entry, now);
  if (status === 'locked') return { is: 'skip', why: 'locked: re-issue instead' };
  if (status !== 'active' && status !== 'expired') return { is: 'skip', why: `${status} already` };
  if (entry.stop === stop) return { is: 'skip', why: 'had that date already' };
  const next = { ...entry, stop, reminded: remindersAnew(entry, policy, { start: task.start, stop, now }) };
  const address = addressOf(person);
  // Who accepted and waits for a seat has nothing to do (E10), but to know until when.
  if (mailing === null || address === null) return { is: 'change', entry: next };
  return { is: 'change', ...mailed(outside, next, 'extended', mailing.testAddress ?? address) };
}

/** The stop that a day means; refuses what is no day, over, or a slip of the finger. */
export function stopOf({ calendar, clock }: Pick<Outside, 'calendar' | 'clock'>, { timeZone }: EnrollmentTask, typed: string): Instant {
  const date = typed.trim();
  const stop = dayEnd(calendar, date, timeZone);
  const now = clock.now();
  if (stop === null) throw badInput('date', `“${date}” is no day.`, 'Type it as 2026-11-30.');
  if (stop <= now) throw badInput('date', `${date} is over.`, 'Choose today or a later day. To end it now, remove the people or the task.');
  if (stop > now + FURTHEST) throw badInput('date', `${date} is more than a year away.`, 'Choose an earlier day.');
  return stop;
}

function dayEnd(calendar: Outside['calendar'], date: string, timeZone: string): Instant | null {
  try {
    return endOfDay(calendar, date, timeZone);
  } catch {
    return null;
  }
}
