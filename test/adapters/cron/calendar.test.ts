import { describe, expect, it } from 'vitest';
import { createCalendar } from '../../../src/adapters/cron/calendar.ts';

const calendar = createCalendar();
const iso = (instant: number): string => new Date(instant).toISOString();

describe('the calendar', () => {
  it('S1 fires in the zone’s own time, over the change to summer time too', () => {
    const berlin = (after: string): string => iso(calendar.next('30 6 * * *', 'Europe/Berlin', Date.parse(after)));
    expect(berlin('2026-03-28T12:00:00Z')).toBe('2026-03-29T04:30:00.000Z');
    expect(berlin('2026-03-27T12:00:00Z')).toBe('2026-03-28T05:30:00.000Z');
  });

  it('S1 the next firing is after the moment asked about, never at it', () => {
    expect(iso(calendar.next('0 12 * * *', 'UTC', Date.parse('2026-03-02T12:00:00Z')))).toBe('2026-03-03T12:00:00.000Z');
  });

  it('tells what is wrong with an expression or a zone', () => {
    expect(calendar.problem('0 6 * * 1-5', 'Europe/Berlin')).toBeNull();
    expect(calendar.problem('0 6 * * 1-5', 'Europe/Nowhere')).toMatch(/no time zone/);
    expect(calendar.problem('0 6 * *', 'UTC')).toMatch(/five fields/);
    expect(calendar.problem('* * * * * *', 'UTC')).toMatch(/five fields/);
    expect(calendar.problem('99 6 * * *', 'UTC')).toMatch(/no schedule/);
    expect(calendar.problem('0 0 30 2 *', 'UTC')).not.toBeNull();
    expect(() => calendar.next('nonsense', 'UTC', 0)).toThrow();
  });
});
