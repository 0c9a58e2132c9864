import type { Instant } from '../domain/instant.ts';

/** The rate of one target host, shared by runs and rehearsals (S1, S12). Every attempt takes a permit, retries too. */
export interface Pace {
  /** A promise only when one must wait: with no limit and no hold it is `undefined`. `first` goes before everybody else waiting. */
  permit(first?: boolean): Promise<void> | undefined;
  /** The target said 429 or 503: nobody sends before this moment. A later one wins. */
  holdUntil(instant: Instant): void;
  /** When the present hold ends; null when there is none. */
  heldUntil(): Instant | null;
}

export interface Paces {
  /** The pace of the URL's host; a changed limit takes effect at once. */
  of(baseUrl: string, requestsPerSecond: number | null): Pace;
}
