import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { estimate } from '../../../src/domain/assignments/verbs/estimate.ts';
import { accept } from '../../../src/domain/enrollment/verbs/accept.ts';
import { buildPlan, makePlan } from '../../../src/domain/plans/verbs/make.ts';
import { preview } from '../../../src/domain/sync/preview.ts';
import { createRun } from '../../../src/domain/sync/verbs/create-run.ts';
import { put } from '../../../src/domain/revise.ts';
import { buildUndo, undoRun } from '../../../src/domain/undo/verbs/undo-run.ts';
import { driftPage } from '../../../src/domain/verify/verbs/drift.ts';
import { acceptDrift, reassertDrift } from '../../../src/domain/verify/verbs/settle.ts';
import { startVerification } from '../../../src/domain/verify/verbs/start.ts';
import type { Run } from '../../../src/domain/sync/run.ts';
import { startSync } from '../../../src/domain/sync/verbs/start.ts';
import { NO_FILTER } from '../../../src/domain/reports/report.ts';
import { accounts as accountRows } from '../../../src/domain/reports/verbs/rows/accounts.ts';
import { reportScope } from '../../../src/domain/reports/verbs/scope.ts';
import { door, fault, type MemoryTarget, memoryTarget } from '../sync/memory-target.ts';
import { actor, assignment, CONNECTOR, connector, ended, people, person, STAFF, TEACHERS, type World, world } from '../sync/world.ts';
import { activated, enter, invite, seats, secretOf } from './invited-world.ts';

const URL_ = 'https://target.example/scim';
let target: MemoryTarget;
let home: World;

beforeEach(async () => {
  target = memoryTarget();
  home = await world({ targets: target });
  await home.seed(connector(URL_), people(4));
  await invite(home);
});
afterEach(() => home.close());

const inTarget = (userName: string) => [...target.users.values()].find(({ values }) => values.userName === userName);
const active = () => [...target.users.values()].map((user) => user.active);

/** Gives somebody their seat, as an acceptance does. */
async function grant(id: string): Promise<void> {
  await enter(home, [`csv:${id}`]);
  expect(await accept(home.outside, secretOf(`csv:${id}`), { type: 'link', serial: null })).toEqual({ is: 'enrolled' });
}

async function apply(planId: string): Promise<Run> {
  const along = async (run: Run) => {
    const stored = await home.outside.store.get('plan', planId);
    if (stored === undefined) throw new Error('no plan');
    return [put('plan', planId, { ...stored.value, state: { is: 'applying', runId: run.id, first: null } }, stored.version)];
  };
  const run = await createRun(home.outside, {
    ...{ connector: await home.connector(), kind: 'plan', scope: { is: 'all' }, by: 'U2', way: 'button', verb: 'sync' },
    ...{ plan: { planId, from: 0, to: null, approved: true }, along },
  });
  return await home.execute(run.id);
}

describe('accounts that arrive as invited', () => {
  it('E10 S5 are created inactive, told so in their event, and hold no seat', async () => {
    const run = await home.sync();
    expect(run.counts).toMatchObject({ created: 4, failed: 0 });
    expect(active()).toEqual([false, false, false, false]);
    expect(await home.account('p00000')).toMatchObject({ state: 'inactive', origin: 'created', invited: { granted: null }, intent: null });
    const [event] = await home.events(run.id);
    expect(event).toMatchObject({ type: 'user_create_provision', success: true });
    expect(event?.changes).toContainEqual({ attribute: 'active', before: null, after: 'false' });
    expect((await preview(home.outside, CONNECTOR))?.seats).toMatchObject({ before: 0, after: 0 });
  });

  it('E10 S6 a preview and a plan count no seat for whoever will be invited', async () => {
    await seats(home, 3);
    expect(await preview(home.outside, CONNECTOR)).toMatchObject({ counts: { create: 4 }, seats: { total: 3, before: 0, after: 0 } });
    const plan = await makePlan(home.outside, actor(), { connectorId: CONNECTOR, place: { is: 'person', userId: 'U1' } });
    expect(await buildPlan(home.outside, plan.id)).toMatchObject({ counts: { create: 4 }, seats: { before: 0, after: 0 } });
  });

  it('E10 A1 an assignment counts the seats that are left if everyone activates', async () => {
    await seats(home, 5);
    await home.sync();
    await home.people(Array.from({ length: 3 }, (_, at) => person(`staff${at}`, { groupings: [STAFF] })));
    expect(await estimate(home.outside, actor('admin'), CONNECTOR, [STAFF])).toMatchObject({
      create: 3,
      nextRun: { seats: { before: 0, after: 0 } },
      seatsLeft: -2,
    });
  });

  it('E10 S6 a plan says how accounts arrive: where that was changed since, it is void', async () => {
    const plan = await makePlan(home.outside, actor(), { connectorId: CONNECTOR, place: { is: 'person', userId: 'U1' } });
    await buildPlan(home.outside, plan.id);
    await invite(home, { arriveAs: 'active' });
    expect((await apply(plan.id)).counts.created).toBe(0);
    expect(target.users.size).toBe(0);
  });

  it('E10 S7 stay inactive while nothing changes, without a request', async () => {
    await home.sync();
    target.calls.length = 0;
    expect((await home.sync()).counts).toMatchObject({ unchanged: 4, reactivated: 0, updated: 0 });
    expect(target.calls).toEqual([]);
  });

  it('E10 keep their attributes right, and stay inactive', async () => {
    await home.sync();
    await home.people([person('p00001', { attributes: { familyName: 'Newname' } })]);
    expect((await home.sync()).counts).toMatchObject({ updated: 1, reactivated: 0 });
    expect(inTarget('p00001')).toMatchObject({ active: false, values: { 'name.familyName': 'Newname' } });
    expect(await home.account('p00001')).toMatchObject({ state: 'inactive', invited: { granted: null } });
  });

  it('E10 S5 a seat that was granted makes the next run activate the account, told as an update', async () => {
    await home.sync();
    await grant('p00002');
    const run = await home.sync();
    expect(run.counts).toMatchObject({ reactivated: 1, unchanged: 3 });
    expect(active().filter((each) => each)).toHaveLength(1);
    const account = await home.account('p00002');
    expect(account).toMatchObject({ state: 'active' });
    expect(account?.invited).toBeUndefined();
    expect(account?.timeline.map(([, state]) => state)).toEqual(['invited', 'active']);
    const [event] = await home.events(run.id);
    expect(event).toMatchObject({ type: 'user_update_provision', changes: [{ attribute: 'active', before: 'false', after: 'true' }] });
  });

  it('E10 S10 whoever leaves is deactivated and invited no more, and is active again after coming back', async () => {
    await home.sync();
    await home.people([person('p00000', { status: 'inactive' })]);
    const run = await home.sync();
    expect(run.counts).toMatchObject({ deactivated: 1 });
    expect((await home.events(run.id))[0]).toMatchObject({ type: 'user_deprovision', success: true, changes: [] });
    const left = await home.account('p00000');
    expect(left).toMatchObject({ state: 'inactive' });
    expect(left?.invited).toBeUndefined();
    expect((await home.sync()).counts).toMatchObject({ deactivated: 0 });
    await home.people([person('p00000')]);
    expect((await home.sync()).counts).toMatchObject({ reactivated: 1 });
    expect(inTarget('p00000')?.active).toBe(true);
  });

  it('E10 S14 the fuse measures against everybody who has an account, invited ones too', async () => {
    await home.people(people(60));
    await home.sync();
    await home.people(people(20, { groupings: [] }));
    const run = await home.sync();
    expect(ended(run).ending).toBe('held');
    expect(run.held).toEqual({ removals: 20, accounts: 60 });
  });

  it('E10 E12 removing an invited one frees no seat, removing an active one does', async () => {
    await home.sync();
    await grant('p00000');
    await home.sync();
    await home.people([person('p00000', { groupings: [] }), person('p00001', { groupings: [] })]);
    expect(await preview(home.outside, CONNECTOR)).toMatchObject({ counts: { deactivate: 2 }, seats: { before: 1, after: 0 } });
  });

  it('E10 S8 S9 adoption makes nobody invited: who is there is active, found by listing or by a 409', async () => {
    target.users.set('x1', { id: 'x1', externalId: null, active: true, values: { userName: 'p00000' } });
    target.before = (call) => {
      if (call.what === 'create' && call.userName === 'p00001' && !target.users.has('x2'))
        target.users.set('x2', { id: 'x2', externalId: null, active: true, values: { userName: 'p00001' } });
    };
    const run = await home.sync();
    expect(run.counts).toMatchObject({ created: 2, adopted: 2 });
    for (const id of ['p00000', 'p00001']) {
      const account = await home.account(id);
      expect(account).toMatchObject({ state: 'active', origin: 'adopted' });
      expect(account?.invited).toBeUndefined();
    }
    expect(inTarget('p00000')?.active).toBe(true);
    expect(inTarget('p00001')?.active).toBe(true);
  });

  it('E10 S23 a create whose reply was lost is looked up, and is invited', async () => {
    let lost = false;
    target.after = (call) => {
      if (call.what !== 'create' || lost) return;
      lost = true;
      throw fault({ next: 'again', maybeWritten: true, message: 'connection reset' });
    };
    expect((await home.sync()).counts).toMatchObject({ created: 4, failed: 0 });
    expect(active()).toEqual([false, false, false, false]);
    for (const account of await home.accounts()) expect(account).toMatchObject({ state: 'inactive', invited: { granted: null }, origin: 'created' });
  });

  it('E10 S13 a crash between create and result leaves it invited, also where it shows as active', async () => {
    await home.sync();
    for (const [id, awake] of [
      ['p00000', false],
      ['p00001', true],
    ] as const) {
      const account = await home.account(id);
      const user = inTarget(id);
      if (account === undefined || user === undefined) throw new Error('no account');
      const { invited: _, ...rest } = account;
      const intent = { runId: 'R-0', operation: 'create', invited: true } as const;
      await home.put('account', `${CONNECTOR}/csv:${id}`, { ...rest, state: 'pending', targetId: null, pushed: null, intent, timeline: [] });
      target.users.set(user.id, { ...user, active: awake });
    }
    const run = await home.sync();
    expect(run.counts).toMatchObject({ created: 2, failed: 0 });
    expect(active()).toEqual([false, false, false, false]);
    for (const account of await home.accounts()) expect(account).toMatchObject({ state: 'inactive', invited: { granted: null }, intent: null });
    expect(target.users.size).toBe(4);
  });

  it('E10 S23 a target that creates everybody active is told once more; whom it keeps active holds a seat', async () => {
    const opened = target.open(URL_, '', 1);
    let stubborn = false;
    const eager: MemoryTarget = {
      ...target,
      open: () => ({
        ...opened,
        create: (externalId, values, _active, turn) => opened.create(externalId, values, true, turn),
        change: (id, change, turn) => opened.change(id, stubborn ? { ...change, active: true } : change, turn),
      }),
    };
    await home.close();
    home = await world({ targets: eager });
    await home.seed(connector(URL_), people(1));
    await invite(home);
    await home.sync();
    expect(active()).toEqual([false]);
    expect(await home.account('p00000')).toMatchObject({ state: 'inactive', invited: { granted: null } });
    stubborn = true;
    await home.people(people(2));
    const run = await home.sync();
    expect(run.counts).toMatchObject({ created: 1, failed: 0 });
    expect(await home.account('p00001')).toMatchObject({ state: 'active' });
    expect((await home.events(run.id))[0]?.changes).toContainEqual({ attribute: 'active', before: null, after: 'true' });
  });

  it('E10 an account that is gone from the target is created anew as it stood', async () => {
    await home.sync();
    for (const [id, { values }] of target.users) if (values.userName === 'p00003') target.users.delete(id);
    await home.people([person('p00003', { attributes: { familyName: 'Again' } })]);
    expect((await home.sync()).counts).toMatchObject({ created: 1 });
    expect(inTarget('p00003')?.active).toBe(false);
    expect(await home.account('p00003')).toMatchObject({ state: 'inactive', invited: { granted: null } });
  });

  it('E10 a seat granted while a run writes the same account is not lost', async () => {
    await home.sync();
    await home.people([person('p00000', { attributes: { familyName: 'Newname' } })]);
    const reached = door();
    const go = door();
    target.before = async (call) => {
      if (call.what !== 'change') return;
      reached.open();
      await go.opened;
    };
    const run = home.sync();
    await reached.opened;
    await grant('p00000');
    go.open();
    expect((await run).counts).toMatchObject({ updated: 1 });
    expect(await home.account('p00000')).toMatchObject({
      state: 'inactive',
      invited: { granted: expect.any(Number) },
      pushed: { values: { 'name.familyName': 'Newname' } },
    });
    target.before = () => {};
    await activated(home);
    expect(inTarget('p00000')?.active).toBe(true);
  });

  it('E10 the setting counts as it was when the run began', async () => {
    const reached = door();
    const go = door();
    target.before = async (call) => {
      if (call.what !== 'create') return;
      reached.open();
      await go.opened;
    };
    const run = home.sync();
    await reached.opened;
    await invite(home, { arriveAs: 'active' });
    go.open();
    await run;
    expect(active()).toEqual([false, false, false, false]);
  });

  it('E10 E13 arrive active where enrollment is off, or says so', async () => {
    await invite(home, { on: false });
    await home.sync();
    await home.people(people(6));
    await invite(home, { arriveAs: 'active' });
    await home.sync();
    expect(active()).toEqual([true, true, true, true, true, true]);
  });
});

describe('what the other screens make of it', () => {
  const verify = async () => {
    const run = await startVerification(home.outside, actor(), { connectorId: CONNECTOR });
    await home.execute(run.id);
    return (await driftPage(home.outside, actor(), CONNECTOR, { after: null, limit: 10 })).drift;
  };
  function byHand(userName: string, isActive: boolean, familyName = 'Example'): void {
    const user = inTarget(userName);
    if (user === undefined) throw new Error('no user');
    target.users.set(user.id, { ...user, active: isActive, values: { ...user.values, 'name.familyName': familyName } });
  }

  it('E10 S20 an invited account that is inactive is right; its values are compared as ever', async () => {
    await home.sync();
    expect(await verify()).toEqual([]);
    byHand('p00000', false, 'Otherwise');
    expect((await verify()).map(({ row }) => row.drift)).toMatchObject([{ is: 'changed', personId: 'csv:p00000' }]);
  });

  it('E10 S20 one that was switched on by hand is drift: re-asserted it is invited still, accepted it holds the seat', async () => {
    await home.sync();
    byHand('p00000', true);
    byHand('p00001', true);
    const found = await verify();
    expect(found.map(({ row }) => row.drift)).toMatchObject([
      { is: 'active', personId: 'csv:p00000', wanted: false },
      { is: 'active', personId: 'csv:p00001', wanted: false },
    ]);
    const [first, second] = found;
    if (first === undefined || second === undefined) throw new Error('no drift');
    await acceptDrift(home.outside, actor(), { connectorId: CONNECTOR, ticked: [second.seq] });
    const run = await reassertDrift(home.outside, actor(), { connectorId: CONNECTOR, ticked: [first.seq] });
    await home.execute(run.id);
    expect(inTarget('p00000')?.active).toBe(false);
    expect(await home.account('p00000')).toMatchObject({ state: 'inactive', invited: { granted: null } });
    const accepted = await home.account('p00001');
    expect(accepted).toMatchObject({ state: 'active' });
    expect(accepted?.invited).toBeUndefined();
  });

  it('E10 S19 undoing a run takes back whom it invited; nobody is let in by an undo', async () => {
    const run = await home.sync();
    const { plan } = await undoRun(home.outside, actor(), { runId: run.id, place: { is: 'person', userId: 'U1' } });
    const undone = await buildUndo(home.outside, plan);
    expect(undone).toMatchObject({ left: [], plan: { counts: { deactivate: 4 }, seats: { before: 0, after: 0 } } });
    const removal = await apply(undone.plan.id);
    expect(removal.counts).toMatchObject({ deactivated: 4 });
    expect((await home.account('p00000'))?.invited).toBeUndefined();
    const back = await undoRun(home.outside, actor(), { runId: removal.id, place: { is: 'person', userId: 'U1' } });
    expect((await buildUndo(home.outside, back.plan)).left).toMatchObject([
      { why: 'they had not accepted yet, and nobody is made active by an undo', count: 4 },
    ]);
  });

  it('E10 R1 reports call them invited, now and as of a date', async () => {
    await home.sync();
    const then = home.outside.clock.now();
    await grant('p00000');
    while (home.outside.clock.now() <= then) await home.outside.breath.turn();
    await home.sync();
    const states = async (asOf: number | null) => {
      const found: string[] = [];
      const scope = await reportScope(home.outside, actor(), NO_FILTER);
      const never = (): Promise<never> => Promise.reject(new Error('Slack is not asked here'));
      const workspace = {
        member: never,
        group: never,
        groups: never,
        channelName: never,
        postingProblem: never,
        mayHoldNames: never,
        upload: never,
        download: never,
      };
      const drawing = { outside: { ...home.outside, workspace }, actor: actor(), scope, filter: { ...NO_FILTER, asOf }, nameOf: async (id: string) => id };
      for await (const cells of accountRows.rows(drawing)) found.push(cells[accountRows.header.indexOf('State')] ?? '');
      return found;
    };
    expect(await states(null)).toEqual(['active', 'invited', 'invited', 'invited']);
    expect(await states(then)).toEqual(['invited', 'invited', 'invited', 'invited']);
  });

  it('E10 somebody moved to another assigned role stays invited', async () => {
    await home.write([put('assignment', `${CONNECTOR}/2`, assignment(2, STAFF))]);
    await home.sync();
    await home.people([person('p00000', { groupings: [STAFF] }), person('p00001', { groupings: [TEACHERS, STAFF] })]);
    const run = await startSync(home.outside, actor(), { connectorId: CONNECTOR });
    expect((await home.execute(run.id)).counts).toMatchObject({ unchanged: 4, deactivated: 0, reactivated: 0 });
  });
});
