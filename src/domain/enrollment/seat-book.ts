import type { InstanceId } from '../catalog/catalog.ts';

/**
 * The seats of an instance as far as enrollment gives them out (E10). Kind `seatBook`, key = the instance's id. `taken` is counted from the
 * accounts (ours active, ours granted a seat, and the target's own, E12) and then kept: each grant adds one by
 * compare-and-set, so that no two take the last seat, and a run writes what it takes and frees with its accounts. Removed by
 * what it does not follow, as the end of a run and a listing: then it is counted before another seat is given out.
 */
export interface SeatBook {
  readonly instanceId: InstanceId;
  /** Null while it is counted. */
  readonly taken: number | null;
}
