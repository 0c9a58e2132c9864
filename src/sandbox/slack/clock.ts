/** Time of the stand-in: it decides when a trigger dies, an ack is late and a rate limit refills. */
export interface SandboxClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls once, `ms` later; the answer cancels it. */
  after(ms: number, call: () => void): () => void;
}

/** A clock that stands still until a test moves it. */
export interface MovableClock extends SandboxClock {
  /** Moves time forward and calls what falls due, in order. */
  advance(ms: number): void;
}

/** The machine's clock. Its timers do not keep the process alive. */
export const realClock: SandboxClock = {
  now: () => Date.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** A clock that only `advance` moves. `start` is in milliseconds since 1970. */
export function movableClock(start: number = Date.UTC(2026, 10, 2, 9)): MovableClock {
  let now = start;
  const due = new Set<{ readonly at: number; readonly call: () => void }>();
  return {
    now: () => now,
    after: (ms, call) => {
      const entry = { at: now + ms, call };
      due.add(entry);
      return () => void due.delete(entry);
    },
    advance: (ms) => {
      const end = now + ms;
      for (;;) {
        const next = [...due].filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        due.delete(next);
        now = next.at;
        next.call();
      }
      now = end;
    },
  };
}
