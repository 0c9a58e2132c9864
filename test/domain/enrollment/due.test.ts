import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accept } from '../../../src/domain/enrollment/verbs/accept.ts';
import { moveStop } from '../../../src/domain/enrollment/verbs/extend.ts';
import { policySeen } from '../../../src/domain/enrollment/verbs/settings.ts';
import { setPolicy } from '../../../src/domain/enrollment/verbs/steer.ts';
import { visibleTasks } from '../../../src/domain/enrollment/verbs/tasks.ts';
import { DAY } from '../../../src/domain/instant.ts';
import { CONNECTOR } from '../sync/world.ts';
import { ADMIN, ANA, id, ON, secretIn, STOP, type TasksWorld, tasksWorld } from './tasks-world.ts';

const LINK = { type: 'link', serial: null } as const;
let here: TasksWorld;
beforeEach(async () => {
  here = await tasksWorld();
  await here.seeded(3);
  await here.sync();
  await here.deliver();
  await here.due();
  here.sent.length = 0;
});
afterEach(() => here.close());

async function mailed(): Promise<number> {
  await here.deliver();
  return here.sent.splice(0).length;
}

describe('reminders', () => {
  it('E8 come at half time and one day before, to who is active and has not accepted; each once', async () => {
    const half = here.clock.now() + (STOP - here.clock.now()) / 2;
    await here.clock.advanceTo(half - 1);
    await here.due();
    expect(await mailed()).toBe(0);
    await here.clock.advanceTo(half);
    await here.due();
    await here.due();
    expect(await here.letters()).toMatchObject(Array.from({ length: 3 }, () => ({ is: 'reminder' })));
    await here.deliver();
    // One enrolls by the reminder's link, one waits for a seat: neither is reminded again.
    await accept(here.outside, secretIn(here.sent.find(({ to }) => to.address === 'p00000@example.org')), LINK);
    await here.put('enrollment', `T-1/${id(1)}`, { ...(await here.entry(id(1))), waitingSince: here.clock.now() });
    here.sent.length = 0;
    await here.clock.advanceTo(STOP - DAY);
    await here.due();
    await here.deliver();
    expect(here.sent.map(({ to }) => to.address)).toEqual(['p00002@example.org']);
  });

  it('E8 after downtime come once: two that are due together as one, and none after the stop date', async () => {
    await here.clock.advanceTo(STOP - DAY / 2);
    await here.restart();
    await here.due();
    await here.due();
    expect(await mailed()).toBe(3);
    await here.clock.advanceTo(STOP + DAY);
    await here.due();
    expect(await mailed()).toBe(0);
  });

  it('E8 come again for a new stop date, since it is another that they tell; not those whose time is past already', async () => {
    await here.due(6);
    expect(await mailed()).toBe(3);
    await moveStop(here.outside, ANA, 'T-1', 'unfinished', '2026-03-30');
    await here.due();
    expect(await mailed()).toBe(3);
    await here.due(9);
    expect(await mailed()).toBe(3);
    await moveStop(here.outside, ANA, 'T-1', 'unfinished', '2026-03-17');
    await here.due();
    expect(await mailed()).toBe(3);
  });

  it('E8 E13 follow the policy and the switch: none that it doesn’t name, none made up for, none while mail is off', async () => {
    await here.put('enrollmentPolicy', 'default', { days: 10, attempts: 5, reminders: ['day-before'], types: ['link'], at: 0, by: 'U1' });
    await here.due(6);
    expect(await mailed()).toBe(0);
    await here.put('enrollmentPolicy', 'default', {
      days: 10,
      attempts: 5,
      reminders: ['half', 'day-before'],
      types: ['link'],
      at: here.clock.now(),
      by: 'U1',
    });
    await here.due();
    expect(await mailed()).toBe(0);
    await here.put('enrollmentSwitch', CONNECTOR, { ...ON, on: false });
    await here.clock.advanceTo(STOP - DAY);
    await here.due();
    expect(await here.letters()).toEqual([]);
    await here.put('enrollmentSwitch', CONNECTOR, ON);
    await here.due();
    expect(await mailed()).toBe(3);
  });

  it('E8 E13 that fell due while mail was off come when it is on, though the policy was changed in something else; one added after its time does not', async () => {
    const wish = { days: 10, attempts: 5, reminders: ['half', 'day-before'], types: ['link'] } as const;
    await here.put('enrollmentSwitch', CONNECTOR, { ...ON, on: false });
    await here.due(6);
    await setPolicy(here.outside, ADMIN, { is: 'default' }, { ...wish, language: 'es' });
    await setPolicy(here.outside, ADMIN, { is: 'organization', id: 'csv:district' }, { ...wish, days: 12 });
    await setPolicy(here.outside, ADMIN, { is: 'connector', id: CONNECTOR }, { ...wish, days: 14 });
    await here.put('enrollmentSwitch', CONNECTOR, ON);
    await here.due();
    expect(await mailed()).toBe(3);
    await setPolicy(here.outside, ADMIN, { is: 'connector', id: CONNECTOR }, { ...wish, reminders: ['half'] });
    await here.clock.advanceTo(STOP - DAY + 1);
    await setPolicy(here.outside, ADMIN, { is: 'connector', id: CONNECTOR }, wish);
    await here.due();
    expect(await mailed()).toBe(0);
  });

  it('E8 that a removed policy did not name are not made up for by the one that counts instead; those that it named come, in their time or when mail is on', async () => {
    const scope = { is: 'connector', id: CONNECTOR } as const;
    const wish = { days: 10, attempts: 5, reminders: ['day-before'], types: ['link'] } as const;
    await setPolicy(here.outside, ADMIN, { is: 'default' }, wish);
    await setPolicy(here.outside, ADMIN, scope, wish);
    await here.due(6);
    await setPolicy(here.outside, ADMIN, scope, null);
    await setPolicy(here.outside, ADMIN, { is: 'default' }, null);
    expect(await policySeen(here.outside, ADMIN, scope)).toMatchObject({ policy: { reminders: ['half', 'day-before'] }, set: false });
    await expect(setPolicy(here.outside, ADMIN, scope, null)).rejects.toThrow('refused: nothing-to-do');
    await here.due();
    expect(await mailed()).toBe(0);
    await setPolicy(here.outside, ADMIN, scope, { ...wish, reminders: ['half', 'day-before'] });
    await here.put('enrollmentSwitch', CONNECTOR, { ...ON, on: false });
    await here.clock.advanceTo(STOP - DAY);
    await setPolicy(here.outside, ADMIN, scope, null);
    await here.put('enrollmentSwitch', CONNECTOR, ON);
    await here.due();
    expect((await here.entry(id(0))).reminded).toEqual(['day-before']);
    expect(await mailed()).toBe(3);
  });

  it('E13 in test mode go to the one address', async () => {
    await here.put('enrollmentSwitch', CONNECTOR, { ...ON, testAddress: 'it@example.org' });
    await here.due(6);
    await here.deliver();
    expect(new Set(here.sent.map(({ to }) => to.address))).toEqual(new Set(['it@example.org']));
    expect((await here.entry(id(0))).mail).toMatchObject({ to: 'i…@example.org' });
  });
});

describe('the stop date', () => {
  it('E2 E11 lets nobody in from that moment, and the card is drawn anew, once, also after downtime', async () => {
    await here.clock.advanceTo(STOP);
    expect(await here.statuses()).toEqual({ expired: 3 });
    await here.restart();
    const before = (await here.card())?.wanted ?? 0;
    await here.due();
    const drawn = (await here.card())?.wanted ?? 0;
    expect(drawn).toBeGreaterThan(before);
    await here.due();
    expect((await here.card())?.wanted).toBe(drawn);
  });

  it('E4 a task whose people are all through leaves the list with the next look', async () => {
    for (const entry of await here.entries())
      await here.put('enrollment', `T-1/${entry.personId}`, { ...entry, state: { is: 'enrolled', at: here.clock.now() }, links: [] });
    await here.due();
    expect(await here.task()).toMatchObject({ settledAt: here.clock.now() });
    expect((await visibleTasks(here.outside, ANA)).total).toBe(0);
    expect((await visibleTasks(here.outside, ANA, { filter: 'completed' })).tasks).toMatchObject([{ finished: true, counts: { enrolled: 3 } }]);
  });
});
