import type { Store } from '../../../ports/store.ts';

/** What a process knows of its outbox and no store does: it is gone with the process, on purpose (E6). */
interface OutboxMemory {
  /** Addresses that were typed for one letter, by the letter's id. */
  readonly typed: Map<string, string>;
  /** Letters that this process has on the wire now. */
  readonly sending: Set<string>;
}

/** By store, so that a restart within one process forgets as well. */
const memories = new WeakMap<Store, OutboxMemory>();

export function memoryOf(store: Store): OutboxMemory {
  const known = memories.get(store);
  if (known !== undefined) return known;
  const memory = { typed: new Map<string, string>(), sending: new Set<string>() };
  memories.set(store, memory);
  return memory;
}
