import { expect, it } from 'vitest';
import type { Offboarding } from '../../../src/domain/halts/offboarding.ts';
import { offboard, offboardable, releaseOffboarding } from '../../../src/domain/halts/verbs/offboard.ts';
import { pursueOffboardings } from '../../../src/domain/halts/verbs/pursue.ts';
import { stopEverything } from '../../../src/domain/halts/verbs/stop.ts';
import { MINUTE } from '../../../src/domain/instant.ts';
import { put } from '../../../src/domain/revise.ts';
import { Refusal } from '../../../src/domain/refusal.ts';
import { startSync } from '../../../src/domain/sync/verbs/start.ts';
import type { ManualClock } from '../../clock.ts';
import { beforeMemory } from '../sync/before-memory.ts';
import { fault, type MemoryTarget } from '../sync/memory-target.ts';
import { actor, assignment, connector, CONNECTOR, patiently, people, person, type World } from '../sync/world.ts';

const BASE = 'https://target.example/scim';
const LEE = 'csv:p00003';
let clock: ManualClock;
let target: MemoryTarget;
let home: World;

beforeMemory((given) => {
  ({ clock, target, home } = given);
});

const refused = (reason: string) => (problem: unknown) => problem instanceof Refusal && problem.reason.is === reason;
const leeIn = () => [...target.users.values()].find(({ values }) => values.userName === 'p00003');

async function synced(changes: Parameters<typeof connector>[1] = {}): Promise<void> {
  await home.seed(connector(BASE, changes), people(6));
  await home.sync();
}

/** Off-boards Lee and does what the worker would. */
async function offboarded(): Promise<void> {
  await offboard(home.outside, actor('admin'), LEE, 'left today');
  await worked();
}

/** Every run that was handed over is carried out, and what follows it. */
async function worked(): Promise<void> {
  for (let runId = home.handed.shift(); runId !== undefined; runId = home.handed.shift()) {
    await patiently(clock, home.execute(runId));
    await pursueOffboardings(home.outside);
  }
}

async function standing(): Promise<Offboarding> {
  const found = (await home.outside.store.get('offboarding', LEE))?.value;
  if (found === undefined) throw new Error('nobody is off-boarded');
  return found;
}

const states = async (): Promise<readonly string[]> => (await standing()).steps.map(({ state }) => state.is);

it('S25 deactivates the account at once and says so once the target confirmed it', async () => {
  await synced();
  home.handed.length = 0;
  await offboard(home.outside, actor('admin'), LEE, null);
  expect(await states()).toEqual(['waiting']);
  await worked();
  expect(leeIn()?.active).toBe(false);
  expect(await states()).toEqual(['confirmed']);
  expect((await home.events()).at(-1)).toMatchObject({ type: 'user_deprovision', subjectId: LEE, success: true });
});

it('S25 keeps the person out whatever the directory says, until released: then the same account is re-activated', async () => {
  await synced();
  await offboarded();
  await home.sync();
  expect(leeIn()?.active).toBe(false);
  await releaseOffboarding(home.outside, actor('admin'), LEE);
  await home.sync();
  expect(leeIn()?.active).toBe(true);
  expect(target.users.size).toBe(6);
});

it('S25 makes no account for somebody who is off-boarded before they had one', async () => {
  await home.seed(connector(BASE), people(6));
  await offboard(home.outside, actor('admin'), LEE, null);
  await home.sync();
  expect(leeIn()).toBeUndefined();
  expect(target.users.size).toBe(5);
  expect(await states()).toEqual(['no-account']);
});

it('S25 goes ahead of the fuse and of a freeze', async () => {
  await synced({ operating: { fuse: { people: 0, percent: 0, absolute: 0 } } });
  await home.put('freeze', 'F-1', { id: 'F-1', name: 'Exams', connectorId: null, from: 0, until: clock.now() + 100 * MINUTE, by: 'U1' });
  await offboarded();
  expect(leeIn()?.active).toBe(false);
});

it('S25 goes ahead of the queue of a run under way, and is served by one that rests without waking it', async () => {
  await synced();
  await home.people(people(200).slice(6));
  const run = await startSync(home.outside, actor(), { connectorId: CONNECTOR });
  await home.put('run', run.id, { ...run, state: { is: 'paused', by: 'U2' }, startedAt: clock.now() });
  home.handed.length = 0;
  await offboarded();
  expect(leeIn()?.active).toBe(false);
  expect(target.users.size).toBe(6);
  expect((await home.all('run')).find(({ id }) => id === run.id)?.state).toEqual({ is: 'paused', by: 'U2' });
  expect(await states()).toEqual(['confirmed']);
});

it('S25 serves them first within a run that works', async () => {
  await synced();
  await home.people(people(60).slice(6));
  let asked = false;
  const ask = async (): Promise<void> => {
    await offboard(home.outside, actor('admin'), LEE, null);
    await home.wake(home.handed.at(-1) ?? '');
  };
  let serve: () => void = () => undefined;
  const served = new Promise<void>((resolve) => {
    serve = resolve;
  });
  // Every place is taken by a create that is answered only after the deactivation arrived.
  target.before = async ({ what, userName }) => {
    if (what === 'change' && userName === 'p00003') serve();
    if (what !== 'create') return;
    if (!asked) {
      asked = true;
      await ask();
    }
    await served;
  };
  await patiently(clock, home.sync());
  const order = target.writes().map(({ userName, what }) => `${what} ${userName}`);
  expect(order.indexOf('change p00003')).toBeLessThan(order.length - 10);
  await pursueOffboardings(home.outside);
  expect(await states()).toEqual(['confirmed']);
});

it('S25 leaves a protected person as they are, and says so', async () => {
  await synced();
  const id = `${LEE}@*`;
  await home.put('protected', id, { id, personId: LEE, connectorId: null, why: 'break-glass', by: 'U1', approvedBy: ['U2'], at: 0 });
  await offboarded();
  expect(leeIn()?.active).toBe(true);
  expect((await standing()).steps.map(({ state }) => state)).toEqual([{ is: 'protected', why: 'break-glass' }]);
});

it('S25 retries with back-off until the target confirms, also after a restart', async () => {
  await synced();
  target.before = ({ what }) => {
    if (what === 'change') throw fault({ next: 'refused', status: 400, message: 'Not today' });
  };
  home.handed.length = 0;
  await offboarded();
  expect((await standing()).steps[0]?.state).toMatchObject({ is: 'failed', attempts: 1, error: 'Not today' });
  await pursueOffboardings(home.outside);
  expect(home.handed).toEqual([]);
  await home.restart();
  await clock.advance(MINUTE);
  await pursueOffboardings(home.outside);
  expect(home.handed).toHaveLength(1);
  const before = clock.now();
  await worked();
  expect((await standing()).steps[0]?.state).toMatchObject({ is: 'failed', attempts: 2, next: before + 2 * MINUTE });
  await clock.advance(MINUTE);
  await pursueOffboardings(home.outside);
  expect(home.handed).toEqual([]);
  target.before = () => undefined;
  await clock.advance(MINUTE);
  await pursueOffboardings(home.outside);
  await worked();
  expect(leeIn()?.active).toBe(false);
  expect(await states()).toEqual(['confirmed']);
});

it('S25 reaches a disabled connector, and says of a disconnected one that a hand is needed', async () => {
  await synced();
  await home.put('connector', CONNECTOR, { ...(await home.connector()), state: { is: 'disconnected', since: clock.now() } });
  home.handed.length = 0;
  await offboarded();
  expect((await standing()).steps[0]?.state).toMatchObject({ is: 'failed' });
  expect(leeIn()?.active).toBe(true);
  await home.put('connector', CONNECTOR, { ...(await home.connector()), state: { is: 'disabled', since: clock.now() } });
  await clock.advance(MINUTE);
  await pursueOffboardings(home.outside);
  await worked();
  expect(leeIn()?.active).toBe(false);
});

it('S25 waits while all writes are stopped, and goes on with them (N5)', async () => {
  await synced();
  await stopEverything(home.outside, actor('admin'), null);
  home.handed.length = 0;
  await offboarded();
  expect(home.handed).toEqual([]);
  expect(leeIn()?.active).toBe(true);
  expect(await states()).toEqual(['waiting']);
});

it('S25 asks again for an account that came up after all', async () => {
  await synced();
  await offboarded();
  const account = await home.account('p00003');
  const lee = leeIn();
  if (account === undefined || lee === undefined) throw new Error('no account');
  target.users.set(lee.id, { ...lee, active: true });
  await home.write([put('account', `${CONNECTOR}/${LEE}`, { ...account, state: 'active' })]);
  home.handed.length = 0;
  await pursueOffboardings(home.outside);
  await worked();
  expect(leeIn()?.active).toBe(false);
  expect(await states()).toEqual(['confirmed']);
});

it('S25 takes an admin of the person’s organization, and of everything for somebody who left the directory', async () => {
  await synced();
  await expect(offboard(home.outside, actor('operator'), LEE, null)).rejects.toSatisfy(refused('not-allowed'));
  await expect(offboard(home.outside, actor('admin', 'csv:other'), LEE, null)).rejects.toSatisfy(refused('not-found'));
  await home.put('person', LEE, null);
  await expect(offboard(home.outside, actor('admin', 'csv:school'), LEE, null)).rejects.toSatisfy(refused('not-found'));
  expect(await offboardable(home.outside, actor('admin'), LEE)).toBe(LEE);
  await home.put('person', LEE, person('p00003'));
  await offboard(home.outside, actor('admin', 'csv:school'), LEE, null);
  await expect(offboard(home.outside, actor('admin'), LEE, null)).rejects.toSatisfy(refused('nothing-to-do'));
  await expect(releaseOffboarding(home.outside, actor('operator'), LEE)).rejects.toSatisfy(refused('not-allowed'));
  await releaseOffboarding(home.outside, actor('admin', 'csv:school'), LEE);
  const actions: string[] = [];
  for await (const page of home.outside.store.rows('audit', { order: 'oldest' })) actions.push(...page.map(({ row }) => row.action));
  expect(actions.filter((action) => action.startsWith('offboarding'))).toEqual(['offboarding.start', 'offboarding.release']);
});

it('S25 tells an application where the person would have had an account, and none of the others', async () => {
  await synced();
  await home.write([
    put('connector', 'c2', { ...connector(BASE), id: 'c2', name: 'Wiki' }),
    put('connector', 'c3', { ...connector(BASE), id: 'c3', name: 'Chat' }),
    put('assignment', 'c3/1', { ...assignment(1), id: 'c3/1', connectorId: 'c3' }),
  ]);
  await offboarded();
  expect((await standing()).steps.map(({ connectorId, state }) => `${connectorId} ${state.is}`)).toEqual(['c1 confirmed', 'c3 no-account']);
});
