import type { Outside } from '../../ports/outside.ts';
import type { ConnectorId } from '../connectors/connector.ts';
import type { Enrollment } from './enrollment.ts';
import type { EnrollmentTask } from './task.ts';

/** Whether they may still enroll, now or after a new stop date or re-issue: active, expired, locked. */
export function isUnfinished({ state }: Pick<Enrollment, 'state'>): boolean {
  return state.is === 'active' || state.is === 'locked';
}

/** Whether a task has left the list (E4); looks no further than the first who is unfinished. */
export async function isFinished({ store, breath }: Pick<Outside, 'store' | 'breath'>, task: EnrollmentTask): Promise<boolean> {
  if (task.state.is === 'removed' || task.settledAt !== undefined) return true;
  if (task.state.is === 'gathering') return false;
  for await (const page of store.scan('enrollment', { prefix: `${task.id}/` })) {
    if (page.some(({ value }) => isUnfinished(value))) return false;
    const pause = breath.due();
    if (pause) await pause;
  }
  return true;
}

/** A connector's tasks by which somebody may still enroll: they close with it (C13). */
export async function openTasksOf(outside: Pick<Outside, 'store' | 'breath'>, connectorId: ConnectorId): Promise<readonly EnrollmentTask[]> {
  const found: EnrollmentTask[] = [];
  for await (const page of outside.store.scan('task'))
    for (const { value } of page) if (value.connectorId === connectorId && !(await isFinished(outside, value))) found.push(value);
  return found;
}
