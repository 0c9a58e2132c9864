import { describe, expect, it } from 'vitest';
import { createCalendar } from '../../../src/adapters/cron/calendar.ts';
import { addFreeze, freezes, removeFreeze } from '../../../src/domain/holds/verbs/freezes.ts';
import { HOUR } from '../../../src/domain/instant.ts';
import { holdsDue } from '../../../src/domain/holds/verbs/due.ts';
import type { Actor } from '../../../src/domain/rights/grant.ts';
import { ended, people, person } from '../sync/world.ts';
import { refusalOf } from '../refused.ts';
import { ANA, holdsWorld, type HoldsWorld, ids, OPS, SAM } from './holds-world.ts';

const calendar = createCalendar();
const outside = (world: HoldsWorld) => ({ ...world.outside, calendar });
/** The test's morning is 2 March 2026, 9:00 UTC; the installation's zone is Europe/Berlin. */
const EXAMS = { name: 'Exams', from: '2026-03-02', until: '2026-03-03', connectorId: null };

describe('the freeze calendar', () => {
  it('S21 during a freeze no removal is sent, not even one; joins and changes flow', async () => {
    const world = await holdsWorld();
    await addFreeze(outside(world), world.actor(ANA), EXAMS);
    await world.leave(1);
    await world.home.people([person('joiner')]);
    const run = await world.run();
    expect(ended(run).ending).toBe('held');
    expect(run.counts).toMatchObject({ deactivated: 0, created: 1 });
    expect(await world.hold()).toMatchObject({ reason: { is: 'freeze', name: 'Exams' }, people: ids(0, 1), state: { is: 'open' } });
  });

  it('S21 A3 what was shown when an assignment was ended waits for the end of the freeze too', async () => {
    const world = await holdsWorld();
    await addFreeze(outside(world), world.actor(ANA), EXAMS);
    const [assignment] = await world.home.all('assignment');
    if (assignment === undefined) throw new Error('nothing is assigned');
    await world.home.put('assignment', assignment.id, {
      ...assignment,
      ended: { at: world.clock.now(), by: ANA, why: null, shown: people(40).map(({ id }) => id) },
    });
    expect((await world.run()).counts.deactivated).toBe(0);
    await world.clock.advance(48 * HOUR);
    expect((await world.run()).counts.deactivated).toBe(40);
  });

  it('S21 the first run after it removes them, and the fuse counts as usual', async () => {
    const world = await holdsWorld();
    await addFreeze(outside(world), world.actor(ANA), EXAMS);
    await world.leave(3);
    await world.run();
    // It ends at midnight in Berlin, one hour before that in UTC.
    await world.clock.advanceTo(Date.UTC(2026, 2, 3, 22, 58));
    await holdsDue(outside(world));
    expect((await world.hold()).state.is).toBe('open');
    expect((await world.run()).counts.deactivated).toBe(0);
    await world.clock.advanceTo(Date.UTC(2026, 2, 3, 23));
    expect((await world.run()).counts.deactivated).toBe(3);
    expect((await world.hold()).state.is).toBe('settled');

    const many = await holdsWorld();
    await addFreeze(outside(many), many.actor(ANA), EXAMS);
    await many.leave(20);
    await many.run();
    await many.clock.advance(48 * HOUR);
    expect((await many.run()).counts.deactivated).toBe(0);
    expect(await many.hold()).toMatchObject({ reason: { is: 'fuse' }, state: { is: 'open' } });
    expect(await many.holds()).toHaveLength(1);
  });

  it('S21 an override is a fuse release, and only one given in the freeze counts', async () => {
    const world = await holdsWorld();
    await world.leave(20);
    await world.run();
    await world.release(SAM, { is: 'people', ids: ids(0, 2) });
    await world.clock.advance(1_000);
    // Another day, so that the release lies before it.
    await addFreeze(outside(world), world.actor(ANA), { ...EXAMS, from: '2026-03-03', until: '2026-03-04' });
    await world.clock.advance(24 * HOUR);
    expect((await world.run()).counts.deactivated).toBe(0);
    expect((await world.hold()).reason.is).toBe('freeze');
    await world.release(SAM, { is: 'people', ids: ids(5, 6) });
    expect((await world.run()).counts.deactivated).toBe(1);
    expect(await world.inactive()).toEqual(ids(5, 6));
  });

  it('S21 S25 off-boarding goes ahead of freeze and fuse', async () => {
    const world = await holdsWorld();
    await addFreeze(outside(world), world.actor(ANA), EXAMS);
    await world.leave(20);
    const [gone = ''] = ids(0, 1);
    await world.home.put('offboarding', gone, { personId: gone, name: 'x', by: ANA, at: world.clock.now(), why: null, steps: [], released: null });
    await world.run();
    expect(await world.inactive()).toEqual([gone]);
    expect((await world.hold()).people).toEqual(ids(1, 20));
  });

  it('S21 X1 all connectors are frozen by global admins, one by an admin of its organization', async () => {
    const world = await holdsWorld();
    const school: Actor = {
      teamId: 'T1',
      userId: 'U0HEAD',
      way: 'command',
      grants: [{ teamId: 'T1', userId: 'U0HEAD', role: 'admin', organizationId: 'csv:district' }],
    };
    expect(await refusalOf(addFreeze(outside(world), school, EXAMS))).toMatchObject({ is: 'not-allowed' });
    expect(await refusalOf(addFreeze(outside(world), world.actor(OPS), { ...EXAMS, connectorId: 'c1' }))).toMatchObject({ is: 'not-allowed' });
    const { freeze } = await addFreeze(outside(world), school, { ...EXAMS, connectorId: 'c1' });
    expect(await freezes(outside(world), world.actor(OPS))).toMatchObject([{ freeze, isNow: true, mayRemove: false, connector: { name: 'Portal' } }]);
    expect(await refusalOf(removeFreeze(outside(world), world.actor(OPS), freeze.id))).toMatchObject({ is: 'not-allowed' });
    await removeFreeze(outside(world), school, freeze.id);
    await world.leave(1);
    expect((await world.run()).counts.deactivated).toBe(1);
  });

  it('S21 its days are those of the organization’s zone, the last one whole', async () => {
    const world = await holdsWorld();
    const { freeze } = await addFreeze(outside(world), world.actor(ANA), { ...EXAMS, from: '2026-03-28', until: '2026-03-29' });
    // 29 March is the day that summer time begins: 23 hours long.
    expect([freeze.from, freeze.until]).toEqual([Date.UTC(2026, 2, 27, 23), Date.UTC(2026, 2, 29, 22)]);
    const [district] = await world.home.all('organization', 'csv:district');
    if (district !== undefined) await world.home.put('organization', district.id, { ...district, timeZone: 'America/New_York' });
    const { freeze: there } = await addFreeze(outside(world), world.actor(ANA), { ...EXAMS, connectorId: 'c1' });
    expect(there.from).toBe(Date.UTC(2026, 2, 2, 5));
  });

  it.each([
    ['no name', { ...EXAMS, name: ' ' }, 'name'],
    ['no day', { ...EXAMS, from: 'soon' }, 'from'],
    ['an end before its beginning', { ...EXAMS, until: '2026-03-01' }, 'until'],
    ['an end in the past', { ...EXAMS, from: '2026-02-01', until: '2026-02-02' }, 'until'],
    ['more than a year', { ...EXAMS, until: '2028-01-01' }, 'until'],
  ])('S21 refuses %s, under its field', async (_, wish, field) => {
    const world = await holdsWorld();
    expect(await refusalOf(addFreeze(outside(world), world.actor(ANA), wish))).toMatchObject({ is: 'bad-input', field });
  });
});
