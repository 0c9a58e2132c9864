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

it.each([
  ['2026-03-02T22:59:59.999Z', 'Europe/Berlin', '2026-03-02'],
  ['2026-03-02T23:00:00Z', 'Europe/Berlin', '2026-03-03'],
  ['2026-03-29T22:00:00Z', 'Europe/Berlin', '2026-03-30'],
  ['2026-01-01T09:00:00Z', 'Pacific/Honolulu', '2025-12-31'],
])('E5 E8 %s is, in %s, part of %s', (at, zone, day) => {
  expect(calendar.dayOf(Date.parse(at), zone)).toBe(day);
});
