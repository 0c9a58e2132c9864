import { describe, expect, it } from 'vitest';
import { periodOf } from '../../../src/domain/reports/verbs/period.ts';
import { reportWorld } from './report-world.ts';

const NONE = { from: null, until: null, asOf: null };

describe('the days of a report', () => {
  it('R1 are whole days in the zone of the organization, of the nearest one above it, or of the installation', async () => {
    const { outside } = await reportWorld();
    const days = { ...NONE, from: '2026-03-01', until: '2026-03-31' };
    expect(await periodOf(outside, days, null)).toEqual({ from: Date.UTC(2026, 2, 1), until: Date.UTC(2026, 3, 1), asOf: null });
    // Madrid is UTC+1, and UTC+2 from 29 March.
    expect(await periodOf(outside, days, 'csv:north')).toEqual({ from: Date.UTC(2026, 1, 28, 23), until: Date.UTC(2026, 2, 31, 22), asOf: null });
  });

  it('R1 as of a day is its last moment', async () => {
    const { outside } = await reportWorld();
    expect((await periodOf(outside, { ...NONE, asOf: '2026-03-01' }, null)).asOf).toBe(Date.UTC(2026, 2, 2) - 1);
  });

  it.each(['yesterday', '2026-02-30', '2026-3-1', ''])('refuses %j, which is no day', async (day) => {
    const { outside } = await reportWorld();
    await expect(periodOf(outside, { ...NONE, from: day }, null)).rejects.toMatchObject({ reason: { is: 'bad-input', field: 'from' } });
  });

  it('refuses a period that ends before it begins', async () => {
    const { outside } = await reportWorld();
    const days = { ...NONE, from: '2026-03-02', until: '2026-03-01' };
    await expect(periodOf(outside, days, null)).rejects.toMatchObject({ reason: { is: 'bad-input', field: 'until' } });
    expect(await periodOf(outside, { ...days, until: '2026-03-02' }, null)).toMatchObject({ from: Date.UTC(2026, 2, 2) });
  });
});
