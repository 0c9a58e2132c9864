import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { taskAfterRun } from '../../../src/domain/enrollment/verbs/leavers.ts';
import { MOST_CHOSEN, provisionByHand } from '../../../src/domain/enrollment/verbs/provision.ts';
import { removeTask } from '../../../src/domain/enrollment/verbs/remove.ts';
import { accept } from '../../../src/domain/enrollment/verbs/accept.ts';
import { visibleTasks } from '../../../src/domain/enrollment/verbs/tasks.ts';
import { DAY, HOUR } from '../../../src/domain/instant.ts';
import { applyPlan, continuePlan } from '../../../src/domain/plans/verbs/apply.ts';
import { buildPlan, makePlan } from '../../../src/domain/plans/verbs/make.ts';
import { CLEARED } from '../approvals/cleared.ts';
import { SCHEDULE } from '../../../src/domain/rights/verbs/who.ts';
import { createRun } from '../../../src/domain/sync/verbs/create-run.ts';
import { startSync } from '../../../src/domain/sync/verbs/start.ts';
import { fault } from '../sync/memory-target.ts';
import { actor, assignment, CONNECTOR, connector, patiently, people, person, STAFF } from '../sync/world.ts';
import { refusalOf } from '../refused.ts';
import { ADMIN, ANA, id, SCIM_URL, secretIn, STOP, type TasksWorld, tasksWorld } from './tasks-world.ts';

let here: TasksWorld;
beforeEach(async () => {
  here = await tasksWorld();
});
afterEach(() => here.close());

describe('a task of a run', () => {
  it('E1 a run that creates accounts makes exactly one task, with a number, its operator, start, stop and people', async () => {
    await here.seeded(230);
    const run = await here.sync();
    expect(run.counts.created).toBe(230);
    expect(await here.tasks()).toEqual([
      expect.objectContaining({
        id: 'T-1',
        number: 1,
        connectorId: CONNECTOR,
        runId: run.id,
        by: 'U0ANA',
        start: here.clock.now(),
        stop: STOP,
        state: { is: 'open' },
      }),
    ]);
    expect(await here.statuses()).toEqual({ active: 230 });
    expect(await here.letters()).toHaveLength(230);
    expect(here.mails).toBeGreaterThan(0);
    expect(await here.audited('enrollment.open')).toEqual([
      { summary: 'opened task 1 of Portal for 230 people', by: 'U0ANA', after: expect.objectContaining({ run: run.id }) },
    ]);
  });

  it('E1 a run that creates nobody makes none, and what follows a run twice makes no second one', async () => {
    await here.seeded(3);
    const first = await here.sync();
    await here.sync();
    await taskAfterRun(here.outside, first, await here.home.connector());
    expect(await here.tasks()).toHaveLength(1);
    expect(await here.letters()).toHaveLength(3);
  });

  it('E1 a resumed run makes none of its own: who was created before and after the stop is in the one task', async () => {
    await here.seeded(20);
    const run = await startSync(here.outside, ANA, { connectorId: CONNECTOR });
    const stop = new AbortController();
    here.target.after = () => {
      if (here.target.users.size === 7) stop.abort();
    };
    const left = await here.home.execute(run.id, { interrupt: stop.signal });
    expect(left.state.is).toBe('running');
    expect(await here.tasks()).toEqual([]);
    await here.execute(run.id);
    expect(await here.tasks()).toHaveLength(1);
    expect(await here.statuses()).toEqual({ active: 20 });
  });

  it('E1 the operator of a scheduled run is "schedule", and nobody gets a card for it', async () => {
    await here.seeded(2);
    const run = await createRun(here.outside, {
      ...{ connector: await here.home.connector(), kind: 'sync', scope: { is: 'all' }, by: SCHEDULE.userId, way: 'job', verb: 'sync' },
    });
    await here.execute(run.id);
    expect(await here.task()).toMatchObject({ by: 'schedule' });
    expect(await here.card()).toBeUndefined();
  });

  it('E11 the operator gets a card of the task', async () => {
    await here.seeded(1);
    await here.sync();
    expect(await here.card()).toMatchObject({ place: { is: 'person', userId: 'U0ANA' }, content: { is: 'enrollment', taskId: 'T-1' } });
    expect(here.home.drawn).toContain('task/T-1');
  });

  it('E1 a crash between the end of the run and its people: a restart, or the next minute, goes on with the same task', async () => {
    await here.seeded(5);
    const run = await startSync(here.outside, ANA, { connectorId: CONNECTOR });
    await here.home.execute(run.id);
    expect(await here.task()).toMatchObject({ state: { is: 'gathering' } });
    expect(await here.entries()).toEqual([]);
    await here.restart();
    expect(await here.task()).toMatchObject({ number: 1, state: { is: 'open' } });
    expect(await here.statuses()).toEqual({ active: 5 });
    await here.due();
    expect(await here.letters()).toHaveLength(5);
  });

  it('E1 mail that goes out while a large task is gathered holds it up by nothing, and nobody is left out', async () => {
    await here.seeded(450);
    const run = await startSync(here.outside, ANA, { connectorId: CONNECTOR });
    const ended = await here.home.execute(run.id);
    const connector = await here.home.connector();
    await Promise.all([taskAfterRun(here.outside, ended, connector), here.due(), taskAfterRun(here.outside, ended, connector), here.deliver()]);
    await here.deliver();
    expect(await here.statuses()).toEqual({ active: 450 });
    expect(await here.task()).toMatchObject({ state: { is: 'open' }, mailedTo: 'p…@example.org' });
    expect(new Set(here.sent.map(({ to }) => to.address)).size).toBe(450);
    expect(here.sent).toHaveLength(450);
    expect(await here.audited('enrollment.open')).toHaveLength(1);
  });

  it('E1 two runs of two connectors that end at once have two numbers', async () => {
    await here.seeded(4);
    const other = connector(SCIM_URL, { connector: { id: 'c2', name: 'Zoom', instanceId: 'i2' } });
    await here.put('connector', 'c2', other);
    await here.put('enrollmentSwitch', 'c2', { on: true, arriveAs: 'active', testAddress: null, at: 0, by: 'U0ADMIN' });
    await here.put('assignment', 'c2/1', assignment(1, STAFF, { id: 'c2/1', connectorId: 'c2' }));
    await here.home.people([person('clerk', { groupings: [STAFF] })]);
    const runs = [await startSync(here.outside, ANA, { connectorId: CONNECTOR }), await startSync(here.outside, ANA, { connectorId: 'c2' })];
    await Promise.all(runs.map((run) => here.home.execute(run.id)));
    await here.due();
    const tasks = await here.tasks();
    expect(tasks.map(({ number }) => number).sort()).toEqual([1, 2]);
    expect(tasks.map(({ runId }) => runId).sort()).toEqual(runs.map((run) => run.id).sort());
  });

  it('E13 where the connector is not switched on there is no task, no mail, no card', async () => {
    await here.seeded(3, { on: false });
    await here.sync();
    expect(await here.tasks()).toEqual([]);
    expect(await here.letters()).toEqual([]);
    expect(await here.card()).toBeUndefined();
  });

  it('E13 adopted people are in no task and are never mailed', async () => {
    await here.seeded(2);
    here.target.users.set('x1', { id: 'x1', externalId: null, active: true, values: { userName: 'p00000' } });
    const run = await here.sync();
    expect(run.counts).toMatchObject({ adopted: 1, created: 1 });
    expect((await here.entries()).map(({ personId }) => personId)).toEqual([id(1)]);
    expect((await here.letters()).map(({ personId }) => personId)).toEqual([id(1)]);
  });

  it('E1 E10 people whose accounts arrive inactive, to be activated when they accept, are in the task as well', async () => {
    await here.seeded(2);
    await here.put('enrollmentSwitch', CONNECTOR, { on: true, arriveAs: 'invited', testAddress: null, at: 0, by: 'U0ADMIN' });
    await here.sync();
    expect(await here.home.accounts()).toMatchObject([{ state: 'inactive', invited: { granted: null } }, { state: 'inactive' }]);
    expect(await here.statuses()).toEqual({ active: 2 });
    await here.sync();
    expect(await here.statuses()).toEqual({ active: 2 });
  });

  it('E13 people without an e-mail address are in the task, and no mail is queued for them', async () => {
    await here.seeded(1);
    const { email: _, ...attributes } = person('quiet').attributes;
    await here.put('person', 'csv:quiet', { ...person('quiet'), attributes });
    await here.sync();
    expect(await here.entry('csv:quiet')).toMatchObject({ state: { is: 'active' }, mail: null });
    expect((await here.letters()).map(({ personId }) => personId)).toEqual([id(0)]);
  });

  it('E8 the policy that counts is the connector’s, else that of the nearest organization, else the default', async () => {
    const policy = (days: number) => ({ days, attempts: 3, reminders: [], types: ['link'] as const, at: 0, by: 'U0ADMIN' });
    await here.seeded(1);
    const days = async (folk: string): Promise<number> => {
      await here.home.people([person(folk)]);
      await here.sync();
      return (await here.tasks()).at(-1)?.days ?? 0;
    };
    expect(await days('a')).toBe(10);
    await here.put('enrollmentPolicy', 'default', policy(4));
    expect(await days('b')).toBe(4);
    await here.put('enrollmentPolicy', 'organization/csv:district', policy(5));
    expect(await days('c')).toBe(5);
    await here.put('enrollmentPolicy', `connector/${CONNECTOR}`, policy(6));
    expect(await days('d')).toBe(6);
  });

  it('E9 a policy of hardware tokens only promises one to each entry, as far as the stock goes', async () => {
    await here.seeded(5);
    await here.put('enrollmentPolicy', 'default', { days: 10, attempts: 3, reminders: [], types: ['hardware-token'], at: 0, by: 'U0ADMIN' });
    await here.put('stock', 'csv:district', { total: 3, used: 0, reserved: 0 });
    await here.sync();
    expect((await here.entries()).map(({ reserved, type }) => [reserved, type])).toEqual([
      ...Array.from({ length: 3 }, () => ['csv:district', 'hardware-token']),
      ...Array.from({ length: 2 }, () => [null, 'hardware-token']),
    ]);
    expect(await here.home.all('stock')).toEqual([{ total: 3, used: 0, reserved: 3 }]);
  });

  it('E1 people who lose their account leave their task with the run that takes it: their link is dead, their token free, nothing is mailed', async () => {
    await here.seeded(3);
    await here.put('enrollmentPolicy', 'default', { days: 10, attempts: 3, reminders: [], types: ['hardware-token'], at: 0, by: 'U0ADMIN' });
    await here.put('stock', 'csv:district', { total: 9, used: 0, reserved: 0 });
    await here.sync();
    await here.deliver();
    const gone = here.sent.find(({ to }) => to.address === 'p00001@example.org');
    await here.home.people([person('p00001', { groupings: [] })]);
    await here.sync();
    expect(await here.statuses()).toEqual({ active: 2, removed: 1 });
    expect(await here.home.all('stock')).toEqual([{ total: 9, used: 0, reserved: 2 }]);
    expect(await accept(here.outside, secretIn(gone), { type: 'hardware-token', serial: 'X' })).toEqual({ is: 'closed', why: 'unknown' });
    expect(await here.letters()).toEqual([]);
    expect(await here.audited('enrollment.left')).toHaveLength(1);
    // Off-boarded people are out with the next run, though their target has not answered.
    await here.put('offboarding', id(2), { personId: id(2), name: 'p', by: 'U1', at: 0, why: null, steps: [], released: null });
    here.target.before = () => {
      throw fault({ next: 'again', status: 503, message: 'down' });
    };
    await patiently(here.clock, here.sync());
    expect(await here.statuses()).toEqual({ active: 1, removed: 2 });
  });
});

describe('a task of a plan', () => {
  it('E1 E4 the canary and the rest share one task: it left the list with the canary’s people, and comes back with the others', async () => {
    await here.seeded(6);
    const begun = await makePlan(here.outside, ADMIN, { connectorId: CONNECTOR, place: { is: 'person', userId: 'U0ADMIN' } });
    const plan = await buildPlan(here.outside, begun.id);
    const asking = { ...here.outside, sources: [] };
    const { run } = await applyPlan(asking, ADMIN, { connectorId: CONNECTOR, planId: begun.id, hash: plan?.hash ?? '', first: 2 }, CLEARED);
    await here.execute(run.id);
    await here.deliver();
    for (const mail of here.sent.splice(0)) await accept(here.outside, secretIn(mail), { type: 'link', serial: null });
    await here.due();
    expect((await visibleTasks(here.outside, ADMIN)).total).toBe(0);
    await here.clock.advance(20 * HOUR);
    const rest = await continuePlan(asking, ADMIN, begun.id);
    await here.execute(rest.run.id);
    expect((await visibleTasks(here.outside, ADMIN, { filter: 'all' })).tasks).toMatchObject([{ finished: false, counts: { enrolled: 2, active: 4 } }]);
    expect((await here.task()).settledAt).toBeUndefined();
    // Whoever comes in later has as many days as the others.
    expect(new Set((await here.entries()).map(({ stop }) => stop))).toEqual(new Set([STOP, STOP + DAY]));
  });
});

describe('Provision by hand', () => {
  beforeEach(() => here.seeded(6));

  it('E1 people with an account are in the one task at once; the others get one by a run and join it', async () => {
    await here.put('enrollmentSwitch', CONNECTOR, null);
    await here.sync(ANA, { is: 'people', ids: [id(0), id(1)] });
    await here.put('enrollmentSwitch', CONNECTOR, { on: true, arriveAs: 'active', testAddress: null, at: 0, by: 'U0ADMIN' });
    const made = await provisionByHand(here.outside, ANA, CONNECTOR, [id(0), id(1), id(2), id(3)]);
    expect(made).toMatchObject({ done: 4, skipped: [], task: { id: 'T-1', byHand: true }, run: { kind: 'person' } });
    expect((await here.entries()).map(({ personId }) => personId)).toEqual([id(0), id(1)]);
    expect(await here.task()).toMatchObject({ state: { is: 'gathering' } });
    await here.execute(made.run?.id ?? '');
    expect(await here.tasks()).toHaveLength(1);
    expect(await here.task()).toMatchObject({ state: { is: 'open' }, runId: made.run?.id });
    expect((await here.entries()).map(({ personId }) => personId)).toEqual([id(0), id(1), id(2), id(3)]);
  });

  it('E1 without a run the task is there at once, and its row in the audit', async () => {
    await here.put('enrollmentSwitch', CONNECTOR, null);
    await here.sync();
    await here.put('enrollmentSwitch', CONNECTOR, { on: true, arriveAs: 'active', testAddress: null, at: 0, by: 'U0ADMIN' });
    const { task, run, done } = await provisionByHand(here.outside, ANA, CONNECTOR, [id(0), id(1)]);
    expect({ run, done }).toEqual({ run: null, done: 2 });
    expect(task).toMatchObject({ state: { is: 'open' }, runId: null, by: 'U0ANA' });
    expect(await here.audited('enrollment.open')).toMatchObject([{ summary: 'opened task 1 of Portal for 2 people' }]);
  });

  it('E1 many at once have numbers of their own', async () => {
    await here.put('enrollmentSwitch', CONNECTOR, null);
    await here.sync();
    await here.put('enrollmentSwitch', CONNECTOR, { on: true, arriveAs: 'active', testAddress: null, at: 0, by: 'U0ADMIN' });
    const made = await Promise.all(Array.from({ length: 6 }, (_, at) => provisionByHand(here.outside, ANA, CONNECTOR, [id(at)])));
    expect(made.map(({ task }) => task?.number ?? 0).sort()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('E1 the same people asked for by several at once are in one task only', async () => {
    await here.put('enrollmentSwitch', CONNECTOR, null);
    await here.sync();
    await here.put('enrollmentSwitch', CONNECTOR, { on: true, arriveAs: 'active', testAddress: null, at: 0, by: 'U0ADMIN' });
    const made = await Promise.all(Array.from({ length: 4 }, () => provisionByHand(here.outside, ANA, CONNECTOR, [id(0), id(1)])));
    expect(made.map(({ done }) => done).sort()).toEqual([0, 0, 0, 2]);
    expect(await here.tasks()).toHaveLength(1);
    expect(await here.letters()).toHaveLength(2);
  });

  it('E8 the summary says who was left out, and why', async () => {
    here.target.users.set('x1', { id: 'x1', externalId: null, active: true, values: { userName: 'p00000' } });
    await here.home.people([person('p00002', { status: 'inactive' }), person('p00003', { groupings: [] })]);
    await here.put('offboarding', id(4), { personId: id(4), name: 'p', by: 'U1', at: 0, why: null, steps: [], released: null });
    await here.sync(ANA, { is: 'people', ids: [id(0), id(1)] });
    const made = await provisionByHand(here.outside, ANA, CONNECTOR, [id(0), id(1), id(2), id(3), id(4), 'csv:nobody']);
    expect(made).toMatchObject({ done: 0, task: null, run: null });
    expect(new Map(made.skipped.map(({ why, people: who }) => [why, who]))).toEqual(
      new Map([
        ['had an account before', ['p00000 Example']],
        ['active in task 1 already', ['p00001 Example']],
        ['not active in the directory', ['p00002 Example']],
        ['not assigned', ['p00003 Example']],
        ['off-boarded', ['p00004 Example']],
        ['not in the directory', ['csv:nobody']],
      ]),
    );
    expect(await here.tasks()).toHaveLength(1);
  });

  it('E11 who is through is left out of another task, and mailed by nothing', async () => {
    await here.sync();
    await here.deliver();
    expect(await accept(here.outside, secretIn(here.sent[0]), { type: 'link', serial: null })).toEqual({ is: 'enrolled' });
    const enrolled = (await here.entries()).find(({ state }) => state.is === 'enrolled')?.personId ?? '';
    const made = await provisionByHand(here.outside, ANA, CONNECTOR, [enrolled]);
    expect(made.skipped).toMatchObject([{ why: 'enrolled already', count: 1 }]);
  });

  it('E1 removed people can be provisioned again: a new task', async () => {
    await here.sync();
    await removeTask(here.outside, ADMIN, 'T-1');
    expect(await provisionByHand(here.outside, ANA, CONNECTOR, [id(0)])).toMatchObject({ done: 1, task: { number: 2 } });
  });

  it('S1 while a run is under way, whoever has no account is left to it; alone they are refused with its progress', async () => {
    await here.put('enrollmentSwitch', CONNECTOR, null);
    await here.sync(ANA, { is: 'people', ids: [id(0)] });
    await here.put('enrollmentSwitch', CONNECTOR, { on: true, arriveAs: 'active', testAddress: null, at: 0, by: 'U0ADMIN' });
    const run = await startSync(here.outside, ANA, { connectorId: CONNECTOR });
    expect(await refusalOf(provisionByHand(here.outside, ANA, CONNECTOR, [id(1)]))).toMatchObject({ is: 'running', runId: run.id });
    const made = await provisionByHand(here.outside, ANA, CONNECTOR, [id(0), id(1)]);
    expect(made).toMatchObject({ done: 1, skipped: [{ why: `without an account while ${run.id} runs`, count: 1 }], run: null });
  });

  it('X1 E13 is refused to who may not run syncs there, while enrollment is off, for nobody and for too many', async () => {
    expect(await refusalOf(provisionByHand(here.outside, actor('viewer'), CONNECTOR, [id(0)]))).toMatchObject({ is: 'not-allowed', right: 'run' });
    expect(await refusalOf(provisionByHand(here.outside, ANA, CONNECTOR, []))).toMatchObject({ is: 'bad-input', field: 'people' });
    const many = people(MOST_CHOSEN + 1).map((one) => one.id);
    expect(await refusalOf(provisionByHand(here.outside, ANA, CONNECTOR, many))).toMatchObject({ is: 'bad-input', field: 'people' });
    await here.put('enrollmentSwitch', CONNECTOR, null);
    expect(await refusalOf(provisionByHand(here.outside, ANA, CONNECTOR, [id(0)]))).toMatchObject({
      is: 'bad-input',
      problem: expect.stringContaining('Enrollment is off'),
    });
    expect(await here.tasks()).toEqual([]);
  });
});
