import { expect, it } from 'vitest';
import { Refusal } from '../../../src/domain/refusal.ts';
import { resumeEverything, standstill, stopEverything, takeUpHalted } from '../../../src/domain/halts/verbs/stop.ts';
import { resumeRun } from '../../../src/domain/sync/verbs/steer.ts';
import { startDueRuns } from '../../../src/domain/sync/verbs/schedule.ts';
import { startSync } from '../../../src/domain/sync/verbs/start.ts';
import { HOUR } from '../../../src/domain/instant.ts';
import type { ManualClock } from '../../clock.ts';
import { beforeMemory } from '../sync/before-memory.ts';
import type { MemoryTarget } from '../sync/memory-target.ts';
import { actor, connector, CONNECTOR, people, type World } from '../sync/world.ts';

let clock: ManualClock;
let target: MemoryTarget;
let home: World;

beforeMemory((given) => {
  ({ clock, target, home } = given);
});

const refused = (reason: string) => (fault: unknown) => fault instanceof Refusal && fault.reason.is === reason;

/** Writes are stopped; requests on their way are not answered yet. */
async function pulled(): Promise<void> {
  while (home.outside.brake.halt === null) await new Promise((resolve) => setImmediate(resolve));
}

/** A run with requests held at the target; `go` lets them be answered. */
async function underWay(count = 40) {
  await home.seed(connector('https://target.example/scim'), people(count));
  let go: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  let begun: () => void = () => undefined;
  const first = new Promise<void>((resolve) => {
    begun = resolve;
  });
  target.before = async ({ what }) => {
    if (what !== 'create') return;
    begun();
    await gate;
  };
  const run = await startSync(home.outside, actor(), { connectorId: CONNECTOR });
  const done = home.execute(run.id);
  await first;
  return { run, done, go };
}

it('N5 lets no further write arrive at the target once the stop returned, though requests were under way', async () => {
  const { run, done, go } = await underWay();
  let returned = false;
  const stopping = stopEverything(home.outside, actor(), 'wrong roster').then((result) => {
    returned = true;
    return result;
  });
  await home.wake(run.id);
  expect(returned).toBe(false);
  go();
  expect((await stopping).paused).toBe(1);
  const arrived = target.writes().length;
  const paused = await done;
  expect(paused.state).toEqual({ is: 'paused', by: 'U1', halted: true });
  expect(target.writes()).toHaveLength(arrived);
  expect(arrived).toBeLessThan(40);
});

it('N5 has runs go on where they were when an admin resumes, each person created once', async () => {
  const { run, done, go } = await underWay();
  const stopping = stopEverything(home.outside, actor(), null);
  await pulled();
  go();
  await stopping;
  await done;
  await expect(resumeEverything(home.outside, actor('operator'))).rejects.toSatisfy(refused('not-allowed'));
  await expect(resumeEverything(home.outside, actor('admin', 'csv:district'))).rejects.toSatisfy(refused('not-allowed'));
  expect(await resumeEverything(home.outside, actor('admin'))).toEqual({ resumed: 1 });
  expect(home.handed.at(-1)).toBe(run.id);
  const ended = await home.execute(run.id);
  expect(ended.state).toMatchObject({ is: 'ended', result: 'success' });
  expect(target.users.size).toBe(40);
});

it('N5 pauses a run before its first write where nothing was sent, and survives a restart', async () => {
  await home.seed(connector('https://target.example/scim'), people(5));
  await stopEverything(home.outside, actor(), null);
  await home.restart();
  await expect(startSync(home.outside, actor(), { connectorId: CONNECTOR })).rejects.toSatisfy(refused('halted'));
  expect((await standstill(home.outside, actor())).halt).toMatchObject({ by: 'U1', why: null });
  expect(target.writes()).toEqual([]);
});

it('N5 leaves a run that was paused by hand paused when writes are resumed, and refuses to resume it meanwhile', async () => {
  await home.seed(connector('https://target.example/scim'), people(5));
  const run = await startSync(home.outside, actor(), { connectorId: CONNECTOR });
  await home.put('run', run.id, { ...run, state: { is: 'paused', by: 'U2' } });
  await stopEverything(home.outside, actor(), null);
  await expect(resumeRun(home.outside, actor(), run.id)).rejects.toSatisfy(refused('halted'));
  expect(await resumeEverything(home.outside, actor('admin'))).toEqual({ resumed: 0 });
  expect((await home.all('run'))[0]?.state).toEqual({ is: 'paused', by: 'U2' });
});

it('N5 takes up a run that a crash left paused after the resumption', async () => {
  await home.seed(connector('https://target.example/scim'), people(5));
  const run = await startSync(home.outside, actor(), { connectorId: CONNECTOR });
  await home.put('run', run.id, { ...run, state: { is: 'paused', by: 'U2', halted: true } });
  expect(await takeUpHalted(home.outside)).toBe(1);
  expect(await takeUpHalted(home.outside)).toBe(0);
});

it('N5 catches up once with what fell due while all writes were stopped', async () => {
  await home.seed(connector('https://target.example/scim', { operating: { schedule: { cron: '0 * * * *', timeZone: 'UTC' } } }), people(2));
  await startDueRuns(home.outside);
  await stopEverything(home.outside, actor(), null);
  await clock.advance(5 * HOUR);
  expect(await startDueRuns(home.outside)).toEqual([]);
  await resumeEverything(home.outside, actor('admin'));
  expect(await startDueRuns(home.outside)).toHaveLength(1);
  expect(await startDueRuns(home.outside)).toHaveLength(0);
});

it('N5 lets operators stop and nobody below, and audits both the stop and the resumption', async () => {
  await home.seed(connector('https://target.example/scim'), []);
  await expect(stopEverything(home.outside, actor('viewer'), null)).rejects.toSatisfy(refused('not-allowed'));
  await expect(stopEverything(home.outside, actor('approver'), null)).rejects.toSatisfy(refused('not-allowed'));
  await stopEverything(home.outside, actor('operator', 'csv:school'), 'wrong roster');
  await expect(stopEverything(home.outside, actor(), null)).rejects.toSatisfy(refused('nothing-to-do'));
  await resumeEverything(home.outside, actor('admin'));
  await expect(resumeEverything(home.outside, actor('admin'))).rejects.toSatisfy(refused('nothing-to-do'));
  const actions: string[] = [];
  for await (const page of home.outside.store.rows('audit', { order: 'oldest' })) actions.push(...page.map(({ row }) => row.action));
  expect(actions).toEqual(['halts.stop', 'halts.resume']);
});

it('N5 stops whoever writes: any target opened by anybody refuses each kind of write, and reads on', async () => {
  await home.seed(connector('https://target.example/scim'), []);
  await stopEverything(home.outside, actor(), null);
  const opened = home.outside.targets.open('https://target.example/scim', 'token', 1);
  const writes = [
    () => opened.create('x', { userName: 'x' }, true),
    () => opened.change('t1', { set: {}, clear: [], active: false }),
    () => opened.remove('t1'),
    () => opened.createGroup('g', 'x'),
    () => opened.renameGroup('g1', 'g'),
    () => opened.changeMembers('g1', ['t1'], []),
    () => opened.setMembers('g1', ['t1'], []),
    () => opened.removeGroup('g1'),
    () => opened.probes.checksVersion('t1', 'x'),
    () => opened.probes.takesBulk('t1', 'x'),
  ];
  for (const write of writes) await expect(write()).rejects.toMatchObject({ error: { scimType: 'halted', maybeWritten: false } });
  expect(target.writes()).toEqual([]);
  await expect(opened.lookUp('userName', 'x')).resolves.toEqual([]);
});
