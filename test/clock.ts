import type { Instant } from '../src/domain/instant.ts';
import type { Clock } from '../src/ports/clock.ts';

/** A clock that stands still until the test moves it. Waiters wake in the order of their time, then of their asking. */
export interface ManualClock extends Clock {
  /**
   * Moves time on by `ms`, stopping at every waiter on the way: the clock shows exactly its time, it wakes, and what it
   * does (short of the network) is done before the clock goes on, so that a waiter it asks for on the way wakes too.
   */
  advance(ms: number): Promise<void>;
  /** The same, to a moment. Going back is refused. */
  advanceTo(instant: Instant): Promise<void>;
  /** Moves to the earliest waiter and wakes it; false when nobody waits. */
  advanceToNext(): Promise<boolean>;
  /** Resolves as soon as at least `count` waiters wait (default 1): wait for this fact before `advance`. */
  waited(count?: number): Promise<void>;
  /** The moments waited for, earliest first. */
  readonly waiting: readonly Instant[];
}

interface Waiter {
  readonly instant: Instant;
  readonly wake: () => void;
}

/** Monday 2 March 2026, 09:00 UTC: an ordinary working day. */
export const MORNING: Instant = Date.UTC(2026, 2, 2, 9);

/** One turn of the event loop: what was woken has run as far as it gets without the network. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A clock for tests; starts at `MORNING` unless told otherwise. */
export function manualClock(start: Instant = MORNING): ManualClock {
  let now = start;
  let waiters: readonly Waiter[] = [];
  let watchers: readonly { readonly count: number; readonly tell: () => void }[] = [];

  function tellWatchers(): void {
    const told = watchers.filter((watcher) => waiters.length >= watcher.count);
    watchers = watchers.filter((watcher) => waiters.length < watcher.count);
    for (const watcher of told) watcher.tell();
  }

  /** Keeps the order: by time, and by asking among equals. */
  function enqueue(waiter: Waiter): void {
    const at = waiters.findIndex((other) => other.instant > waiter.instant);
    waiters = at === -1 ? [...waiters, waiter] : [...waiters.slice(0, at), waiter, ...waiters.slice(at)];
    tellWatchers();
  }

  function until(instant: Instant, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      if (instant <= now) return resolve();
      const abandon = () => {
        waiters = waiters.filter((other) => other !== waiter);
        reject(signal?.reason);
      };
      const waiter: Waiter = {
        instant,
        wake: () => {
          signal?.removeEventListener('abort', abandon);
          resolve();
        },
      };
      signal?.addEventListener('abort', abandon, { once: true });
      enqueue(waiter);
    });
  }

  async function advanceTo(instant: Instant): Promise<void> {
    if (instant < now) throw new Error(`the clock shows ${now} and does not go back to ${instant}`);
    await turn();
    for (let next = waiters[0]; next !== undefined && next.instant <= instant; next = waiters[0]) {
      waiters = waiters.slice(1);
      now = Math.max(now, next.instant);
      next.wake();
      await turn();
    }
    now = Math.max(now, instant);
  }

  return {
    now: () => now,
    until,
    advanceTo,
    advance: (ms) => advanceTo(now + ms),
    advanceToNext: async () => {
      const next = waiters[0];
      if (next === undefined) return false;
      await advanceTo(next.instant);
      return true;
    },
    waited: (count = 1) =>
      new Promise((resolve) => {
        watchers = [...watchers, { count, tell: resolve }];
        tellWatchers();
      }),
    get waiting() {
      return waiters.map((waiter) => waiter.instant);
    },
  };
}
