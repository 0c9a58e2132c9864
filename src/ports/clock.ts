import type { Instant } from '../domain/instant.ts';

/** Time, so that tests can move it. Nothing in `domain`, `views` or `commands` reads the machine's clock. */
export interface Clock {
  now(): Instant;
  /** Resolves at or after `instant`; rejects with the signal's reason when aborted. */
  until(instant: Instant, signal?: AbortSignal): Promise<void>;
}
