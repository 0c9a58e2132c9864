import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import Bottleneck from 'bottleneck';

/** Permits of one rate limit, granted several at a time, because one Bottleneck job a permit caps at about 430/s. */
export interface Grants {
  /** Takes a permit where one lies ready. */
  take(): boolean;
  /** Asks Bottleneck for the next grant, unless that is under way; `arrived` is called when it comes. */
  wish(): void;
  /** When the last grant came, by `performance.now()`: its successor at another limit keeps the distance to it. */
  lastGrant(): number;
  close(): void;
}

/** Milliseconds that a grant may be used; what is left of it then is void, or permits would pile up over idle times. */
const VALID = 50;
const MOST = 1_024;

/** Permits a grant, and the least milliseconds between two grants. */
export interface Rhythm {
  readonly permits: number;
  readonly spacing: number;
}

/**
 * The rhythm that exceeds the limit in no window of one second, wherever it begins. A permit used in a window was
 * granted in it or at most `VALID` before, that is, within 1,050 ms; those hold at most 1,050 / spacing grants. So
 * with g = ⌊limit / permits⌋ grants in 1,050 ms the window has at most g × permits ≤ limit. That gives 95 % of an even
 * limit; the rest also covers what the network pushes together. Below one a second there is one permit every 1,050 / limit ms.
 */
export function rhythmOf(requestsPerSecond: number): Rhythm {
  const permits = Math.min(MOST, Math.max(1, Math.floor(requestsPerSecond / 20)));
  const grants = requestsPerSecond < 1 ? requestsPerSecond : Math.floor(requestsPerSecond / permits);
  return { permits, spacing: Math.ceil((1_000 + VALID) / grants) };
}

/** `arrived` is called after each grant and takes what it needs; `lastGrant` is that of the grants these replace. */
export function createGrants(requestsPerSecond: number, arrived: () => void, lastGrant = Number.NEGATIVE_INFINITY): Grants {
  const { permits, spacing } = rhythmOf(requestsPerSecond);
  const limiter = new Bottleneck({ maxConcurrent: 1, minTime: spacing });
  const closing = new AbortController();
  let left = 0;
  let grantedAt = lastGrant;
  let underWay = false;

  /** Bottleneck spaces jobs from when they were due; after a stall of the event loop two would come at once. This spaces them as they come. */
  async function keepSpacing(): Promise<void> {
    for (let early = grantedAt + spacing - performance.now(); early > 0; early = grantedAt + spacing - performance.now()) {
      await delay(Math.ceil(early), undefined, { signal: closing.signal });
    }
  }

  async function grant(): Promise<void> {
    await keepSpacing();
    closing.signal.throwIfAborted();
    left = permits;
    grantedAt = performance.now();
    underWay = false;
    arrived();
  }

  function wish(): void {
    if (underWay || closing.signal.aborted) return;
    underWay = true;
    // Rejected only by `close`: whoever waits is then let go, turned away or served by the successor.
    limiter.schedule(grant).catch(() => undefined);
  }

  return {
    take() {
      if (left === 0 || performance.now() - grantedAt >= VALID) return false;
      // The first use of a grant fetches the next, so that it is due the moment it is allowed.
      if (left === permits) wish();
      left -= 1;
      return true;
    },
    wish,
    lastGrant: () => grantedAt,
    close() {
      closing.abort();
      limiter.stop({ dropWaitingJobs: true }).catch(() => undefined);
    },
  };
}
