import { expect, it } from 'vitest';
import { enrollmentNeeds } from '../../../src/domain/enrollment/verbs/attention.ts';
import { type Enrollment, enrollmentKey } from '../../../src/domain/enrollment/enrollment.ts';
import type { EnrollmentTask } from '../../../src/domain/enrollment/task.ts';
import { DAY } from '../../../src/domain/instant.ts';
import { put } from '../../../src/domain/revise.ts';
import type { Put } from '../../../src/ports/store.ts';
import { MORNING } from '../../clock.ts';
import { ANA, actor, CONNECTOR, reportWorld } from './report-world.ts';

function task(number: number, changes: Partial<EnrollmentTask> = {}): EnrollmentTask {
  return {
    ...{
      id: `T-${number}`,
      number,
      connectorId: CONNECTOR,
      organizationId: 'csv:district',
      runId: 'R-1',
      by: ANA,
      start: MORNING - DAY,
      stop: MORNING + 10 * DAY,
    },
    ...{ days: 10, attempts: 5, types: ['link'], state: { is: 'open' }, mailedTo: 'p…@example.org', timeZone: 'Europe/Madrid', ...changes },
  };
}

function entry(number: number, id: string, changes: Partial<Enrollment> = {}): Put {
  const value: Enrollment = {
    ...{ taskId: `T-${number}`, personId: `csv:${id}`, connectorId: CONNECTOR, state: { is: 'active' }, stop: MORNING + 10 * DAY, attempts: 0, links: [] },
    ...{ type: 'link', serial: null, reserved: null, waitingSince: null, reminded: [] },
    mail: { is: 'accepted', to: 'p…@example.org', at: MORNING },
    ...changes,
  };
  return put('enrollment', enrollmentKey(value.taskId, value.personId), value);
}

const tasks: readonly Put[] = [
  put('task', 'T-1', task(1, { settledAt: MORNING })),
  entry(1, 'p1', { state: { is: 'completed', enrolledAt: MORNING - DAY, at: MORNING }, serial: '4711' }),
  put('task', 'T-2', task(2, { start: MORNING })),
  entry(2, 'p2', { waitingSince: MORNING }),
  entry(2, 'p3', { stop: MORNING - DAY }),
  entry(2, 'p4', { stop: MORNING + DAY }),
  put('task', 'T-3', task(3, { state: { is: 'removed', at: MORNING, by: ANA } })),
  entry(3, 'p5', { state: { is: 'removed', at: MORNING, by: ANA } }),
];

it('R1 E4 tells every enrollment task, completed and removed ones included, one row a person, with masked addresses', async () => {
  const world = await reportWorld();
  await world.write(tasks);
  const rows = await world.rows('enrollment');
  expect(rows.map((row) => [row.Task, row['Task state'], row['Person ID'], row.Status, row['Serial number']])).toEqual([
    ['1', 'completed', 'csv:p1', 'completed', '4711'],
    ['2', 'open', 'csv:p2', 'active', ''],
    ['2', 'open', 'csv:p3', 'expired', ''],
    ['2', 'open', 'csv:p4', 'active', ''],
    ['3', 'removed', 'csv:p5', 'removed', ''],
  ]);
  expect(rows[0]).toMatchObject({ 'E-mailed to': 'p…@example.org', Operator: expect.any(String), Start: new Date(MORNING - DAY).toISOString() });
  expect((await world.rows('enrollment', { from: MORNING })).map((row) => row.Task)).toEqual(['2', '2', '2']);
  // Tasks are seen at the organization that owns the connector.
  expect(await world.rows('enrollment', {}, actor('viewer', 'csv:north'))).toEqual([]);
});

it('R1 E10 the seats report counts who waits, and names nobody', async () => {
  const world = await reportWorld();
  const seats = { is: 'set' as const, total: 2, by: ANA, at: MORNING };
  await world.write([...tasks, put('instance', 'i1', { id: 'i1', application: 'Zoom', name: 'Zoom', organizationId: 'csv:district', seats })]);
  expect(await world.rows('seats')).toMatchObject([{ Instance: 'Zoom', 'Waiting for a seat': '1' }]);
});

it('E10 E11 what waits for an admin: people without a seat, and tasks due soon; an operator is told of tasks alone, a viewer of nothing', async () => {
  const world = await reportWorld();
  await world.write(tasks);
  const admin = await enrollmentNeeds(world.outside, actor('admin'));
  expect([...admin.waiting]).toEqual([[CONNECTOR, 1]]);
  expect(admin.due.map(({ task: { number }, people, stop }) => [number, people, stop])).toEqual([[2, 1, MORNING + DAY]]);
  const operator = await enrollmentNeeds(world.outside, actor('operator'));
  expect([operator.waiting.size, operator.due.length]).toEqual([0, 1]);
  expect(await enrollmentNeeds(world.outside, actor('viewer'))).toEqual({ waiting: new Map(), due: [] });
});
