import type { Outside } from '../../../ports/outside.ts';
import { MINUTE, SECOND } from '../../instant.ts';
import type { RehearsedSettings } from '../connector.ts';
import { TargetFault } from '../target-error.ts';

/** Sends one request of a rehearsal. `once` is for what must not be done twice. */
export type Send = <T>(work: () => Promise<T>, how?: 'once') => Promise<T>;

/** Thrown instead of sending where nobody wants the rehearsal any more: another took its place, or the connector was disconnected (C13). */
export class NotWanted extends Error {
  override readonly name = 'NotWanted';
}

export interface SendParts {
  readonly outside: Pick<Outside, 'paces' | 'clock'>;
  readonly settings: Pick<RehearsedSettings, 'baseUrl'>;
  readonly requestsPerSecond: number | null;
  readonly isWanted: () => Promise<boolean>;
}

const ATTEMPTS = 3;
/** A person is watching: what takes longer is said instead. */
const LONGEST_WAIT = MINUTE;

/** Under the same rate limit as the runs (S1): each attempt takes a permit, and a `Retry-After` holds both (S12). */
export function sending({ outside, settings, requestsPerSecond, isWanted }: SendParts): Send {
  const pace = outside.paces.of(settings.baseUrl, requestsPerSecond);
  return async (work, how) => {
    for (let attempt = 1; ; attempt += 1) {
      await pace.permit();
      if (!(await isWanted())) throw new NotWanted('the rehearsal is not wanted any more');
      try {
        return await work();
      } catch (fault) {
        const wait = attempt < ATTEMPTS ? waitAfter(fault, attempt, how === 'once') : null;
        if (wait === null) throw fault;
        const until = outside.clock.now() + wait;
        if (isBusy(fault)) pace.holdUntil(until);
        await outside.clock.until(until);
      }
    }
  };
}

function isBusy(fault: unknown): boolean {
  return fault instanceof TargetFault && (fault.error.status === 429 || fault.error.status === 503);
}

/** Milliseconds until the next attempt; null where another one is no use, or could do a thing twice. */
function waitAfter(fault: unknown, attempt: number, once: boolean): number | null {
  if (!(fault instanceof TargetFault) || fault.error.next !== 'again') return null;
  const { status, maybeWritten, retryAfter } = fault.error;
  // It never got there (refused, no route): said at once, in plain words (C8).
  if (status === null && !maybeWritten) return null;
  if (maybeWritten && once) return null;
  const wait = retryAfter ?? SECOND * 2 ** (attempt - 1);
  return wait <= LONGEST_WAIT ? wait : null;
}
