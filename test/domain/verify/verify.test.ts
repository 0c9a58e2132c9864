import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { put } from '../../../src/domain/revise.ts';
import { startSync } from '../../../src/domain/sync/verbs/start.ts';
import { driftPage } from '../../../src/domain/verify/verbs/drift.ts';
import { buildUndo, undoRun } from '../../../src/domain/undo/verbs/undo-run.ts';
import { acceptDrift, reassertDrift } from '../../../src/domain/verify/verbs/settle.ts';
import { startVerification } from '../../../src/domain/verify/verbs/start.ts';
import { seatsOf } from '../../../src/domain/enrollment/verbs/seating.ts';
import { invite } from '../enrollment/invited-world.ts';
import type { Transaction } from '../../../src/ports/store.ts';
import { type MemoryTarget, memoryTarget } from '../sync/memory-target.ts';
import { watched } from '../sync/watched-store.ts';
import { actor, assignment, CONNECTOR, connector, ended, people, person, type World, world } from '../sync/world.ts';

const URL_ = 'https://target.example/scim';
let target: MemoryTarget;
let home: World;

beforeEach(async () => {
  target = memoryTarget();
  home = await world({ targets: target });
  await home.seed(connector(URL_), people(6));
  await home.sync();
});
afterEach(() => home.close());

async function verify() {
  const run = await startVerification(home.outside, actor(), { connectorId: CONNECTOR });
  return await home.execute(run.id);
}

const drifted = async () => (await driftPage(home.outside, actor(), CONNECTOR, { after: null, limit: 10 })).drift;

/** Changes a user of the target by hand. */
function byHand(userName: string, change: { readonly active?: boolean; readonly values?: Readonly<Record<string, string | undefined>> }): void {
  const user = [...target.users.values()].find(({ values }) => values.userName === userName);
  if (user === undefined) throw new Error(`no ${userName}`);
  const values = Object.fromEntries(
    Object.entries({ ...user.values, ...change.values }).flatMap(([path, value]) => (value === undefined ? [] : [[path, value]])),
  );
  target.users.set(user.id, { ...user, values, active: change.active ?? user.active });
}

function goneByHand(userName: string): void {
  for (const [id, { values }] of target.users) if (values.userName === userName) target.users.delete(id);
}

describe('verify', () => {
  it('S20 finds nothing where the target is as it was pushed, and writes nothing to it', async () => {
    const before = target.writes().length;
    const run = await verify();
    expect(ended(run)).toMatchObject({ ending: 'completed', result: 'success' });
    expect(await drifted()).toEqual([]);
    expect(target.writes()).toHaveLength(before);
    expect((await home.outside.store.get('verification', CONNECTOR))?.value.state).toMatchObject({ is: 'done', read: 6, drifted: 0, unmanaged: 0 });
  });

  it('S20 finds a changed value, one taken away, a missing account, one switched off, and counts what is not managed', async () => {
    byHand('p00000', { values: { 'name.familyName': 'Otherwise' } });
    byHand('p00001', { values: { 'name.familyName': undefined } });
    goneByHand('p00002');
    byHand('p00003', { active: false });
    target.users.set('by-hand', { id: 'by-hand', externalId: null, active: true, values: { userName: 'boss' } });
    await verify();
    expect((await drifted()).map(({ row }) => row.drift)).toMatchObject([
      { is: 'changed', personId: 'csv:p00000', changes: [{ attribute: 'name.familyName', before: 'Otherwise', after: 'Example' }] },
      { is: 'changed', personId: 'csv:p00001', changes: [{ attribute: 'name.familyName', before: null, after: 'Example' }] },
      { is: 'active', personId: 'csv:p00003', wanted: true },
      { is: 'missing', personId: 'csv:p00002' },
    ]);
    expect((await home.outside.store.get('verification', CONNECTOR))?.value.state).toMatchObject({ is: 'done', drifted: 4, unmanaged: 1 });
  });

  it('S20 no page waits for the disk because something differs on it: what was found is written together, before it is told', async () => {
    const steps: string[] = [];
    const before = ({ puts = [], appends = [] }: Transaction): void => {
      for (const each of puts) if (each.kind === 'verification') steps.push(each.value?.state.is ?? 'gone');
      if (appends.some(({ log }) => log === 'drift')) steps.push(`${appends.length} rows`);
    };
    await home.close();
    target = memoryTarget();
    home = await world({ targets: target, around: (store) => watched(store, { before }) });
    await home.seed(connector(URL_), people(300));
    await home.sync();
    for (const userName of ['p00000', 'p00100', 'p00200']) byHand(userName, { active: false });
    goneByHand('p00299');
    await verify();
    expect(steps).toEqual(['running', '4 rows', 'done']);
  });

  it('S20 S22 a value that the target normalizes is no drift, nor is one that it is known to have made of ours', async () => {
    byHand('p00000', { values: { userName: 'P00000', 'name.familyName': ' EXAMPLE ' } });
    byHand('p00001', { values: { 'name.familyName': 'Xample' } });
    const account = await home.account('p00001');
    if (account?.pushed == null) throw new Error('nothing was pushed');
    await home.put('account', `${CONNECTOR}/csv:p00001`, { ...account, pushed: { ...account.pushed, made: { 'name.familyName': 'Xample' } } });
    await verify();
    expect(await drifted()).toEqual([]);
  });

  it('S20 re-asserts exactly the ticked people, with one request each, and then nothing of theirs differs', async () => {
    byHand('p00000', { values: { 'name.familyName': 'Otherwise' } });
    byHand('p00003', { values: { 'name.familyName': 'Otherwise' } });
    await verify();
    const [first, second] = await drifted();
    const before = target.writes().length;
    const run = await reassertDrift(home.outside, actor(), { connectorId: CONNECTOR, ticked: [first?.seq ?? 0] });
    expect((await home.execute(run.id)).counts).toMatchObject({ updated: 1, failed: 0 });
    expect(
      target
        .writes()
        .slice(before)
        .map(({ userName }) => userName),
    ).toEqual(['p00000']);
    expect((await drifted()).map(({ seq }) => seq)).toEqual([second?.seq]);
    expect(await home.events(run.id)).toMatchObject([{ type: 'user_update_provision', changes: [{ before: 'Otherwise', after: 'Example' }] }]);
  });

  it('S20 re-asserts all: a missing account is created again, one switched off is switched on', async () => {
    goneByHand('p00002');
    byHand('p00003', { active: false });
    await verify();
    const run = await reassertDrift(home.outside, actor(), { connectorId: CONNECTOR, ticked: 'all' });
    expect((await home.execute(run.id)).counts).toMatchObject({ created: 1, reactivated: 1, failed: 0 });
    expect(await drifted()).toEqual([]);
    await verify();
    expect(await drifted()).toEqual([]);
  });

  it('S20 accepts what the target has without a request, and it stays accepted', async () => {
    byHand('p00000', { values: { 'name.familyName': 'Otherwise' } });
    byHand('p00001', { values: { 'name.familyName': undefined } });
    await verify();
    const before = target.calls.length;
    const ticked = (await drifted()).map(({ seq }) => seq);
    expect(await acceptDrift(home.outside, actor(), { connectorId: CONNECTOR, ticked })).toMatchObject({ accepted: 2 });
    expect(target.calls).toHaveLength(before);
    expect(await drifted()).toEqual([]);
    expect((await home.sync()).counts).toMatchObject({ updated: 0, unchanged: 6 });
    await verify();
    expect(await drifted()).toEqual([]);
    await expect(acceptDrift(home.outside, actor(), { connectorId: CONNECTOR, ticked })).rejects.toMatchObject({ reason: { is: 'nothing-to-do' } });
  });

  it('S20 S23 a walk that is not complete concludes nothing of what it did not see', async () => {
    goneByHand('p00002');
    const whole = target.open(URL_, '', 1);
    const cut = {
      ...target,
      open: () => ({
        ...whole,
        list: async function* (before: () => Promise<void>) {
          await before();
          yield [...target.users.values()].slice(0, 2);
          return { complete: false, reason: 'The pages do not add up.' };
        },
      }),
    };
    await home.close();
    home = await world({ targets: cut });
    await home.seed(connector(URL_, { connector: { listing: { at: 1, total: 0, active: 0, unmanaged: 0, unmanagedActive: 0 } } }), people(6));
    target.users.clear();
    await home.sync();
    for (const id of [...target.users.keys()].slice(3)) target.users.delete(id);
    expect(ended(await verify())).toMatchObject({ result: 'failure' });
    expect(await drifted()).toEqual([]);
    expect((await home.outside.store.get('verification', CONNECTOR))?.value.state).toMatchObject({ is: 'incomplete', reason: 'The pages do not add up.' });
  });

  it('S20 S1 is refused beside another run, and to who may not sync the whole connector', async () => {
    await startSync(home.outside, actor(), { connectorId: CONNECTOR });
    await expect(startVerification(home.outside, actor(), { connectorId: CONNECTOR })).rejects.toMatchObject({ reason: { is: 'running' } });
    await expect(startVerification(home.outside, actor('operator', 'csv:school'), { connectorId: CONNECTOR })).rejects.toMatchObject({
      reason: { is: 'not-allowed' },
    });
    await expect(startVerification(home.outside, actor('viewer'), { connectorId: CONNECTOR })).rejects.toMatchObject({ reason: { is: 'not-allowed' } });
  });

  it('S20 A7 does not switch a protected person off who was switched on by hand', async () => {
    await home.write([put('assignment', `${CONNECTOR}/1`, { ...assignment(1), ended: { at: 1, by: 'U1', why: null, shown: people(6).map(({ id }) => id) } })]);
    await home.sync();
    byHand('p00000', { active: true });
    byHand('p00001', { active: true });
    const shield = { id: 'csv:p00000', personId: 'csv:p00000', connectorId: null, why: 'break-glass', by: 'U1', approvedBy: [], at: 1 };
    await home.put('protected', shield.id, shield);
    await verify();
    expect((await drifted()).map(({ row }) => row.drift)).toMatchObject([
      { is: 'active', wanted: false },
      { is: 'active', wanted: false },
    ]);
    const run = await reassertDrift(home.outside, actor(), { connectorId: CONNECTOR, ticked: 'all' });
    expect(await home.execute(run.id)).toMatchObject({ counts: { deactivated: 1 }, frozen: { count: 1, protected: 1 } });
  });

  describe('of an account that waits for its person, and was switched on by hand', () => {
    beforeEach(async () => {
      await invite(home);
      await home.people([person('ann')]);
      await home.sync();
      expect(await seatsOf(home.outside, 'i1')).toMatchObject({ taken: 6 });
      byHand('ann', { active: true });
      await verify();
    });

    it('S20 E12 accepting it takes the seat at once, and that of one who is missing is free', async () => {
      goneByHand('p00001');
      goneByHand('p00002');
      await verify();
      await acceptDrift(home.outside, actor(), { connectorId: CONNECTOR, ticked: (await drifted()).map(({ seq }) => seq) });
      expect(await home.account('ann')).toMatchObject({ state: 'active' });
      expect(await seatsOf(home.outside, 'i1')).toMatchObject({ taken: 5 });
    });

    it('S5 S20 re-asserting it tells what changed, and undoing that lets nobody in', async () => {
      const run = await reassertDrift(home.outside, actor(), { connectorId: CONNECTOR, ticked: 'all' });
      expect((await home.execute(run.id)).counts).toMatchObject({ updated: 1, failed: 0 });
      expect(await home.events(run.id)).toMatchObject([{ type: 'user_update_provision', changes: [{ attribute: 'active', before: 'true', after: 'false' }] }]);
      const { plan } = await undoRun(home.outside, actor(), { runId: run.id, place: { is: 'person', userId: 'U1' } });
      const undone = await buildUndo(home.outside, plan);
      expect(undone.left).toMatchObject([{ why: 'they had not accepted yet, and nobody is made active by an undo', count: 1 }]);
    });
  });
});
