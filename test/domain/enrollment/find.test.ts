import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entriesOf, outstandingOf, taskSeen, visibleTasks } from '../../../src/domain/enrollment/verbs/tasks.ts';
import { policyInForce } from '../../../src/domain/enrollment/rules-in-force.ts';
import { resend } from '../../../src/domain/enrollment/verbs/resend.ts';
import { settingsSeen } from '../../../src/domain/enrollment/verbs/settings.ts';
import { setPolicy, setSwitch } from '../../../src/domain/enrollment/verbs/steer.ts';
import { actor, CONNECTOR, person } from '../sync/world.ts';
import { refusalOf } from '../refused.ts';
import { ADMIN, ANA, id, ON, STOP, type TasksWorld, tasksWorld } from './tasks-world.ts';

const ALL = { status: 'all', search: null, after: null, limit: 10 } as const;
let here: TasksWorld;
beforeEach(async () => {
  here = await tasksWorld();
});
afterEach(() => here.close());

async function become(number: number, state: 'enrolled' | 'locked' | 'removed'): Promise<void> {
  const entry = await here.entry(id(number));
  await here.put('enrollment', `T-1/${id(number)}`, { ...entry, state: { is: state, at: here.clock.now(), by: 'U1' }, links: [] });
}

describe('the list', () => {
  it('E1 E4 newest first, in pages, by filter and connector, with counts by status', async () => {
    await here.seeded(3);
    await here.sync();
    for (let number = 0; number < 4; number += 1) {
      await here.home.people([person(`more${number}`)]);
      await here.sync();
    }
    await become(0, 'enrolled');
    await become(1, 'locked');
    await become(2, 'removed');
    const page = await visibleTasks(here.outside, ANA, { limit: 2 });
    expect(page).toMatchObject({ total: 5, page: 1, pages: 3 });
    expect(page.tasks.map(({ task }) => task.number)).toEqual([5, 4]);
    const last = await visibleTasks(here.outside, ANA, { limit: 2, page: 9 });
    expect(last).toMatchObject({ page: 3 });
    expect(last.tasks).toMatchObject([
      {
        ...{
          by: 'Ana Ruiz',
          connector: { id: CONNECTOR, name: 'Portal' },
          counts: { active: 0, enrolled: 1, completed: 0, locked: 1, expired: 0, removed: 1 },
        },
        ...{
          waiting: 0,
          undelivered: 0,
          withoutMail: 0,
          tokensShort: 0,
          stops: { first: STOP, last: STOP },
          finished: false,
          may: { run: true, administer: false },
        },
      },
    ]);
    await become(1, 'enrolled');
    expect((await visibleTasks(here.outside, ANA)).total).toBe(4);
    expect((await visibleTasks(here.outside, ANA, { filter: 'completed' })).tasks.map(({ task }) => task.number)).toEqual([1]);
    expect((await visibleTasks(here.outside, ANA, { filter: 'all' })).total).toBe(5);
    expect((await visibleTasks(here.outside, ANA, { connectorId: 'c9' })).total).toBe(0);
  });

  it('X1 C3 what may not be seen is absent: below, beside, and to who holds nothing', async () => {
    await here.seeded(1);
    await here.sync();
    for (const who of [actor('operator', 'csv:school'), actor('viewer', 'csv:other'), actor('approver')]) {
      expect((await visibleTasks(here.outside, who)).total).toBe(0);
      expect(await refusalOf(taskSeen(here.outside, who, 'T-1'))).toMatchObject({ is: 'not-found', what: 'task' });
      expect(await refusalOf(entriesOf(here.outside, who, 'T-1', ALL))).toMatchObject({ is: 'not-found' });
    }
    expect(await refusalOf(visibleTasks(here.outside, { ...ANA, grants: [] }))).toMatchObject({ is: 'no-role' });
    expect((await taskSeen(here.outside, actor('viewer', 'csv:district'), '1')).may).toEqual({ run: false, administer: false });
    expect((await taskSeen(here.outside, ADMIN, 'T-1')).may).toEqual({ run: true, administer: true });
    for (const typed of ['T-9', 'none', 'T-1/x', '01']) expect(await refusalOf(taskSeen(here.outside, ANA, typed))).toMatchObject({ is: 'not-found', typed });
  });
});

describe('people of a task', () => {
  it('E1 by status, by words, by id, in pages; each with name, address and status', async () => {
    await here.seeded(8);
    await here.sync();
    await become(2, 'locked');
    await become(3, 'enrolled');
    const first = await entriesOf(here.outside, ANA, 'T-1', { ...ALL, limit: 5 });
    expect(first.rows.map(({ personId }) => personId)).toEqual([0, 1, 2, 3, 4].map(id));
    const rest = await entriesOf(here.outside, ANA, 'T-1', { ...ALL, limit: 5, after: first.next });
    expect(rest).toMatchObject({ rows: [5, 6, 7].map((number) => ({ personId: id(number), status: 'active' })), next: null });
    expect(first.rows[0]).toMatchObject({ name: 'p00000 Example', email: 'p00000@example.org', organizationId: 'csv:school' });
    const found = async (query: Partial<Parameters<typeof entriesOf>[3]>): Promise<readonly string[]> =>
      (await entriesOf(here.outside, ANA, 'T-1', { ...ALL, ...query })).rows.map(({ personId }) => personId);
    expect(await found({ status: 'locked' })).toEqual([id(2)]);
    expect(await found({ status: 'open' })).not.toContain(id(3));
    expect(await found({ search: 'EXAMPLE 00006' })).toEqual([id(6)]);
    expect(await found({ person: id(7) })).toEqual([id(7)]);
    expect(await found({ person: (one) => one.endsWith('5') })).toEqual([id(5)]);
    expect(await found({ person: 'csv:nobody' })).toEqual([]);
  });
});

describe('a person’s page', () => {
  it('E7 shows outstanding tasks only, and is empty without any', async () => {
    await here.seeded(2);
    await here.sync();
    expect(await outstandingOf(here.outside, ANA, id(0))).toMatchObject([
      {
        task: { number: 1, start: here.clock.now() },
        connector: { name: 'Portal' },
        by: 'Ana Ruiz',
        mayManage: true,
        row: { status: 'active', entry: { stop: STOP, type: 'link' } },
      },
    ]);
    await become(0, 'enrolled');
    expect(await outstandingOf(here.outside, ANA, id(0))).toEqual([]);
    await become(1, 'locked');
    expect(await outstandingOf(here.outside, ANA, id(1))).toMatchObject([{ row: { status: 'locked' } }]);
    await here.put('task', 'T-1', { ...(await here.task()), state: { is: 'removed', at: 0, by: 'U1' } });
    expect(await outstandingOf(here.outside, ANA, id(1))).toEqual([]);
  });

  it('E7 X1 a viewer reads it, who runs only below manages nothing of it, and who may not see the person sees nothing', async () => {
    await here.seeded(1);
    await here.sync();
    for (const who of [actor('viewer'), actor('operator', 'csv:school')])
      expect(await outstandingOf(here.outside, who, id(0))).toMatchObject([{ mayManage: false }]);
    expect(await outstandingOf(here.outside, actor('operator', 'csv:other'), id(0))).toEqual([]);
    expect(await refusalOf(resend(here.outside, actor('operator', 'csv:school'), 'T-1', id(0), null))).toMatchObject({ is: 'not-found' });
  });

  it('E7 a person whose id begins with another’s and a slash is not mistaken for them', async () => {
    await here.seeded(0);
    await here.home.people([person('a'), person('a/T-1')]);
    await here.sync();
    expect((await outstandingOf(here.outside, ANA, 'csv:a')).map(({ row }) => row.personId)).toEqual(['csv:a']);
  });
});

describe('what steers it', () => {
  const wish = { days: 7, attempts: 3, reminders: ['half'], types: ['link', 'hardware-token'] } as const;

  it('E8 a policy is set by an admin of that place, written down, and taken away again', async () => {
    await here.seeded(0);
    const connector = await here.home.connector();
    const from = async (): Promise<unknown> => (await policyInForce(here.outside, connector)).from;
    expect(await policyInForce(here.outside, connector)).toMatchObject({
      policy: { days: 10, attempts: 5, reminders: ['half', 'day-before'] },
      from: { is: 'built-in' },
    });
    await setPolicy(here.outside, ADMIN, { is: 'organization', id: 'csv:district' }, wish);
    await setPolicy(here.outside, actor('admin', 'csv:district'), { is: 'connector', id: CONNECTOR }, { ...wish, days: 2 });
    expect(await policyInForce(here.outside, connector)).toMatchObject({ policy: { days: 2, types: ['link', 'hardware-token'] }, from: { is: 'connector' } });
    await setPolicy(here.outside, ADMIN, { is: 'connector', id: CONNECTOR }, null);
    expect(await from()).toEqual({ is: 'organization', id: 'csv:district' });
    expect(await here.audited('enrollment.policy')).toHaveLength(3);
    expect(await refusalOf(setPolicy(here.outside, ADMIN, { is: 'default' }, null))).toMatchObject({ is: 'nothing-to-do' });
    expect(await refusalOf(setPolicy(here.outside, actor('admin', 'csv:district'), { is: 'default' }, wish))).toMatchObject({ is: 'not-allowed' });
    expect(await refusalOf(setPolicy(here.outside, ANA, { is: 'connector', id: CONNECTOR }, wish))).toMatchObject({ is: 'not-allowed', right: 'administer' });
    for (const [field, bad] of [
      ['days', { days: 0 }],
      ['days', { days: 1.5 }],
      ['attempts', { attempts: 0 }],
      ['types', { types: [] }],
    ] as const)
      expect(await refusalOf(setPolicy(here.outside, ADMIN, { is: 'default' }, { ...wish, ...bad }))).toMatchObject({ is: 'bad-input', field });
  });

  it('E8 a policy says the language of people without one, or none; the audit has it', async () => {
    await here.seeded(0);
    const scope = { is: 'connector', id: CONNECTOR } as const;
    expect(await setPolicy(here.outside, ADMIN, scope, { ...wish, language: 'es' })).toMatchObject({ language: 'es' });
    expect(await setPolicy(here.outside, ADMIN, scope, wish)).not.toHaveProperty('language');
    expect((await here.audited('enrollment.policy')).map(({ after }) => after?.language)).toEqual(['es', 'none']);
  });

  it('E13 the switch takes an admin, a mail server and a page, and a test address that is one; the audit has it masked', async () => {
    await here.seeded(0, { on: false });
    const { testAddress: _, at: __, by: ___, ...given } = ON;
    expect(await refusalOf(setSwitch(here.outside, ANA, CONNECTOR, { ...given, testAddress: null }))).toMatchObject({ is: 'not-allowed' });
    expect(await refusalOf(setSwitch({ ...here.outside, enrollment: null }, ADMIN, CONNECTOR, { ...given, testAddress: null }))).toMatchObject({
      ...{ is: 'bad-input', remedy: expect.stringContaining('docs/configuration.md') },
    });
    expect(await refusalOf(setSwitch(here.outside, ADMIN, CONNECTOR, { ...given, testAddress: 'everyone' }))).toMatchObject({
      is: 'bad-input',
      field: 'testAddress',
    });
    expect(await here.home.all('enrollmentSwitch')).toEqual([]);
    await setSwitch(here.outside, ADMIN, CONNECTOR, { on: true, arriveAs: 'invited', testAddress: ' lee.test@example.org ' });
    expect(await here.home.all('enrollmentSwitch')).toMatchObject([{ on: true, arriveAs: 'invited', testAddress: 'lee.test@example.org', by: 'U0ADMIN' }]);
    expect(await here.audited('enrollment.switch')).toEqual([
      {
        summary: 'switched the enrollment of Portal on, in test mode',
        by: 'U0ADMIN',
        after: { on: 'yes', arriveAs: 'invited', testAddress: 'l…@example.org' },
      },
    ]);
    await setSwitch({ ...here.outside, enrollment: null }, ADMIN, CONNECTOR, { on: false, arriveAs: 'active', testAddress: null });
    expect(await here.home.all('enrollmentSwitch')).toMatchObject([{ on: false }]);
  });

  it('E13 a switch-off is never undone by a form that was open meanwhile, nor by a change of something else in the same moment', async () => {
    await here.seeded(0);
    const { version } = await settingsSeen(here.outside, ADMIN, CONNECTOR);
    await Promise.all([
      setSwitch(here.outside, ADMIN, CONNECTOR, { on: false }),
      setSwitch(here.outside, ADMIN, CONNECTOR, { testAddress: 'lee.test@example.org' }),
      setSwitch(here.outside, ADMIN, CONNECTOR, { arriveAs: 'invited' }),
    ]);
    const after = [{ on: false, arriveAs: 'invited', testAddress: 'lee.test@example.org' }];
    expect(await here.home.all('enrollmentSwitch')).toMatchObject(after);
    const stale = setSwitch(here.outside, ADMIN, CONNECTOR, { on: true, arriveAs: 'active', testAddress: null }, version);
    expect(await refusalOf(stale)).toEqual({ is: 'changed-meanwhile', what: 'The enrollment of Portal' });
    expect(await here.home.all('enrollmentSwitch')).toMatchObject(after);
    const seen = await settingsSeen(here.outside, ADMIN, CONNECTOR);
    expect(await setSwitch(here.outside, ADMIN, CONNECTOR, { on: true }, seen.version)).toMatchObject({ on: true });
  });
});
