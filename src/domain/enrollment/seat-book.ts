import type { InstanceId } from '../catalog/catalog.ts';
import type { Instant } from '../instant.ts';

/**
 * The seats of an instance as far as enrollment gives them out (E10). Kind `seatBook`, key = the instance's id. `taken` is counted from the
 * accounts (ours active, ours granted a seat, and the target's own, E12) and then kept: each grant adds one by
 * compare-and-set, so that no two take the last seat. Counted anew after each run and listing.
 */
export interface SeatBook {
  readonly instanceId: InstanceId;
  readonly taken: number;
  readonly countedAt: Instant;
}
