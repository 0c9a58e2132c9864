import type { Store } from '../../ports/store.ts';
import { Refusal } from '../refusal.ts';
import type { Halt } from './halt.ts';

/** The one halt there can be. */
export const HALT = '-';

/** Why no target is written to; undefined while writes go (N5). */
export async function haltIn(store: Pick<Store, 'get'>): Promise<Halt | undefined> {
  return (await store.get('halt', HALT))?.value;
}

/** Refuses what would write to a target while all writes are stopped. */
export async function requireNoHalt(store: Pick<Store, 'get'>): Promise<void> {
  const halt = await haltIn(store);
  if (halt !== undefined) throw new Refusal({ is: 'halted', by: halt.by, why: halt.why });
}
