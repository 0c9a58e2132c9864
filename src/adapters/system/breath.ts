import { performance } from 'node:perf_hooks';
import type { Breath } from '../../ports/breath.ts';

/** How long a computation may hold the event loop. */
const SLICE = 5;

/**
 * The `Breath` port: yields by `setImmediate`, because awaiting a resolved promise lets no socket in. Computations
 * that run side by side share the slice: while one yields, the others do as well.
 */
export function createBreath(): Breath {
  let last = performance.now();
  let pause: Promise<void> | undefined;
  return {
    due() {
      if (pause !== undefined) return pause;
      if (performance.now() - last < SLICE) return undefined;
      pause = new Promise((resolve) => {
        setImmediate(() => {
          last = performance.now();
          pause = undefined;
          resolve();
        });
      });
      return pause;
    },
  };
}
