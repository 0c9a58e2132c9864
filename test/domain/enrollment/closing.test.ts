import { afterEach, beforeEach, expect, it } from 'vitest';
import { CLEARED } from '../approvals/cleared.ts';
import { deleteConnector } from '../../../src/domain/connectors/verbs/delete.ts';
import type { EnrollmentTask } from '../../../src/domain/enrollment/task.ts';
import { clearRemoved } from '../../../src/domain/enrollment/verbs/remove.ts';
import type { Kind, Store } from '../../../src/ports/store.ts';
import { CONNECTOR } from '../sync/world.ts';
import { refusalOf } from '../refused.ts';
import { ADMIN, id, type TasksWorld, tasksWorld } from './tasks-world.ts';

let here: TasksWorld;
beforeEach(async () => {
  here = await tasksWorld();
  await here.seeded(4);
  await here.sync();
});
afterEach(() => here.close());

/** The store, where something happens right before a document of that kind is read for the first time. */
function storeWith(store: Store, kind: Kind, happens: () => Promise<unknown>): Store {
  let due = true;
  const get: Store['get'] = async (asked, key) => {
    if (asked === kind && due) {
      due = false;
      await happens();
    }
    return await store.get(asked, key);
  };
  return new Proxy(store, { get: (target, name) => (name === 'get' ? get : Reflect.get(target, name).bind(target)) });
}

it('C14 E9 deleting gives back tokens that a disconnect has not come to yet: reserved and available still add up to the stock', async () => {
  await here.put('stock', 'csv:district', { total: 5, used: 0, reserved: 3 });
  await here.put('stock', 'csv:school', { total: 2, used: 0, reserved: 2 });
  for (const [number, reserved] of ['csv:district', 'csv:school', 'csv:district'].entries())
    await here.put('enrollment', `T-1/${id(number)}`, { ...(await here.entry(id(number))), reserved });
  const connector = await here.home.connector();
  const task: EnrollmentTask = { ...(await here.task()), state: { is: 'removed', at: 0, by: 'U0ADMIN', because: 'disconnected' } };
  await here.put('task', 'T-1', task);
  await here.put('connector', CONNECTOR, { ...connector, state: { is: 'disconnected', since: here.clock.now() } });
  // What the disconnect gives back in the same moment is not given back twice.
  const store = storeWith(here.outside.store, 'stock', () => clearRemoved(here.outside, task));
  expect(await refusalOf(deleteConnector({ ...here.outside, store }, ADMIN, CONNECTOR, CLEARED))).toMatchObject({ is: 'changed-meanwhile' });
  await here.put('enrollment', `T-1/${id(0)}`, { ...(await here.entry(id(0))), reserved: 'csv:district' });
  await here.put('stock', 'csv:district', { total: 5, used: 0, reserved: 2 });
  await deleteConnector(here.outside, ADMIN, CONNECTOR, CLEARED);
  // One of each is another connector's.
  expect(await here.home.all('stock')).toEqual([
    { total: 5, used: 0, reserved: 1 },
    { total: 2, used: 0, reserved: 1 },
  ]);
});
