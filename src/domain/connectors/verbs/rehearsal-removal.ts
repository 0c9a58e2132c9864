import { type TargetError, TargetFault } from '../target-error.ts';
import type { Bench } from './rehearsal-bench.ts';

/** Deleting is refused in so many ways: these mean "not here". */
const CANNOT_DELETE = new Set([400, 403, 404, 405, 501]);

/** False where the target does not delete. Any other fault is thrown. */
export async function removed(remove: () => Promise<void>): Promise<boolean> {
  try {
    await remove();
    return true;
  } catch (error) {
    if (error instanceof TargetFault && error.error.status !== null && CANNOT_DELETE.has(error.error.status)) return false;
    throw error;
  }
}

/** Removes the test user and group as far as the target lets us; deactivates a user that it keeps. What stays is remembered. */
export async function cleanUp({ left, target, send }: Bench, fault: TargetError): Promise<void> {
  const isDeaf = fault.next === 'credentials' || fault.next === 'unusable' || (fault.next === 'again' && fault.status === null);
  if (isDeaf) return;
  const did = (work: () => Promise<unknown>): Promise<boolean> =>
    send(work).then(
      () => true,
      () => false,
    );
  const { groupId, userId } = left;
  if (groupId !== null && (await did(() => target.removeGroup(groupId)))) left.groupId = null;
  if (userId === null) return;
  if (await did(() => target.remove(userId))) left.userId = null;
  else await did(() => target.change(userId, { set: {}, clear: [], active: false }));
}
