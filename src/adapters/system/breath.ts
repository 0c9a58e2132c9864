import { performance } from 'node:perf_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import type { Breath } from '../../ports/breath.ts';

/** How long a computation may hold the event loop, in milliseconds: about as long as a near target takes to answer. */
const SLICE = 0.5;

/**
 * The `Breath` port: yields by `setImmediate`, because awaiting a resolved promise lets no socket in. Computations that
 * run side by side take turns, one slice in each turn of the event loop: ten of them hold up an ack no longer than one.
 */
export function createBreath(): Breath {
  let last = performance.now();
  const waiting: (() => void)[] = [];

  function next(): void {
    last = performance.now();
    waiting.shift()?.();
    if (waiting.length > 0) setImmediate(next);
  }

  return {
    turn,
    due() {
      if (performance.now() - last < SLICE) return undefined;
      return new Promise((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 1) setImmediate(next);
      });
    },
  };
}
