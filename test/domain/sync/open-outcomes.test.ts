import { expect, it } from 'vitest';
import { RFC_DIALECT } from '../../../src/domain/connectors/dialect.ts';
import { blankAccount } from '../../../src/domain/sync/task.ts';
import type { ManualClock } from '../../clock.ts';
import { beforeMemory, URL_ } from './before-memory.ts';
import { fault, type MemoryTarget } from './memory-target.ts';
import { CONNECTOR, connector, patiently, person, type World } from './world.ts';

const dialect = { ...RFC_DIALECT, filter: { externalId: 'works', letterCase: 'any' } } as const;
let clock: ManualClock;
let target: MemoryTarget;
let home: World;

beforeMemory((given) => {
  ({ clock, target, home } = given);
});

const lost = () => fault({ next: 'again', maybeWritten: true });
const run = () => patiently(clock, home.sync());
const listings = () => target.calls.filter(({ what }) => what === 'list').length;
const there = (name: string) => [...target.users.values()].find(({ values }) => values.userName === name);

it('S7 S13 S23 a create that nobody answered is asked for by its key in the next run where that filter is proven: the target is not read whole', async () => {
  await home.seed(connector(URL_, { connector: { dialect } }), [person('bob')]);
  await run();
  await home.people([person('ann')]);
  let creates = 0;
  target.before = (call) => {
    if (call.what === 'create') throw lost();
  };
  await run();
  expect(await home.account('ann')).toMatchObject({ state: 'pending', intent: { operation: 'create' } });
  const before = listings();
  target.before = () => {};
  // The last create of this run is done, and nobody hears of it.
  target.after = (call) => {
    if (call.what === 'create' && ++creates === 1)
      target.before = ({ what }) => {
        if (what === 'create' || what === 'lookUp') throw lost();
      };
    if (call.what === 'create') throw lost();
  };
  await run();
  expect(await home.account('ann')).toMatchObject({ state: 'pending', intent: { operation: 'create' } });
  target.before = () => {};
  target.after = () => {};
  expect((await run()).counts).toMatchObject({ created: 1, failed: 0 });
  expect(await home.account('ann')).toMatchObject({ state: 'active', targetId: there('ann')?.id, intent: null });
  expect(target.calls.filter(({ what, userName }) => what === 'create' && userName === 'ann').length).toBeGreaterThan(1);
  expect(listings()).toBe(before);
});

it('S13 S23 an open create is found by a walk where what is answered for its key can’t be relied on, or where more are open than the target has pages', async () => {
  const open = async (folk: readonly string[]): Promise<void> => {
    for (const id of folk) {
      await home.put('account', `${CONNECTOR}/csv:${id}`, {
        ...blankAccount(CONNECTOR, `csv:${id}`),
        ...{ state: 'pending', intent: { runId: 'R-0', operation: 'create' } },
      });
    }
  };
  await home.seed(connector(URL_, { connector: { dialect } }), [person('bob')]);
  await run();
  let before = listings();
  await home.people([person('ann')]);
  await open(['ann']);
  target.before = (call) => {
    if (call.what === 'lookUp') throw fault({ next: 'refused', status: 400, message: 'The target ignored the filter.' });
  };
  expect((await run()).counts).toMatchObject({ created: 1, failed: 0 });
  expect(listings()).toBeGreaterThan(before);
  target.before = () => {};
  before = listings();
  await home.people([person('cid'), person('dan')]);
  await open(['cid', 'dan']);
  expect((await run()).counts).toMatchObject({ created: 2, failed: 0 });
  expect(listings()).toBeGreaterThan(before);
});
