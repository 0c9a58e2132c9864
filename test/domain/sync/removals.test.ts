import { describe, expect, it } from 'vitest';
import { disconnect } from '../../../src/domain/connectors/verbs/states.ts';
import { stepNow } from '../../../src/domain/halts/next-steps.ts';
import { DAY, SECOND } from '../../../src/domain/instant.ts';
import type { Run } from '../../../src/domain/sync/run.ts';
import { cancelDeletion, scheduledDeletions } from '../../../src/domain/sync/verbs/cancel-deletion.ts';
import { startSync } from '../../../src/domain/sync/verbs/start.ts';
import type { ManualClock } from '../../clock.ts';
import { CLEARED } from '../approvals/cleared.ts';
import { invite } from '../enrollment/invited-world.ts';
import { beforeMemory, URL_ } from './before-memory.ts';
import { door, fault, type MemoryTarget } from './memory-target.ts';
import { actor, assignment, CONNECTOR, connector, ended, patiently, people, person, TEACHERS, type World } from './world.ts';

let clock: ManualClock;
let target: MemoryTarget;
let home: World;

beforeMemory((given) => {
  ({ clock, target, home } = given);
});

describe('the fuse', () => {
  async function leaving(count: number, of: number): Promise<Run> {
    await home.seed(connector(URL_), people(of));
    await home.sync();
    await home.people([...people(count, { groupings: [] }), person('joiner')]);
    return await home.sync();
  }

  it('S14 holds more than 10 people and more than 5 percent: not one is removed, joins go on', async () => {
    const run = await leaving(11, 100);
    expect(ended(run)).toMatchObject({ ending: 'held', result: 'partial' });
    expect(run).toMatchObject({ held: { removals: 11, accounts: 100 }, counts: { deactivated: 0, created: 1 }, total: 1, done: 1 });
    expect([...target.users.values()].every((user) => user.active)).toBe(true);
  });

  it('S14 C13 disconnected amid the removals, those that were done are done, and each of the others is told of once', async () => {
    await home.seed(connector(URL_, { operating: { concurrency: 1 } }), people(10));
    await home.sync();
    await home.people(people(10, { groupings: [] }));
    const [reached, gate] = [door(), door()];
    let changes = 0;
    target.before = async ({ what }) => {
      if (what !== 'change' || ++changes < 3) return;
      reached.open();
      await gate.opened;
    };
    const run = await startSync(home.outside, actor(), { connectorId: CONNECTOR });
    const over = home.execute(run.id);
    await reached.opened;
    await disconnect(home.outside, actor('admin'), CONNECTOR, CLEARED);
    await home.wake(run.id);
    gate.open();
    expect((await over).counts).toMatchObject({ deactivated: 3, failed: 7 });
    expect(new Set((await home.events(run.id)).map(({ subjectId }) => subjectId)).size).toBe(10);
    expect(await home.events(run.id)).toHaveLength(10);
  });

  it('S14 lets 10 people pass, and 5 percent', async () => {
    expect((await leaving(10, 40)).counts.deactivated).toBe(10);
  });

  it('S14 lets many pass where they are few of all', async () => {
    expect((await leaving(20, 400)).counts.deactivated).toBe(20);
  });

  it('S14 holds more than 50 people, however few of all they are', async () => {
    expect(ended(await leaving(51, 1_100)).ending).toBe('held');
  });

  it('A3 lets exactly the people pass whose removal was shown when the assignment was ended', async () => {
    await home.seed(connector(URL_), people(60));
    await home.sync();
    const shown = people(40).map(({ id }) => id);
    await clock.advance(SECOND);
    await home.put('assignment', `${CONNECTOR}/1`, assignment(1, TEACHERS, { ended: { at: clock.now(), by: 'U1', why: null, shown } }));
    const run = await home.sync();
    expect(ended(run).ending).toBe('held');
    expect(run).toMatchObject({ held: { removals: 20 }, counts: { deactivated: 40 } });
    expect((await home.accounts()).filter((account) => account.state === 'inactive').map((account) => account.personId)).toEqual(shown);
  });

  it('A3 somebody who came back since is not covered by an old showing', async () => {
    await home.seed(connector(URL_), people(30));
    await home.sync();
    const ids = people(30).map(({ id }) => id);
    await clock.advance(SECOND);
    await home.put('assignment', `${CONNECTOR}/1`, assignment(1, TEACHERS, { ended: { at: clock.now(), by: 'U1', why: null, shown: ids } }));
    expect((await home.sync()).counts.deactivated).toBe(30);
    await clock.advance(SECOND);
    await home.put('assignment', `${CONNECTOR}/2`, assignment(2));
    expect((await home.sync()).counts.reactivated).toBe(30);
    await home.put('assignment', `${CONNECTOR}/2`, null);
    expect(ended(await home.sync()).ending).toBe('held');
  });

  it('A3 S14 nor is somebody who was deleted then, and invited since', async () => {
    await home.seed(connector(URL_, { settings: { leavers: { are: 'deleted', afterDays: 1 } } }), people(30));
    await home.sync();
    const ids = people(30).map(({ id }) => id);
    await clock.advance(SECOND);
    await home.put('assignment', `${CONNECTOR}/1`, assignment(1, TEACHERS, { ended: { at: clock.now(), by: 'U1', why: null, shown: ids } }));
    expect((await home.sync()).counts.deactivated).toBe(30);
    await clock.advance(2 * DAY);
    expect((await home.sync()).counts.deleted).toBe(30);
    await invite(home);
    await home.put('assignment', `${CONNECTOR}/2`, assignment(2));
    expect((await home.sync()).counts.created).toBe(30);
    await home.put('assignment', `${CONNECTOR}/2`, null);
    const run = await home.sync();
    expect(ended(run).ending).toBe('held');
    expect(run).toMatchObject({ held: { removals: 30 }, counts: { deactivated: 0 } });
  });
});

it('S10 S13 S25 switches off again whom a re-activation without an answer may have let in, as often as it takes, and an off-boarding knows it then', async () => {
  await home.seed(connector(URL_), people(1));
  await home.people([person('ann')]);
  await home.sync();
  await home.people([person('ann', { status: 'inactive' })]);
  await home.sync();
  await home.people([person('ann')]);
  target.after = (call) => {
    if (call.what === 'change') throw fault({ next: 'again', maybeWritten: true });
  };
  await patiently(clock, home.sync());
  target.after = () => {};
  expect(await home.account('ann')).toMatchObject({ state: 'inactive', intent: { operation: 'reactivate' } });
  await home.people([person('ann', { status: 'inactive' })]);
  target.before = (call) => {
    if (call.what === 'change') throw fault({ next: 'refused', status: 403 });
  };
  expect((await home.sync()).counts).toMatchObject({ deactivated: 0, failed: 1 });
  target.before = () => {};
  const run = await home.sync();
  expect(run.counts).toMatchObject({ deactivated: 1, failed: 0 });
  expect([...target.users.values()].find(({ externalId }) => externalId === 'csv:ann')?.active).toBe(false);
  // Nobody confirmed that they were in: an undo lets nobody in for it.
  expect((await home.events(run.id)).map(({ changes }) => changes)).toEqual([[{ attribute: 'active', before: null, after: 'false' }]]);
  const of = { connector: await home.connector(), account: await home.account('ann'), assigned: false, protectedBecause: null, failure: null };
  expect(stepNow({ connectorId: CONNECTOR, state: { is: 'waiting' } }, of, clock.now())?.state.is).toBe('confirmed');
});

describe('deletion', () => {
  it('S10 follows after the days chosen, is listed before, and can be cancelled', async () => {
    await home.seed(connector(URL_, { settings: { leavers: { are: 'deleted', afterDays: 30 } } }), [person('ann'), person('bob'), person('cy')]);
    await home.sync();
    await home.people([person('ann', { groupings: [] }), person('bob', { groupings: [] })]);
    expect((await home.sync()).counts).toMatchObject({ deactivated: 2, deleted: 0 });
    expect((await scheduledDeletions(home.outside, CONNECTOR)).map((account) => [account.personId, account.deleteAt])).toEqual([
      ['csv:ann', clock.now() + 30 * DAY],
      ['csv:bob', clock.now() + 30 * DAY],
    ]);
    await cancelDeletion(home.outside, actor(), { connectorId: CONNECTOR, personId: 'csv:bob' });
    await clock.advance(30 * DAY - 1);
    expect((await home.sync()).counts.deleted).toBe(0);
    await clock.advance(1);
    const run = await home.sync();
    expect(run.counts).toMatchObject({ deleted: 1 });
    expect((await home.events(run.id))[0]).toMatchObject({ type: 'user_delete_provision', subjectId: 'csv:ann', success: true });
    expect((await home.account('ann'))?.state).toBe('gone');
    expect((await home.account('bob'))?.state).toBe('inactive');
    await clock.advance(90 * DAY);
    expect((await home.sync()).counts.deleted).toBe(0);
  });

  it('S10 S13 S25 one that was cancelled when it may have happened already is found out about', async () => {
    await home.seed(connector(URL_, { settings: { leavers: { are: 'deleted', afterDays: 1 } } }), [person('ann')]);
    await home.sync();
    await home.people([person('ann', { groupings: [] })]);
    await home.sync();
    await clock.advance(DAY);
    target.after = (call) => {
      if (call.what === 'remove') throw fault({ next: 'again', maybeWritten: true });
    };
    target.before = (call) => {
      if (call.what === 'remove' && target.users.size === 0) throw fault({ next: 'again' });
    };
    expect((await patiently(clock, home.sync())).counts).toMatchObject({ deleted: 0, failed: 1 });
    await cancelDeletion(home.outside, actor(), { connectorId: CONNECTOR, personId: 'csv:ann' });
    expect((await home.sync()).counts).toMatchObject({ deactivated: 1, failed: 0 });
    expect(await home.account('ann')).toMatchObject({ state: 'gone', intent: null });
  });

  it('S10 coming back cancels the deletion', async () => {
    await home.seed(connector(URL_, { settings: { leavers: { are: 'deleted', afterDays: 30 } } }), [person('ann')]);
    await home.sync();
    await home.people([person('ann', { groupings: [] })]);
    await home.sync();
    await home.people([person('ann')]);
    expect((await home.sync()).counts.reactivated).toBe(1);
    expect(await scheduledDeletions(home.outside, CONNECTOR)).toEqual([]);
  });
});
