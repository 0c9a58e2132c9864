import type { Put, Store } from '../../ports/store.ts';
import { DAY, type Instant } from '../instant.ts';
import { put } from '../revise.ts';
import { type Enrollment, statusOf } from './enrollment.ts';
import type { TaskId } from './task.ts';

/** How long before its stop a task waits for somebody who may nudge or extend. */
const SOON = 2 * DAY;

/** When the clock was last looked at for enrollment: the counter's name. */
export const LOOKED = 'enrollment/looked';

/** What of a task waits for somebody, as of one look at its entries. */
export interface Outlook {
  /** Nobody is active: no reminder and no stop lies ahead before somebody's date moves, or somebody joins. */
  readonly quiet: boolean;
  /** Active, and accepted while no seat was free (E10). */
  readonly waiting: number;
  /** Other active people who must be done soon (E11). */
  readonly soon: number;
  /** The first of their stops. */
  readonly stop: Instant | null;
}

/**
 * The last outlook, so that nobody reads 30,000 entries to tell who waits. Kind `outlook`, key = the task's id. The minute's look
 * keeps it; who waits or is served changes it in the same transaction, and whatever else may wake a quiet task drops it (`seen` null, so
 * that a look under way is not kept over it): then it is counted from the entries until the next look.
 */
export interface KeptOutlook {
  readonly taskId: TaskId;
  readonly seen: Outlook | null;
}

/** Of a task without entries. */
export const NOTHING_AHEAD: Outlook = { quiet: true, waiting: 0, soon: 0, stop: null };

/** The outlook with one more entry in it. Pure. */
export function including(outlook: Outlook, entry: Pick<Enrollment, 'state' | 'stop' | 'waitingSince'>, now: Instant): Outlook {
  if (statusOf(entry, now) !== 'active') return outlook;
  if (entry.waitingSince !== null) return { ...outlook, quiet: false, waiting: outlook.waiting + 1 };
  if (entry.stop - now > SOON) return outlook.quiet ? { ...outlook, quiet: false } : outlook;
  return { ...outlook, quiet: false, soon: outlook.soon + 1, stop: Math.min(outlook.stop ?? entry.stop, entry.stop) };
}

/** For the transaction after which a task may have somebody active whom its outlook does not know, or nobody unfinished. */
export function dropped(taskId: TaskId): Put {
  return put('outlook', taskId, { taskId, seen: null });
}

/** For the transaction in which somebody begins to wait for a seat (1), or waits no more (−1). Expects a version: after a `conflict` ask again. */
export async function waitingPut(store: Pick<Store, 'get'>, taskId: TaskId, by: 1 | -1): Promise<Put> {
  const stored = await store.get('outlook', taskId);
  const seen = stored?.value.seen ?? null;
  return put('outlook', taskId, { taskId, seen: seen === null ? null : { ...seen, waiting: Math.max(0, seen.waiting + by) } }, stored?.version ?? 0);
}
