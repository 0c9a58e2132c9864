import { describe, expect, it, onTestFinished } from 'vitest';
import { RFC_DIALECT } from '../../../src/domain/connectors/dialect.ts';
import { disconnect } from '../../../src/domain/connectors/verbs/states.ts';
import { DAY } from '../../../src/domain/instant.ts';
import { preview } from '../../../src/domain/sync/preview.ts';
import { personNow } from '../../../src/domain/sync/verbs/person-now.ts';
import { startSync } from '../../../src/domain/sync/verbs/start.ts';
import { pauseRun, resumeRun } from '../../../src/domain/sync/verbs/steer.ts';
import { startQuirky } from '../../../src/sandbox/scim/quirks/server.ts';
import type { ManualClock } from '../../clock.ts';
import { CLEARED } from '../approvals/cleared.ts';
import { beforeMemory, URL_ } from './before-memory.ts';
import { type Call, door, fault, type MemoryTarget } from './memory-target.ts';
import { actor, assignment, CONNECTOR, connector, ended, people, person, TEACHERS, type World, world } from './world.ts';

/** The target refuses a name that it has already: memory-target.ts. */
let target: MemoryTarget;
let clock: ManualClock;
let home: World;

beforeMemory((given) => {
  ({ clock, target, home } = given);
});

const called = (id: string, userName: string) => person(id, { attributes: { userName } });
/** Ann is to be bob, Bob cy, and Cy dee. */
const CHAIN = [called('ann', 'bob'), called('bob', 'cy'), called('cy', 'dee')];
const REFUSED = fault({ next: 'refused', status: 400, message: 'no such name here' });
const names = (): (string | undefined)[] => [...target.users.values()].map(({ values }) => values.userName);

/** Three people with the names that they came with; what was asked of the target for that is forgotten. */
async function begun(given = connector(URL_)): Promise<void> {
  await home.seed(given, [person('ann'), person('bob'), person('cy')]);
  await home.sync();
  target.calls.length = 0;
}

const failures = async (runId: string) =>
  (await home.events(runId)).flatMap((event) => (event.success ? [] : [[event.subjectId, event.type, event.errorCode, event.errorMessage]]));

describe('a name that is handed on', () => {
  it('S7 S22 goes along a chain of three in one run, the last one first, at a target that refuses a name twice', async () => {
    await begun();
    await home.people([...CHAIN, called('dan', 'ann')]);
    expect(await preview(home.outside, CONNECTOR)).toMatchObject({ counts: { create: 1, update: 3, frozen: 0 }, requests: 4 });
    const run = await home.sync();
    expect(ended(run)).toMatchObject({ ending: 'completed', result: 'success' });
    expect(run).toMatchObject({ total: 4, done: 4, counts: { created: 1, updated: 3, failed: 0 }, frozen: { count: 0 } });
    expect(target.calls.map(({ what, userName }) => [what, userName])).toEqual([
      ['change', 'cy'],
      ['change', 'bob'],
      ['change', 'ann'],
      ['create', 'ann'],
    ]);
    expect(names()).toEqual(['bob', 'cy', 'dee', 'ann']);
    const told = (await home.events(run.id)).map(({ subjectId, type, success, attempts, changes }) => [
      ...[subjectId, type, success, attempts],
      changes.filter(({ attribute }) => attribute === 'userName').map(({ before, after }) => `${before} → ${after}`),
    ]);
    expect(told).toEqual([
      ['csv:cy', 'user_update_provision', true, 1, ['cy → dee']],
      ['csv:bob', 'user_update_provision', true, 1, ['bob → cy']],
      ['csv:ann', 'user_update_provision', true, 1, ['ann → bob']],
      ['csv:dan', 'user_create_provision', true, 1, ['null → ann']],
    ]);
    expect((await home.sync()).counts).toMatchObject({ unchanged: 4, updated: 0 });
  });

  it('S10 goes to who comes back, and comes from an account that is deleted; held by the fuse, nobody gets it', async () => {
    await begun(connector(URL_, { settings: { leavers: { are: 'deleted', afterDays: 1 } } }));
    await home.people([person('ann', { status: 'inactive' }), person('bob', { status: 'inactive' })]);
    await home.sync();
    await clock.advance(2 * DAY);
    await home.people([called('ann', 'bob'), called('new', 'ann')]);
    const { operating } = await home.connector();
    await home.put('connector', CONNECTOR, { ...(await home.connector()), operating: { ...operating, fuse: { people: 0, percent: 0, absolute: 0 } } });
    expect(await preview(home.outside, CONNECTOR)).toMatchObject({ counts: { delete: 1, create: 0, reactivate: 0, frozen: 2 }, held: { removals: 1 } });
    target.calls.length = 0;
    const held = await home.sync();
    expect(held).toMatchObject({ total: 0, done: 0, frozen: { count: 2 }, held: { removals: 1 } });
    expect(target.writes()).toEqual([]);
    await home.put('connector', CONNECTOR, { ...(await home.connector()), operating });
    expect(await preview(home.outside, CONNECTOR)).toMatchObject({ counts: { delete: 1, create: 1, reactivate: 1, frozen: 0 } });
    expect(await home.sync()).toMatchObject({ total: 3, done: 3, counts: { deleted: 1, reactivated: 1, created: 1 }, frozen: { count: 0 } });
    expect(target.writes().map(({ what }) => what)).toEqual(['remove', 'change', 'create']);
  });

  it('S7 never travels in one request with the change that frees it, nor before it', async () => {
    const server = await startQuirky({ bulk: {} });
    onTestFinished(server.close);
    const wired = await world({ allow: [new URL(server.url).host] });
    onTestFinished(wired.close);
    const dialect = { ...RFC_DIALECT, bulk: { maxOperations: 100 } };
    await wired.seed(connector(server.url, { operating: { requestsPerSecond: 1_000, concurrency: 2 }, connector: { dialect } }), people(30));
    await wired.sync();
    const before = server.heard().length;
    await wired.people(people(30).map((each, at) => ({ ...each, attributes: { ...each.attributes, userName: `p000${String(at + 15)}` } })));
    expect(await wired.sync()).toMatchObject({ counts: { updated: 30, failed: 0 }, total: 30, done: 30 });
    const first = (text: string): number => server.heard().findIndex(({ body }, at) => at >= before && JSON.stringify(body ?? '').includes(text));
    for (let at = 15; at < 30; at += 1) expect(first(`"p000${at}"`)).toBeGreaterThan(first(`"p000${at + 15}"`));
  });
});

describe('a name that is not handed on', () => {
  it('S7 D4 in a swap nobody can go first: both are left as they are, and told what to do', async () => {
    await begun();
    await home.people([called('ann', 'bob'), called('bob', 'ann'), called('cy', 'dee'), called('new', 'cy')]);
    const run = await home.sync();
    expect(run).toMatchObject({ total: 2, done: 2, counts: { updated: 1, created: 1 }, frozen: { count: 2 } });
    const advice = (name: string, other: string): string =>
      `is to be ${name}, which account ${other} has, and names can't be passed on in a circle: give one of them another name, sync, and then the right one`;
    expect(run.frozen.first).toEqual([
      { personId: 'csv:ann', reason: advice('bob', 't2 of csv:bob') },
      { personId: 'csv:bob', reason: advice('ann', 't1 of csv:ann') },
    ]);
    expect((await failures(run.id)).toSorted()).toEqual([
      ['csv:ann', 'user_lookup_provision', 'names-in-a-circle', `ann Example ${advice('bob', 't2 of csv:bob')}.`],
      ['csv:bob', 'user_lookup_provision', 'names-in-a-circle', `bob Example ${advice('ann', 't1 of csv:ann')}.`],
    ]);
    expect(target.writes().map(({ userName }) => userName)).toEqual(['cy', 'cy']);
    await home.people([called('ann', 'other')]);
    expect((await home.sync()).counts).toMatchObject({ updated: 2, failed: 0 });
    await home.people([called('ann', 'bob')]);
    expect((await home.sync()).counts).toMatchObject({ updated: 1, failed: 0 });
    expect(names()).toEqual(['bob', 'ann', 'dee', 'cy']);
  });

  it('S5 where its holder’s change fails whoever waits along the chain is left as they are and told, and nothing is sent for them', async () => {
    await begun();
    await home.people(CHAIN);
    target.before = ({ id }) => {
      if (id === 't3') throw REFUSED;
    };
    const run = await home.sync();
    expect(ended(run).result).toBe('partial');
    expect(run).toMatchObject({ total: 1, done: 1, counts: { updated: 0, failed: 1 }, frozen: { count: 2 } });
    expect(target.writes().map(({ id }) => id)).toEqual(['t3']);
    const still = (name: string, holder: string): string => `is to be ${name}, which account ${holder} still has: the change that gives it up was not made`;
    expect((await failures(run.id)).toSorted()).toEqual([
      ['csv:ann', 'user_lookup_provision', 'name-not-given-up', `ann Example ${still('bob', 't2 of csv:bob')}.`],
      ['csv:bob', 'user_lookup_provision', 'name-not-given-up', `bob Example ${still('cy', 't3 of csv:cy')}.`],
      ['csv:cy', 'user_update_provision', 'http-400', 'no such name here'],
    ]);
    expect((await home.accounts()).map(({ pushed, intent }) => [pushed?.values.userName, intent])).toEqual([
      ['ann', null],
      ['bob', null],
      ['cy', null],
    ]);
    target.before = () => {};
    expect((await home.sync()).counts).toMatchObject({ updated: 3, failed: 0 });
  });

  it('S16 C3 where its holder is not in the run’s scope nobody gets it', async () => {
    await begun();
    await home.people(CHAIN.map((each) => (each.id === 'csv:cy' ? { ...each, organizationId: 'csv:other' } : each)));
    const alone = await home.sync({ is: 'people', ids: ['csv:ann', 'csv:bob'] });
    expect(alone).toMatchObject({ total: 0, frozen: { count: 2 } });
    await home.put('assignment', `${CONNECTOR}/1`, assignment(1, TEACHERS, { organizationId: 'csv:district' }));
    expect(await home.sync({ is: 'organizations', ids: ['csv:school'] })).toMatchObject({ total: 0, frozen: alone.frozen });
    expect(alone.frozen.first.map(({ reason }) => reason)).toEqual([
      'matches account t2, which belongs to csv:bob',
      'matches account t3, which belongs to csv:cy',
    ]);
    expect(target.writes()).toEqual([]);
    const both = await home.sync({ is: 'people', ids: ['csv:bob', 'csv:cy'] });
    expect(both).toMatchObject({ total: 2, done: 2, counts: { updated: 2 } });
    expect(target.writes().map(({ userName }) => userName)).toEqual(['cy', 'bob']);
  });
});

describe('a run that is cut off while somebody waits for a name', () => {
  /** Lets requests of one account hang, before they take effect or after. */
  function hung(id: string, at: 'before' | 'after') {
    const reached = door();
    const gate = door();
    target[at] = async (call: Call) => {
      if (call.id !== id) return;
      reached.open();
      await gate.opened;
    };
    return { reached: reached.opened, go: gate.open };
  }

  async function cutOff(id: string, at: 'before' | 'after') {
    await begun();
    await home.people(CHAIN);
    const { reached, go } = hung(id, at);
    const run = await startSync(home.outside, actor(), { connectorId: CONNECTOR });
    const over = home.execute(run.id);
    over.catch(() => {});
    await reached;
    return { run, over, go };
  }

  it.each([
    ['S13 before its holder was written', 't3', 'before', ['cy', 'cy', 'bob', 'ann']],
    ['S13 before its holder’s answer was heard', 't3', 'after', ['cy', 'dee', 'bob', 'ann']],
    ['S13 between its holder and themselves', 't2', 'before', ['cy', 'bob', 'bob', 'ann']],
    ['S13 while they were written', 't2', 'after', ['cy', 'bob', 'cy', 'ann']],
  ] as const)('%s: killed with -9 and resumed, each gets theirs in turn', async (_, id, at, order) => {
    const { run } = await cutOff(id, at);
    target.before = () => {};
    target.after = () => {};
    await home.restart();
    const end = await home.execute(run.id);
    expect(ended(end)).toMatchObject({ ending: 'completed', result: 'success' });
    expect(end).toMatchObject({ total: 3, done: 3, counts: { updated: 3, failed: 0 }, frozen: { count: 0 } });
    expect(target.writes().map(({ userName }) => userName)).toEqual(order);
    expect(names()).toEqual(['bob', 'cy', 'dee']);
    expect((await home.events(run.id)).map(({ subjectId, success }) => [subjectId, success])).toEqual([
      ['csv:cy', true],
      ['csv:bob', true],
      ['csv:ann', true],
    ]);
  });

  it('S2 paused, it sends nothing for them, and goes on with them when it is resumed', async () => {
    const { run, over, go } = await cutOff('t3', 'before');
    await pauseRun(home.outside, actor(), run.id);
    await home.wake(run.id);
    go();
    expect(await over).toMatchObject({ state: { is: 'paused' }, done: 1, total: 3, frozen: { count: 0 } });
    expect(names()).toEqual(['ann', 'bob', 'dee']);
    await resumeRun(home.outside, actor(), run.id);
    expect(await home.execute(run.id)).toMatchObject({ total: 3, done: 3, counts: { updated: 3 } });
    expect(names()).toEqual(['bob', 'cy', 'dee']);
  });

  it('C13 disconnected, it tells of each of them once as not done', async () => {
    const { run, over, go } = await cutOff('t3', 'before');
    await disconnect(home.outside, actor('admin'), CONNECTOR, CLEARED);
    await home.wake(run.id);
    go();
    expect((await over).counts).toMatchObject({ updated: 1, failed: 2 });
    expect((await failures(run.id)).map(([id, , code]) => [id, code]).toSorted()).toEqual([
      ['csv:ann', 'disconnected'],
      ['csv:bob', 'disconnected'],
    ]);
  });

  it('S1 asked for out of turn, one of them goes in turn all the same, and once', async () => {
    const { run, over, go } = await cutOff('t3', 'before');
    expect(await personNow(home.outside, actor(), { connectorId: CONNECTOR, personId: 'csv:ann' })).toMatchObject({ is: 'joined' });
    await home.wake(run.id);
    go();
    expect(await over).toMatchObject({ total: 3, done: 3, counts: { updated: 3 }, frozen: { count: 0 } });
    expect(target.writes().map(({ userName }) => userName)).toEqual(['cy', 'bob', 'ann']);
  });
});
