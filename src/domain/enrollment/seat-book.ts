import type { Store } from '../../ports/store.ts';
import type { InstanceId } from '../catalog/catalog.ts';

/**
 * The seats of an instance as far as enrollment gives them out (E10). Kind `seatBook`, key = the instance's id. `taken` is counted from the
 * accounts (ours active, ours granted a seat, and the target's own, E12) and then kept: each grant adds one by
 * compare-and-set, so that no two take the last seat, and a run writes what it takes and frees with its accounts; while it is counted
 * each of these writes it all the same, so that a count that may have missed it does not stand. Removed by
 * what it does not follow, as the end of a run and a listing: then it is counted before another seat is given out.
 */
export interface SeatBook {
  readonly instanceId: InstanceId;
  /** Null while it is counted. */
  readonly taken: number | null;
}

const turns = new WeakMap<Pick<Store, 'get'>, Map<InstanceId, Promise<void>>>();

/**
 * One at a time for each instance, in the order of coming: of a hundred who accept at once each would otherwise find that another
 * one was quicker. It only spares conflicts: what keeps two from one seat is the compare-and-set, also between processes.
 * Inside nothing may wait for a run: its commits wait here for a count.
 */
export async function inTurn<T>(store: Pick<Store, 'get'>, instanceId: InstanceId, work: () => Promise<T>): Promise<T> {
  const lines = turns.get(store) ?? new Map<InstanceId, Promise<void>>();
  turns.set(store, lines);
  const before = lines.get(instanceId) ?? Promise.resolve();
  const mine = before.then(work);
  const over = mine.then(
    () => undefined,
    () => undefined,
  );
  lines.set(instanceId, over);
  try {
    return await mine;
  } finally {
    if (lines.get(instanceId) === over) lines.delete(instanceId);
  }
}
