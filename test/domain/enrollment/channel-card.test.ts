import { afterEach, beforeEach, expect, it } from 'vitest';
import { subscriptionKey } from '../../../src/domain/alerts/alert.ts';
import { alertAfterRun } from '../../../src/domain/alerts/verbs/raise.ts';
import { taskAfterRun } from '../../../src/domain/enrollment/verbs/leavers.ts';
import { SCHEDULE } from '../../../src/domain/rights/verbs/who.ts';
import { createRun } from '../../../src/domain/sync/verbs/create-run.ts';
import { CONNECTOR } from '../sync/world.ts';
import { type TasksWorld, tasksWorld } from './tasks-world.ts';

let here: TasksWorld;
beforeEach(async () => {
  here = await tasksWorld();
});
afterEach(() => here.close());

it('E11 N1 the task of a scheduled run has one card, in the channel that first asked for every result; the result there names the task, too', async () => {
  await here.seeded(2);
  for (const [at, channelId, conditions] of [
    [3, 'C0LATER', ['result']],
    [1, 'C0FAILURES', ['failure']],
    [2, 'C0FIRST', ['result']],
  ] as const)
    await here.home.put('subscription', subscriptionKey({ channelId, connectorId: CONNECTOR }), {
      ...{ channelId, connectorId: CONNECTOR, conditions, teamId: 'T1', by: 'U0ANA', at, escalation: null, mayNames: false },
    });
  const portal = await here.home.connector();
  const { id: runId } = await createRun(here.outside, {
    connector: portal,
    kind: 'sync',
    scope: { is: 'all' },
    by: SCHEDULE.userId,
    way: 'job',
    verb: 'sync',
  });
  const run = await here.home.execute(runId);
  await alertAfterRun(here.outside, run, portal);
  expect(await here.card()).toMatchObject({ place: { is: 'channel', channelId: 'C0FIRST' }, content: { is: 'enrollment', taskId: 'T-1' }, wanted: 1 });
  expect(here.home.drawn).toContain('task/T-1');
  here.home.drawn.length = 0;
  await taskAfterRun(here.outside, run, portal);
  await alertAfterRun(here.outside, run, portal);
  const cards = (await here.home.all('card')).map(({ id: card, wanted }) => [card, wanted]);
  expect(cards).toEqual([
    [`run/${runId}/C0FIRST`, 2],
    [`run/${runId}/C0LATER`, 2],
    ['task/T-1', 2],
  ]);
  expect([...here.home.drawn].sort()).toEqual(expect.arrayContaining([`run/${runId}/C0FIRST`, `run/${runId}/C0LATER`, 'task/T-1']));
});
