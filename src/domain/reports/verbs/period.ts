import type { Outside } from '../../../ports/outside.ts';
import { type OrganizationId, upwards } from '../../directory/organization.ts';
import { DAY } from '../../instant.ts';
import { badInput } from '../../refusal.ts';
import { tree } from '../../rights/verbs/who.ts';
import type { ReportFilter } from '../report.ts';

/** Days as they are typed or picked: `YYYY-MM-DD`. */
export interface Days {
  readonly from: string | null;
  readonly until: string | null;
  readonly asOf: string | null;
}

/** The zone that an organization's days are read in: its own, the nearest one's above it, or the installation's. */
async function zoneOf(outside: Pick<Outside, 'store' | 'settings'>, organizationId: OrganizationId | null): Promise<string> {
  const line = organizationId === null ? [] : upwards(await tree(outside), organizationId);
  return line.find(({ timeZone }) => timeZone !== null)?.timeZone ?? outside.settings.timeZone;
}

/**
 * Days as moments. `until` and `as of` are read to the end of their day, as people mean them. Refuses (field `from`,
 * `until`, `as-of`) what is no day, and a period that ends before it begins.
 */
export async function periodOf(
  outside: Pick<Outside, 'store' | 'settings' | 'calendar'>,
  days: Days,
  organizationId: OrganizationId | null,
): Promise<Pick<ReportFilter, 'from' | 'until' | 'asOf'>> {
  const zone = await zoneOf(outside, organizationId);
  const start = (day: string): number => outside.calendar.startOfDay(day, zone);
  const from = days.from === null ? null : start(checked('from', days.from));
  const until = days.until === null ? null : start(dayAfter(checked('until', days.until)));
  const asOf = days.asOf === null ? null : start(dayAfter(checked('as-of', days.asOf))) - 1;
  if (from !== null && until !== null && from >= until) throw badInput('until', 'The period ends before it begins.', 'Choose a later day.');
  return { from, until, asOf };
}

function checked(field: string, day: string): string {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(at) || dateOf(at) !== day) throw badInput(field, `“${day}” is no day.`, 'Type it like 2026-03-31.');
  return day;
}

function dayAfter(day: string): string {
  return dateOf(Date.parse(`${day}T00:00:00Z`) + DAY);
}

function dateOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
