import type { Instant } from '../domain/instant.ts';

/** Cron expressions and days in a time zone (S1, R1). */
export interface Calendar {
  /** The first firing after the moment; wall-clock time in the zone, so it keeps its hour over daylight saving. Throws where `problem` has something to say. */
  next(cron: string, timeZone: string, after: Instant): Instant;
  /** What is wrong with the expression or the zone, in words for the person; null when nothing is. */
  problem(cron: string, timeZone: string): string | null;
  /** When a day (`YYYY-MM-DD`) begins in the zone; where clocks skip midnight, at its first moment. Throws a RangeError where there is no such day or zone. */
  startOfDay(date: string, timeZone: string): Instant;
  /** The day (`YYYY-MM-DD`) that a moment belongs to in the zone. */
  dayOf(at: Instant, timeZone: string): string;
}
