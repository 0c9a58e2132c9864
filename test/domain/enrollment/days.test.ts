import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createCalendar } from '../../../src/adapters/cron/calendar.ts';
import { endOfDay, pastReminders, reminderAt, stopAfter } from '../../../src/domain/enrollment/days.ts';
import { DAY, HOUR } from '../../../src/domain/instant.ts';

const calendar = createCalendar();
const zone = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Pacific/Honolulu', 'Asia/Kathmandu', 'Africa/Cairo', 'Australia/Lord_Howe', 'UTC');
const moment = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2031, 0, 1) });

it('E8 the stop is the first moment after the last of so many whole days, in any zone, over changes of the clock', () => {
  fc.assert(
    fc.property(moment, fc.integer({ min: 1, max: 365 }), zone, (now, days, timeZone) => {
      const stop = stopAfter(calendar, now, days, timeZone);
      // Whole days after today: at least so many of them, and less than one more; clocks move by two hours at most.
      expect(stop - now).toBeGreaterThan(days * DAY - 2 * HOUR);
      expect(stop - now).toBeLessThanOrEqual((days + 1) * DAY + 2 * HOUR);
      const last = calendar.dayOf(stop - 1, timeZone);
      expect(calendar.dayOf(stop, timeZone)).not.toBe(last);
      expect(endOfDay(calendar, last, timeZone)).toBe(stop);
    }),
    { numRuns: 200 },
  );
});

it('E5 refuses what is no day', () => {
  for (const day of ['2026-02-29', '2026-13-01', '20260301', '', '2026-3-1']) expect(() => endOfDay(calendar, day, 'UTC')).toThrow(RangeError);
});

it('E8 reminders come half-way and one day before; those whose time a new date leaves behind are over', () => {
  expect([reminderAt('half', 0, 10 * DAY), reminderAt('day-before', 0, 10 * DAY)]).toEqual([5 * DAY, 9 * DAY]);
  const both = { reminders: ['half', 'day-before'] as const };
  expect(pastReminders(both, 0, 10 * DAY, 4 * DAY)).toEqual([]);
  expect(pastReminders(both, 0, 10 * DAY, 5 * DAY)).toEqual(['half']);
  expect(pastReminders(both, 0, 10 * DAY, 9.5 * DAY)).toEqual(['half', 'day-before']);
});
