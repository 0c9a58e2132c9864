import { expect, it } from 'vitest';
import { defaultMapping } from '../../../src/domain/connectors/default-mapping.ts';
import { disconnect } from '../../../src/domain/connectors/verbs/states.ts';
import { offboard } from '../../../src/domain/halts/verbs/offboard.ts';
import { DAY } from '../../../src/domain/instant.ts';
import { preview } from '../../../src/domain/sync/preview.ts';
import { personNow } from '../../../src/domain/sync/verbs/person-now.ts';
import { startSync } from '../../../src/domain/sync/verbs/start.ts';
import type { ManualClock } from '../../clock.ts';
import { CLEARED } from '../approvals/cleared.ts';
import { beforeMemory, URL_ } from './before-memory.ts';
import { door, fault, type MemoryTarget } from './memory-target.ts';
import { actor, CONNECTOR, connector, ended, person, type World } from './world.ts';

/** The target refuses a name that it has already: memory-target.ts. */
let target: MemoryTarget;
let clock: ManualClock;
let home: World;

beforeMemory((given) => {
  ({ clock, target, home } = given);
});

const REFUSED = fault({ next: 'refused', status: 400, message: 'no such name here' });
const TIERED = defaultMapping().map((rule) => (rule.attribute === 'userType' ? { ...rule, from: { is: 'attribute' as const, name: 'plan' } } : rule));
const tiered = () => connector(URL_, { settings: { mapping: TIERED, tierAttribute: 'userType', leavers: { are: 'deleted', afterDays: 1 } } });
const called = (id: string, userName: string, plan?: string) => person(id, { attributes: { userName, ...(plan === undefined ? {} : { plan }) } });
const lost = async (runId: string) =>
  (await home.events(runId)).flatMap(({ subjectId, success, errorCode }) => (success ? [] : [[subjectId, errorCode]])).toSorted();

/** Lets the request of one account hang, and answers it as told. */
function hung(id: string, answer: () => void) {
  const reached = door();
  const gate = door();
  target.before = async (call) => {
    if (call.id !== id) return;
    reached.open();
    await gate.opened;
    answer();
  };
  return { reached: reached.opened, go: gate.open };
}

async function begin() {
  const run = await startSync(home.outside, actor(), { connectorId: CONNECTOR });
  const over = home.execute(run.id);
  over.catch(() => {});
  return { run, over };
}

/** Ann and Bob have accounts; Ann is protected and has a tier. */
async function sheltered(): Promise<void> {
  await home.seed(tiered(), [called('ann', 'ann', 'Head'), called('bob', 'bob')]);
  await home.sync();
  await home.put('protected', 'csv:ann', {
    id: 'csv:ann',
    personId: 'csv:ann',
    connectorId: null,
    why: 'break-glass',
    by: 'U1',
    approvedBy: ['U2'],
    at: clock.now(),
  });
}

it('S5 A7 a protected person who waits in vain is told of once, for the name; whose turn comes is told of for the tier', async () => {
  await sheltered();
  await home.people([called('ann', 'bob', 'Cook'), called('bob', 'cy')]);
  const { reached } = hung('t2', () => {});
  const { run } = await begin();
  await reached;
  await home.restart();
  target.before = ({ id }) => {
    if (id === 't2') throw REFUSED;
  };
  const failing = await home.execute(run.id);
  expect(failing).toMatchObject({ total: 1, done: 1, counts: { updated: 0, failed: 1 }, frozen: { count: 1, protected: 0 } });
  expect(failing.frozen.first.map(({ reason }) => reason)).toEqual([expect.stringContaining('still has')]);
  expect(await lost(run.id)).toEqual([
    ['csv:ann', 'name-not-given-up'],
    ['csv:bob', 'http-400'],
  ]);
  target.before = () => {};
  const going = await home.sync();
  expect(going).toMatchObject({ total: 2, done: 2, counts: { updated: 2, failed: 0 }, frozen: { count: 1, protected: 1 } });
  expect(await lost(going.id)).toEqual([['csv:ann', 'protected']]);
  expect(target.users.get('t1')?.values).toMatchObject({ userName: 'bob', userType: 'Head' });
});

it('S6 A7 the preview counts a protected person who waits in vain as the run does', async () => {
  await sheltered();
  await home.people([person('bob', { status: 'inactive' })]);
  await home.sync();
  await clock.advance(2 * DAY);
  await home.people([called('ann', 'bob', 'Cook')]);
  const given = await home.connector();
  await home.put('connector', CONNECTOR, { ...given, operating: { ...given.operating, fuse: { people: 0, percent: 0, absolute: 0 } } });
  expect(await preview(home.outside, CONNECTOR)).toMatchObject({ counts: { frozen: 1, update: 0 }, protected: { count: 0 }, held: { removals: 1 } });
  expect(await home.sync()).toMatchObject({ total: 0, done: 0, frozen: { count: 1, protected: 0 }, held: { removals: 1 } });
});

it('S25 who is off-boarded while they wait is neither told of nor counted, whether somebody asked for them or not', async () => {
  await home.seed(connector(URL_), [person('ann'), person('bob')]);
  await home.sync();
  await home.people([called('ann', 'cy'), called('bob', 'dee'), called('new', 'ann'), called('other', 'bob')]);
  const { reached, go } = hung('t1', () => {
    throw REFUSED;
  });
  const { run, over } = await begin();
  await reached;
  await offboard(home.outside, actor('admin'), 'csv:new', null);
  await offboard(home.outside, actor('admin'), 'csv:other', null);
  await personNow(home.outside, actor(), { connectorId: CONNECTOR, personId: 'csv:new' });
  await home.wake(run.id);
  go();
  const end = await over;
  expect(ended(end).ending).toBe('completed');
  // The name that Other waited for was given up: their turn came, and nothing was sent.
  expect(end).toMatchObject({ total: 3, done: 3, counts: { created: 0, updated: 1, failed: 1 }, frozen: { count: 0 } });
  expect(await lost(run.id)).toEqual([['csv:ann', 'http-400']]);
});

it('S1 who got another name meanwhile and is asked for goes once, with the name that they are to have now', async () => {
  await home.seed(connector(URL_), [person('ann'), person('bob'), person('cy')]);
  await home.sync();
  target.calls.length = 0;
  await home.people([called('ann', 'bob'), called('bob', 'cy'), called('cy', 'dee')]);
  const { reached, go } = hung('t3', () => {});
  const { run, over } = await begin();
  await reached;
  await home.people([called('bob', 'zed')]);
  await personNow(home.outside, actor(), { connectorId: CONNECTOR, personId: 'csv:bob' });
  await home.wake(run.id);
  go();
  expect(await over).toMatchObject({ total: 3, done: 3, counts: { updated: 3, failed: 0 }, frozen: { count: 0 } });
  expect([...target.users.values()].map(({ values }) => values.userName)).toEqual(['bob', 'zed', 'dee']);
});

it('C13 S1 S25 who was kept back and was served out of turn meanwhile is not told of as cut off by a disconnect, nor is who is to have nothing', async () => {
  await home.seed(connector(URL_), [person('ann'), person('bob'), person('cy'), person('dan')]);
  await home.sync();
  await home.people([called('ann', 'bob'), called('bob', 'cy'), called('cy', 'dee'), person('dan', { status: 'inactive' }), called('gus', 'ann')]);
  const { reached, go } = hung('t3', () => {});
  const served = new Map([
    ['t2', door()],
    ['t4', door()],
  ]);
  target.after = ({ id }) => served.get(id ?? '')?.open();
  const { run, over } = await begin();
  await reached;
  await home.people([called('bob', 'zed')]);
  await personNow(home.outside, actor(), { connectorId: CONNECTOR, personId: 'csv:bob' });
  await offboard(home.outside, actor('admin'), 'csv:dan', null);
  await offboard(home.outside, actor('admin'), 'csv:gus', null);
  await home.wake(run.id);
  await Promise.all([...served.values()].map(({ opened }) => opened));
  await disconnect(home.outside, actor('admin'), CONNECTOR, CLEARED);
  await home.wake(run.id);
  go();
  const end = await over;
  expect(ended(end).ending).toBe('disconnected');
  expect(end.counts).toMatchObject({ updated: 2, deactivated: 1, failed: 1 });
  expect(await lost(run.id)).toEqual([['csv:ann', 'disconnected']]);
});
