import { expect, it } from 'vitest';
import { createCalendar } from '../../../src/adapters/cron/calendar.ts';

const calendar = createCalendar();

it.each([
  ['2026-03-02', 'UTC', '2026-03-02T00:00:00.000Z'],
  ['2026-03-02', 'Europe/Madrid', '2026-03-01T23:00:00.000Z'],
  ['2026-07-01', 'Europe/Madrid', '2026-06-30T22:00:00.000Z'],
  ['2026-03-02', 'Asia/Kolkata', '2026-03-01T18:30:00.000Z'],
  // Clocks skipped midnight in Beirut: the day began at 01:00, which is 22:00 UTC.
  ['2026-03-29', 'Asia/Beirut', '2026-03-28T22:00:00.000Z'],
])('R1 a day %s begins in %s at %s', (date, zone, begins) => {
  expect(new Date(calendar.startOfDay(date, zone)).toISOString()).toBe(begins);
});

it.each([
  ['2026-02-30', 'UTC'],
  ['today', 'UTC'],
  ['2026-03-02', 'Europe/Nowhere'],
])('there is no day %s in %s', (date, zone) => {
  expect(() => calendar.startOfDay(date, zone)).toThrow(RangeError);
});
