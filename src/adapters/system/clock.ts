import { setMaxListeners } from 'node:events';
import type { Instant } from '../../domain/instant.ts';
import type { Clock } from '../../ports/clock.ts';

/** The machine's clock may be set, or the machine may sleep: a long wait looks at it again this often. It also keeps under setTimeout's 24.8 days. */
const LONGEST_NAP = 60_000;

function nap(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abandon = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abandon);
      resolve();
    }, ms);
    signal?.addEventListener('abort', abandon, { once: true });
  });
}

/** The `Clock` port over the machine's own. */
export function createClock(): Clock {
  return {
    now: () => Date.now(),
    async until(instant: Instant, signal?: AbortSignal) {
      signal?.throwIfAborted();
      // Hundreds may wait for one signal, each for its own moment: that is no leak.
      if (signal !== undefined) setMaxListeners(0, signal);
      for (let left = instant - Date.now(); left > 0; left = instant - Date.now()) await nap(Math.min(left, LONGEST_NAP), signal);
    },
  };
}
