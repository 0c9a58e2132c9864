import type { Store } from '../../ports/store.ts';

/** Milliseconds that a finding holds: however often a supervisor asks, it costs one small write in so long a time. */
const HOLDS = 5_000;

/** Whether the store takes a transaction now: an empty one, which goes to the disk like any other. Null when it does. */
export function writable(store: Pick<Store, 'transaction'>): () => Promise<string | null> {
  let asked = Number.NEGATIVE_INFINITY;
  let finding: Promise<string | null> = Promise.resolve(null);
  return () => {
    if (performance.now() - asked < HOLDS) return finding;
    asked = performance.now();
    finding = store.transaction({}).then(
      () => null,
      () => 'it can’t be written',
    );
    return finding;
  };
}
