import { CronExpressionParser } from 'cron-parser';
import { DateTime, IANAZone } from 'luxon';
import type { Calendar } from '../../ports/calendar.ts';

/** The `Calendar` port by cron-parser (five fields, minute to weekday) and luxon. */
export function createCalendar(): Calendar {
  return {
    next: (cron, timeZone, after) =>
      CronExpressionParser.parse(cron, { currentDate: new Date(after), tz: timeZone })
        .next()
        .getTime(),
    problem(cron, timeZone) {
      if (!IANAZone.isValidZone(timeZone)) return `“${timeZone}” is no time zone.`;
      // A sixth field would be seconds: nobody means a sync every second.
      if (cron.trim().split(/\s+/).length !== 5) return 'A schedule has five fields: minute hour day month weekday.';
      try {
        CronExpressionParser.parse(cron, { tz: timeZone }).next();
        return null;
      } catch (error) {
        return error instanceof Error ? `That is no schedule: ${error.message}.` : 'That is no schedule.';
      }
    },
    startOfDay(date, timeZone) {
      const day = DateTime.fromFormat(date, 'yyyy-MM-dd', { zone: timeZone }).startOf('day');
      if (!day.isValid) throw new RangeError(`no day ${date} in ${timeZone}`);
      return day.toMillis();
    },
    dayOf: (at, timeZone) => DateTime.fromMillis(at, { zone: timeZone }).toFormat('yyyy-MM-dd'),
  };
}
