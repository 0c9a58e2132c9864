import type { Instant } from '../instant.ts';
import type { ReportFilter } from './report.ts';

/** ISO 8601 in UTC (R2): `2026-03-02T09:00:00.000Z`; empty where there is no moment. */
export function iso(at: Instant | null): string {
  return at === null ? '' : new Date(at).toISOString();
}

/** Whether a moment lies in the asked period; one that never was does only where no period is asked. */
export function within(at: Instant | null, { from, until }: Pick<ReportFilter, 'from' | 'until'>): boolean {
  if (at === null) return from === null && until === null;
  return (from === null || at >= from) && (until === null || at < until);
}
