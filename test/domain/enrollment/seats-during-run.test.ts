import { afterEach, beforeEach, expect, it } from 'vitest';
import type { PersonId } from '../../../src/domain/directory/person.ts';
import { inTurn } from '../../../src/domain/enrollment/seat-book.ts';
import { accept } from '../../../src/domain/enrollment/verbs/accept.ts';
import { claim, seatsOf } from '../../../src/domain/enrollment/verbs/seating.ts';
import { put } from '../../../src/domain/revise.ts';
import type { Account } from '../../../src/domain/sync/account.ts';
import { keepingSeats } from '../../../src/domain/sync/grants.ts';
import { startSync } from '../../../src/domain/sync/verbs/start.ts';
import type { Store } from '../../../src/ports/store.ts';
import { door, type MemoryTarget, memoryTarget } from '../sync/memory-target.ts';
import { watched } from '../sync/watched-store.ts';
import { activated, enter, invite, seats, secretOf } from './invited-world.ts';
import { actor, CONNECTOR, connector, people, person, type World, world } from '../sync/world.ts';

let home: World;
let target: MemoryTarget;
/** Runs when a count, or another work, has read the accounts. */
let counted: () => Promise<void>;
const accepted = (personId: PersonId) => accept(home.outside, secretOf(personId), { type: 'link', serial: null });
const slow = (store: Store): Store => ({
  ...watched(store, {}),
  scan: async function* (kind, range) {
    yield* store.scan(kind, range);
    if (kind === 'account') await counted();
  },
});
/** A run whose target answers for none of them before it is let; `went` goes on with somebody and waits until the run has written them. */
async function running(held: readonly string[]) {
  const doors = new Map(held.map((name) => [name, door()]));
  const reached = door();
  let waiting = held.length;
  target.before = async ({ what, userName }) => {
    const shut = what === 'change' || what === 'create' ? doors.get(userName ?? '') : undefined;
    if (shut === undefined) return;
    waiting -= 1;
    if (waiting === 0) reached.open();
    await shut.opened;
  };
  await home.put('connector', CONNECTOR, { ...(await home.connector()), listing: null });
  const { id: runId } = await startSync(home.outside, actor(), { connectorId: CONNECTOR, scope: { is: 'all' } });
  const over = home.execute(runId);
  await reached.opened;
  return {
    went: async (name: string): Promise<void> => {
      doors.get(name)?.open();
      while ((await home.account(name))?.state !== 'active') await home.wake(runId);
    },
    end: async (): Promise<void> => {
      for (const shut of doors.values()) shut.open();
      await over;
    },
  };
}

beforeEach(async () => {
  counted = async () => {};
  target = memoryTarget();
  home = await world({ targets: target, around: slow });
  await home.seed(connector('https://target.example/scim'), people(4));
  await seats(home, 4);
  await invite(home);
  await home.sync();
  await enter(
    home,
    people(4).map(({ id }) => id),
  );
});
afterEach(() => home.close());

it('E10 E12 accounts that it adopts are taken once: nobody is turned away from a seat that is free', async () => {
  const hers = people(7).slice(4);
  for (const { sourceId } of hers) target.users.set(sourceId, { id: sourceId, externalId: null, active: true, values: { userName: sourceId } });
  await home.people([...hers, person('p00009')]);
  const run = await running(['p00009']);
  for (const { sourceId } of hers) await run.went(sourceId);
  expect(await accepted('csv:p00000')).toEqual({ is: 'enrolled' });
  expect(await seatsOf(home.outside, 'i1')).toEqual({ total: 4, taken: 4, free: 0 });
  await run.end();
  expect(await seatsOf(home.outside, 'i1')).toEqual({ total: 4, taken: 4, free: 0 });
});

it('E10 E12 an account that it makes active behind the count is not missed: the seat is not given out twice', async () => {
  await accepted('csv:p00000');
  await activated(home);
  await home.people([person('p00000', { status: 'inactive' })]);
  await home.sync();
  await seats(home, 1);
  await home.people([person('p00000'), person('p00009')]);
  const run = await running(['p00000', 'p00009']);
  counted = async () => {
    counted = async () => {};
    await run.went('p00000');
  };
  // Another process: of this one the run would wait for the count.
  const other = { ...home.outside, store: watched(home.outside.store, {}) };
  expect(await accept(other, secretOf('csv:p00001'), { type: 'link', serial: null })).toEqual({ is: 'no-seat' });
  expect(await seatsOf(home.outside, 'i1')).toEqual({ total: 1, taken: 1, free: 0 });
  await run.end();
});

it('E10 where others write the book during every count none is free for now; the count comes to an end, and the unlimited go on', async () => {
  const { store } = home.outside;
  const busy = watched(store, {
    before: async ({ puts = [] }) => {
      if (puts.some(({ kind, value }) => kind === 'seatBook' && value?.taken !== null)) await home.put('seatBook', 'i1', { instanceId: 'i1', taken: null });
    },
  });
  await home.put('seatBook', 'i1', null);
  expect(await claim({ ...home.outside, store: busy }, 'i1', 1)).toEqual({ seats: 0, puts: [] });
  await seats(home, null);
  expect(await claim({ ...home.outside, store: busy }, 'i1', 1)).toMatchObject({ seats: 1, puts: [{ kind: 'seatBook', value: { taken: null } }] });
  await seats(home, 4);
  expect(await accepted('csv:p00000')).toEqual({ is: 'enrolled' });
});

it('E10 E12 a run’s commit waits for the count that is under way, and is added to it', async () => {
  const { store } = home.outside;
  const active = { ...(await home.account('p00000')), state: 'active' } as Account;
  const commit = () => keepingSeats(store, CONNECTOR, [put('account', `${CONNECTOR}/csv:p00000`, active)]);
  await home.put('seatBook', 'i1', null);
  expect(await commit()).toMatchObject([{ kind: 'account' }, { kind: 'seatBook', value: { taken: null }, expected: 0 }]);
  await home.put('seatBook', 'i1', { instanceId: 'i1', taken: null });
  const ended = door();
  const count = inTurn(store, 'i1', async () => {
    await ended.opened;
    await home.put('seatBook', 'i1', { instanceId: 'i1', taken: 2 });
  });
  const kept = commit();
  ended.open();
  expect((await kept).at(-1)).toMatchObject({ kind: 'seatBook', value: { taken: 3 } });
  await count;
});
