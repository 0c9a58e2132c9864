import type { Calendar } from '../../ports/calendar.ts';
import type { Outside } from '../../ports/outside.ts';
import type { Organization, OrganizationId } from '../directory/organization.ts';
import { DAY, type Instant } from '../instant.ts';
import { type Enrollment, NUDGED } from './enrollment.ts';
import { DAY_BEFORE, type EnrollmentPolicy, type Reminder } from './policy.ts';

/** The organization and those above it, nearest first; read one by one, so that the tree need not be in memory. */
export async function lineOf({ store }: Pick<Outside, 'store'>, id: OrganizationId): Promise<readonly Organization[]> {
  const line: Organization[] = [];
  for (let next: OrganizationId | null = id; next !== null; ) {
    const organization: Organization | undefined = (await store.get('organization', next))?.value;
    if (organization === undefined || line.some((one) => one.id === organization.id)) break;
    line.push(organization);
    next = organization.parentId;
  }
  return line;
}

/** The zone in which an organization's days end: its own, that of the nearest one above it, or the installation's. */
export async function zoneOf(outside: Pick<Outside, 'store' | 'settings'>, id: OrganizationId): Promise<string> {
  return (await lineOf(outside, id)).find(({ timeZone }) => timeZone !== null)?.timeZone ?? outside.settings.timeZone;
}

/** The end of a day (`YYYY-MM-DD`), exclusive; throws a RangeError where there is no such day. */
export function endOfDay(calendar: Calendar, day: string, timeZone: string): Instant {
  calendar.startOfDay(day, timeZone);
  return calendar.startOfDay(later(day, 1), timeZone);
}

/** When whoever starts now must be done: the end of the last of so many whole days, today not counted (E8). */
export function stopAfter(calendar: Calendar, now: Instant, days: number, timeZone: string): Instant {
  return endOfDay(calendar, later(calendar.dayOf(now, timeZone), days), timeZone);
}

/** Days of the calendar, whatever the clocks do in between. */
function later(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 'YYYY-MM-DD'.length);
}

/** When a reminder comes: half of the time through, or a day before the stop (E8). */
export function reminderAt(reminder: Reminder, start: Instant, stop: Instant): Instant {
  return reminder === 'half' ? start + (stop - start) / 2 : stop - DAY_BEFORE;
}

/** The reminders that a new stop date makes moot: their moment is past already, and whoever moved the date is heard now. The others come again, since the date in them is another. */
export function pastReminders({ reminders }: Pick<EnrollmentPolicy, 'reminders'>, start: Instant, stop: Instant, now: Instant): readonly Reminder[] {
  return reminders.filter((reminder) => reminderAt(reminder, start, stop) <= now);
}

/** What an entry remembers of its reminders when it gets a new stop date: those that are moot now, and when it was nudged, which another date undoes as little as another link. */
export function remindersAnew(
  { reminded }: Pick<Enrollment, 'reminded'>,
  policy: Pick<EnrollmentPolicy, 'reminders'>,
  { start, stop, now }: { readonly start: Instant; readonly stop: Instant; readonly now: Instant },
): readonly string[] {
  return [...reminded.filter((name) => name.startsWith(NUDGED)), ...pastReminders(policy, start, stop, now)];
}
