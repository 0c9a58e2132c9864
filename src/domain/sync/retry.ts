import type { Chance } from '../../ports/chance.ts';
import type { Pace } from '../../ports/pace.ts';
import type { TargetError } from '../connectors/target-error.ts';
import { type Instant, SECOND } from '../instant.ts';
import type { RunEnding } from './run.ts';

/** Tries of one operation that ended in a 5xx or a broken connection (S12). */
const MOST_ATTEMPTS = 5;
/** "Too many requests" says nothing about the operation: it is waited out longer, but not for ever. */
const MOST_THROTTLED = 25;
const FIRST_PAUSE = SECOND / 2;
const LONGEST_PAUSE = 30 * SECOND;

/** What a fault means for the operation that met it. */
export type Verdict =
  | { readonly is: 'again'; readonly at: Instant }
  | { readonly is: 'failed' }
  | { readonly is: 'stop'; readonly ending: Extract<RunEnding, 'credentials' | 'failed'> };

/** Doubles with every try, with jitter: from half of it to all of it. */
function pause(tries: number, chance: Chance): number {
  return Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (tries - 1)) * (0.5 + chance.fraction() / 2);
}

/**
 * The policy of S12: 429 and 503 hold the whole target until `Retry-After`; 5xx and broken connections back off; other
 * 4xx are final. Counts the try on `tries`.
 */
export function judge(error: TargetError, tries: { errors: number; throttled: number }, pace: Pace, chance: Chance, now: Instant): Verdict {
  switch (error.next) {
    case 'credentials':
      return { is: 'stop', ending: 'credentials' };
    case 'unusable':
      return { is: 'stop', ending: 'failed' };
    case 'taken':
    case 'gone':
    case 'refused':
      return { is: 'failed' };
    case 'again': {
      if (error.status === 429 || (error.status === 503 && error.retryAfter !== null)) {
        tries.throttled += 1;
        pace.holdUntil(now + (error.retryAfter ?? pause(tries.throttled, chance)));
        // Back into the queue at once: whoever takes it waits for the pace, as everybody does.
        return tries.throttled >= MOST_THROTTLED ? { is: 'failed' } : { is: 'again', at: now };
      }
      tries.errors += 1;
      return tries.errors >= MOST_ATTEMPTS ? { is: 'failed' } : { is: 'again', at: now + pause(tries.errors, chance) };
    }
  }
}
