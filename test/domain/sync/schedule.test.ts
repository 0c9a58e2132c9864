import { saveOperating } from '../../../src/domain/connectors/verbs/configure.ts';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../../src/domain/instant.ts';
import { nextFire, startDueRuns } from '../../../src/domain/sync/verbs/schedule.ts';
import type { ManualClock } from '../../clock.ts';
import { beforeMemory } from './before-memory.ts';
import { actor, CONNECTOR, connector, people, type World } from './world.ts';

const AT_NOON = { cron: '0 12 * * *', timeZone: 'Europe/Berlin' };
let clock: ManualClock;
let home: World;

beforeMemory((given) => {
  ({ clock, home } = given);
});

const due = async (): Promise<readonly string[]> => (await startDueRuns(home.outside)).map((run) => run.id);

describe('a schedule', () => {
  it('S1 starts a run at its time in its zone, once, as “schedule”', async () => {
    await home.seed(connector('https://x.example', { operating: { schedule: AT_NOON } }), people(1));
    expect(await due()).toEqual([]);
    // Noon in Berlin is 11:00 UTC in winter; the clock shows 9:00 UTC.
    await clock.advance(2 * HOUR - 1);
    expect(await due()).toEqual([]);
    await clock.advance(1);
    expect(await due()).toEqual(['R-1']);
    expect((await home.all('run'))[0]).toMatchObject({ by: 'schedule', kind: 'sync', scope: { is: 'all' } });
    expect(await due()).toEqual([]);
  });

  it('S1 firings missed while Usher was down collapse into one', async () => {
    await home.seed(connector('https://x.example', { operating: { schedule: AT_NOON } }), people(1));
    await due();
    await clock.advance(9 * DAY);
    expect(await due()).toEqual(['R-1']);
    await home.execute('R-1');
    expect(await due()).toEqual([]);
  });

  it('S1 a schedule that was changed and is put back does not catch up on the time between', async () => {
    await home.seed(connector('https://x.example', { operating: { schedule: AT_NOON } }), people(1));
    await due();
    await saveOperating(home.outside, actor('admin'), CONNECTOR, { schedule: { cron: '0 12 1 1 *', timeZone: 'UTC' } });
    await due();
    await clock.advance(9 * DAY);
    expect(await due()).toEqual([]);
    await saveOperating(home.outside, actor('admin'), CONNECTOR, { schedule: AT_NOON });
    expect(await due()).toEqual([]);
    await clock.advance(DAY);
    expect(await due()).toEqual(['R-1']);
  });

  it('S1 a firing that falls into a run under way starts none', async () => {
    await home.seed(connector('https://x.example', { operating: { schedule: { cron: '* * * * *', timeZone: 'UTC' } } }), people(1));
    await due();
    await clock.advance(MINUTE);
    expect(await due()).toEqual(['R-1']);
    await clock.advance(MINUTE);
    expect(await due()).toEqual([]);
    await home.execute('R-1');
    expect(await due()).toEqual([]);
    await clock.advance(MINUTE);
    expect(await due()).toEqual(['R-2']);
  });

  it('C12 C18 a disabled connector, and one that needs credentials, fire nothing; enabling does not catch up', async () => {
    const given = connector('https://x.example', { operating: { schedule: AT_NOON } });
    await home.seed(given, people(1));
    await due();
    await home.put('connector', CONNECTOR, { ...given, state: { is: 'disabled', since: clock.now() } });
    await clock.advance(3 * DAY);
    expect(await due()).toEqual([]);
    await home.put('connector', CONNECTOR, { ...given, state: { is: 'active', since: clock.now() } });
    expect(await due()).toEqual([]);
    await home.put('connector', CONNECTOR, { ...given, health: { is: 'needs-credentials', since: clock.now() } });
    await clock.advance(2 * DAY);
    expect(await due()).toEqual([]);
    expect(nextFire({ ...given, health: { is: 'needs-credentials', since: 1 } }, home.outside.calendar, clock.now())).toBeNull();
  });
});
