import { afterEach, beforeEach, expect, it } from 'vitest';
import { CLEARED } from '../approvals/cleared.ts';
import { taskAfterRun } from '../../../src/domain/enrollment/verbs/leavers.ts';
import { removePeople } from '../../../src/domain/enrollment/verbs/remove.ts';
import { DAY } from '../../../src/domain/instant.ts';
import { applyPlan, continuePlan } from '../../../src/domain/plans/verbs/apply.ts';
import { buildPlan, makePlan } from '../../../src/domain/plans/verbs/make.ts';
import type { Store } from '../../../src/ports/store.ts';
import { CONNECTOR } from '../sync/world.ts';
import { ADMIN, ANA, type TasksWorld, tasksWorld } from './tasks-world.ts';

let here: TasksWorld;
beforeEach(async () => {
  here = await tasksWorld();
});
afterEach(() => here.close());

it('E1 looks for its people among the events of its own time, not in all that the connector ever had', async () => {
  await here.seeded(3);
  await here.clock.advance(DAY);
  const run = await here.home.sync();
  const { store } = here.outside;
  const since: (number | undefined)[] = [];
  const rows: Store['rows'] = (log, query) => {
    since.push(query.from);
    return store.rows(log, query);
  };
  const watched = new Proxy(store, { get: (target, name) => (name === 'rows' ? rows : Reflect.get(target, name).bind(target)) });
  await taskAfterRun({ ...here.outside, store: watched }, run, await here.home.connector());
  expect(since).toEqual([run.requestedAt]);
  expect(await here.statuses()).toEqual({ active: 3 });
});

it('E5 E1 whom somebody took out of a plan’s task stays out of it, and the rest joins all the same', async () => {
  await here.seeded(4);
  const begun = await makePlan(here.outside, ADMIN, { connectorId: CONNECTOR, place: { is: 'person', userId: 'U0ADMIN' } });
  const plan = await buildPlan(here.outside, begun.id);
  const asking = { ...here.outside, sources: [] };
  const { run } = await applyPlan(asking, ADMIN, { connectorId: CONNECTOR, planId: begun.id, hash: plan?.hash ?? '', first: 2 }, CLEARED);
  await here.execute(run.id);
  const [first] = await here.entries();
  await removePeople(here.outside, ANA, 'T-1', [first?.personId ?? ''], { notify: false });
  const rest = await continuePlan(asking, ADMIN, begun.id);
  await here.execute(rest.run.id);
  expect(await here.task()).toMatchObject({ state: { is: 'open' } });
  expect(await here.statuses()).toEqual({ removed: 1, active: 3 });
});
