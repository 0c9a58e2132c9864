import type { Instant } from '../domain/instant.ts';

/** Cron expressions in a time zone (S1). */
export interface Calendar {
  /** The first firing after the moment; wall-clock time in the zone, so it keeps its hour over daylight saving. Throws where `problem` has something to say. */
  next(cron: string, timeZone: string, after: Instant): Instant;
  /** What is wrong with the expression or the zone, in words for the person; null when nothing is. */
  problem(cron: string, timeZone: string): string | null;
}
