import type { Outside } from '../../../ports/outside.ts';
import type { Instant } from '../../instant.ts';
import { namesOf } from '../../rights/verbs/names.ts';
import { type Enrollment, type EnrollmentStatus, statusOf } from '../enrollment.ts';
import { isUnfinished } from '../finished.ts';
import type { StatusCounts, TaskModel } from '../shown.ts';
import type { EnrollmentTask, TaskId } from '../task.ts';

/** What a task's card shows; null for one that is gone with its connector. Counts all entries: for after the ack. */
export async function taskModel(outside: Pick<Outside, 'store' | 'clock' | 'breath' | 'workspace'>, taskId: TaskId): Promise<TaskModel | null> {
  const task = (await outside.store.get('task', taskId))?.value;
  const connector = task === undefined ? undefined : (await outside.store.get('connector', task.connectorId))?.value;
  if (task === undefined || connector === undefined) return null;
  const numbers = await numbersOf(outside, task);
  const { id, name, state } = connector;
  return { task, connector: { id, name, state }, by: (await namesOf(outside, [task.by]))(task.by), ...numbers };
}

export type Numbers = Omit<TaskModel, 'task' | 'connector' | 'by'>;

/** A task's numbers, from one pass over its entries. */
export async function numbersOf({ store, clock, breath }: Pick<Outside, 'store' | 'clock' | 'breath'>, task: EnrollmentTask): Promise<Numbers> {
  const counts: Record<EnrollmentStatus, number> = { active: 0, enrolled: 0, completed: 0, locked: 0, expired: 0, removed: 0 };
  const found = { waiting: 0, undelivered: 0, withoutMail: 0, tokensShort: 0 };
  let stops: { first: Instant; last: Instant } | null = null;
  const now = clock.now();
  for await (const page of store.scan('enrollment', { prefix: `${task.id}/` })) {
    for (const { value: entry } of page) {
      const status = standing(task, entry, now);
      counts[status] += 1;
      if (status === 'removed' || !isUnfinished(entry)) continue;
      stops = stops === null ? { first: entry.stop, last: entry.stop } : { first: Math.min(stops.first, entry.stop), last: Math.max(stops.last, entry.stop) };
      if (entry.type === 'hardware-token' && entry.reserved === null) found.tokensShort += 1;
      if (status !== 'active') continue;
      if (entry.waitingSince !== null) found.waiting += 1;
      if (entry.mail === null) found.withoutMail += 1;
      else if (isLost(entry.mail)) found.undelivered += 1;
    }
    const pause = breath.due();
    if (pause) await pause;
  }
  return { counts, ...found, stops, finished: isThrough(task, counts) };
}

/** An unfinished entry of a task that was removed lets nobody in, also before it says so itself. */
function standing(task: EnrollmentTask, entry: Enrollment, now: Instant): EnrollmentStatus {
  return task.state.is === 'removed' && isUnfinished(entry) ? 'removed' : statusOf(entry, now);
}

/** Refused, given up, or never answered. */
export function isLost(mail: NonNullable<Enrollment['mail']>): boolean {
  switch (mail.is) {
    case 'queued':
    case 'accepted':
      return false;
    case 'unknown':
    case 'refused':
    case 'given-up':
      return true;
  }
}

function isThrough({ state }: EnrollmentTask, { active, locked, expired }: StatusCounts): boolean {
  return state.is === 'removed' || (state.is === 'open' && active + locked + expired === 0);
}
