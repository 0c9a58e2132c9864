import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PersonId } from '../../../src/domain/directory/person.ts';
import { claim, recountSeats, seatsOf } from '../../../src/domain/enrollment/verbs/seating.ts';
import { accept } from '../../../src/domain/enrollment/verbs/accept.ts';
import { activateByHand, waitingFor } from '../../../src/domain/enrollment/verbs/seats.ts';
import { createAdmin } from '../../../src/sandbox/scim/admin-client.ts';
import { startScimTarget } from '../../../src/sandbox/scim/server.ts';
import { startSync } from '../../../src/domain/sync/verbs/start.ts';
import type { Store } from '../../../src/ports/store.ts';
import { door, type MemoryTarget, memoryTarget } from '../sync/memory-target.ts';
import { watched } from '../sync/watched-store.ts';
import { actor, CONNECTOR, connector, people, person, TOKEN, type World, world } from '../sync/world.ts';
import { activated, audit, enter, entryOf, invite, seats, secretOf } from './invited-world.ts';

const ADMIN = actor('admin');
let home: World;
let target: MemoryTarget;
/** False until the restart that follows a kill: what a run's end does beyond its own transaction is not done any more. */
let counts: boolean;

const around = (store: Store): Store => ({
  ...watched(store, {}),
  scan: (kind, range) => {
    if (!counts && kind === 'connector') throw new Error('killed');
    return store.scan(kind, range);
  },
});

const ids = (count: number): readonly PersonId[] => people(count).map(({ id }) => id);
const accepted = (personId: PersonId) => accept(home.outside, secretOf(personId), { type: 'link', serial: null });
const taken = async () => (await home.outside.store.get('seatBook', 'i1'))?.value.taken;
const active = () => [...target.users.values()].filter((user) => user.active).length;

/** So many invited people with links, and so many seats. */
async function begin(count: number, total: number | null): Promise<void> {
  target = memoryTarget();
  counts = true;
  home = await world({ targets: target, around });
  await home.seed(connector('https://target.example/scim'), people(count));
  await seats(home, total);
  await invite(home);
  await home.sync();
  await enter(home, ids(count));
}

describe('seats', () => {
  beforeEach(() => begin(6, 4));
  afterEach(() => home.close());

  it('E10 exactly N of N+k are activated, the first to come; the others are told, and the admins see who waits', async () => {
    const answers = [];
    for (const id of ids(6)) answers.push((await accepted(id)).is);
    expect(answers).toEqual(['enrolled', 'enrolled', 'enrolled', 'enrolled', 'no-seat', 'no-seat']);
    await activated(home);
    expect(active()).toBe(4);
    expect(await waitingFor(home.outside, ADMIN, CONNECTOR)).toMatchObject({
      seats: { total: 4, taken: 4, free: 0 },
      waiting: [
        { personId: 'csv:p00004', name: 'p00004 Example' },
        { personId: 'csv:p00005', name: 'p00005 Example' },
      ],
      invited: 2,
    });
    expect(await audit(home, 'enrollment.wait')).toHaveLength(2);
  });

  it('E10 who waits is remembered since the first time, however often they try', async () => {
    await seats(home, 0);
    await accepted('csv:p00000');
    const { waitingSince } = await entryOf(home, 'csv:p00000');
    expect(waitingSince).not.toBeNull();
    expect(await accepted('csv:p00000')).toEqual({ is: 'no-seat' });
    expect((await entryOf(home, 'csv:p00000')).waitingSince).toBe(waitingSince);
    expect(await audit(home, 'enrollment.wait')).toHaveLength(1);
  });

  it('E10 a freed seat goes to the next activation: the person who tries again', async () => {
    for (const id of ids(6)) await accepted(id);
    await activated(home);
    expect(await accepted('csv:p00005')).toEqual({ is: 'no-seat' });
    await home.people([person('p00000', { status: 'inactive' })]);
    await home.sync();
    expect(await taken()).toBe(3);
    expect(await accepted('csv:p00005')).toEqual({ is: 'enrolled' });
    expect(await accepted('csv:p00004')).toEqual({ is: 'no-seat' });
    await activated(home);
    expect(active()).toBe(4);
  });

  it('E10 added seats go to whom an admin activates; who accepted by link is enrolled by that', async () => {
    for (const id of ids(6)) await accepted(id);
    await seats(home, 5);
    expect(await activateByHand(home.outside, ADMIN, CONNECTOR, ['csv:p00005', 'csv:p00004', 'csv:p00000', 'csv:nobody'])).toMatchObject({
      done: 1,
      skipped: expect.arrayContaining([
        { why: 'no seat is free', count: 1, people: ['p00004 Example'] },
        { why: 'not invited', count: 2, people: ['p00000 Example', 'csv:nobody'] },
      ]),
    });
    expect(await entryOf(home, 'csv:p00005')).toMatchObject({ state: { is: 'enrolled' }, links: [], waitingSince: null });
    expect((await entryOf(home, 'csv:p00004')).state.is).toBe('active');
    expect(await audit(home, 'enrollment.activate')).toHaveLength(1);
    await activated(home);
    expect(active()).toBe(5);
  });

  it('E10 an admin activates who has not accepted: they hold the seat, and enroll by their link as ever', async () => {
    expect(await activateByHand(home.outside, ADMIN, CONNECTOR, ['csv:p00000'])).toEqual({ done: 1, skipped: [] });
    expect((await entryOf(home, 'csv:p00000')).state.is).toBe('active');
    await activated(home);
    expect(active()).toBe(1);
    expect(await accepted('csv:p00000')).toEqual({ is: 'enrolled' });
    expect(await taken()).toBe(1);
  });

  it('X1 E10 seeing who waits and activating them takes an admin of the connector’s organization', async () => {
    for (const who of [actor('operator'), actor('viewer'), actor('approver'), actor('admin', 'csv:other'), { ...ADMIN, grants: [] }]) {
      await expect(waitingFor(home.outside, who, CONNECTOR)).rejects.toThrow('refused');
      await expect(activateByHand(home.outside, who, CONNECTOR, ['csv:p00000'])).rejects.toThrow('refused');
    }
    await home.put('connector', CONNECTOR, { ...(await home.connector()), state: { is: 'disconnected', since: 0 } });
    await expect(activateByHand(home.outside, ADMIN, CONNECTOR, ['csv:p00000'])).rejects.toThrow('refused: wrong-state');
    expect(await taken()).not.toBe(1);
  });

  it('E12 all active accounts count: those of the target that nobody manages, and ours, active or granted', async () => {
    target.users.set('x1', { id: 'x1', externalId: null, active: true, values: { userName: 'by.hand' } });
    target.users.set('x2', { id: 'x2', externalId: null, active: false, values: { userName: 'asleep' } });
    await home.put('connector', CONNECTOR, { ...(await home.connector()), listing: null });
    await home.sync();
    await accepted('csv:p00000');
    await recountSeats(home.outside, 'i1');
    expect(await seatsOf(home.outside, 'i1')).toEqual({ total: 4, taken: 2, free: 2 });
    await activated(home);
    expect(await seatsOf(home.outside, 'i1')).toEqual({ total: 4, taken: 2, free: 2 });
  });

  it('E12 unlimited never runs out; a total that was not read yet gives none out', async () => {
    await seats(home, null);
    for (const id of ids(6)) expect(await accepted(id)).toEqual({ is: 'enrolled' });
    expect(await seatsOf(home.outside, 'i1')).toEqual({ total: null, taken: 6, free: null });
    const instance = (await home.outside.store.get('instance', 'i1'))?.value;
    if (instance === undefined) throw new Error('no instance');
    await home.put('instance', 'i1', { ...instance, seats: { is: 'read', path: '/Seats', pointer: '/total', total: null, at: null } });
    expect(await claim(home.outside, 'i1', 1)).toEqual({ seats: 0, puts: [] });
    expect(await seatsOf(home.outside, 'i1')).toMatchObject({ total: 'unknown', free: 0 });
  });

  it('E10 more are active than there are seats: nothing is free, and nobody is taken away', async () => {
    for (const id of ids(4)) await accepted(id);
    await activated(home);
    await seats(home, 2);
    expect(await accepted('csv:p00004')).toEqual({ is: 'no-seat' });
    expect(await seatsOf(home.outside, 'i1')).toEqual({ total: 2, taken: 4, free: 0 });
    expect((await home.sync()).counts.deactivated).toBe(0);
    expect(active()).toBe(4);
  });

  it('E10 seats that are granted while they are counted anew are counted too', async () => {
    await seats(home, 6);
    let counting = true;
    const counts = (async () => {
      while (counting) await recountSeats(home.outside, 'i1');
    })();
    await Promise.all(ids(6).map((id) => accepted(id)));
    counting = false;
    await counts;
    expect(await taken()).toBe(6);
    await recountSeats(home.outside, 'i1');
    expect(await taken()).toBe(6);
  });

  it('E10 E12 S13 a seat that a run takes is taken from then on, while it goes on, and after a kill between its end and the count', async () => {
    await seats(home, 3);
    for (const id of ids(2)) await accepted(id);
    await activated(home);
    await home.people(ids(2).map((id) => person(id.slice('csv:'.length), { status: 'inactive' })));
    await home.sync();
    expect(await seatsOf(home.outside, 'i1')).toMatchObject({ taken: 0 });
    // They come back: the first is active again, of the second the target has not said so yet.
    await home.people(ids(2).map((id) => person(id.slice('csv:'.length))));
    const reached = door();
    const go = door();
    target.before = async ({ what, userName }) => {
      if (what !== 'change' || userName !== 'p00001') return;
      reached.open();
      await go.opened;
    };
    const started = await startSync(home.outside, actor(), { connectorId: CONNECTOR, scope: { is: 'all' } });
    const run = home.execute(started.id);
    await reached.opened;
    while ((await home.account('p00000'))?.state !== 'active') await home.wake(started.id);
    expect(await taken()).toBe(1);
    expect(await accepted('csv:p00002')).toEqual({ is: 'enrolled' });
    go.open();
    counts = false;
    await run;
    counts = true;
    await home.restart();
    expect(await accepted('csv:p00003')).toEqual({ is: 'no-seat' });
    expect(await seatsOf(home.outside, 'i1')).toEqual({ total: 3, taken: 3, free: 0 });
  });

  it('E10 E12 S13 what was counted before a run is not believed after it, though a kill came before the next count', async () => {
    expect(await seatsOf(home.outside, 'i1')).toMatchObject({ taken: 0 });
    await home.put('seatBook', 'i1', { instanceId: 'i1', taken: 4 });
    const { id: runId } = await startSync(home.outside, actor(), { connectorId: CONNECTOR, scope: { is: 'all' } });
    counts = false;
    await home.execute(runId);
    counts = true;
    await home.restart();
    expect(await accepted('csv:p00000')).toEqual({ is: 'enrolled' });
    expect(await taken()).toBe(1);
  });

  it('E10 two processes that grant the last seat at once: one does, by compare-and-set', async () => {
    await seats(home, 1);
    const { store } = home.outside;
    // Another process: another turn, the same store.
    const other = {
      ...home.outside,
      store: { ...store, get: store.get.bind(store), scan: store.scan.bind(store), transaction: store.transaction.bind(store) },
    };
    const answers = await Promise.all([
      accept(home.outside, secretOf('csv:p00000'), { type: 'link', serial: null }),
      accept(other, secretOf('csv:p00001'), { type: 'link', serial: null }),
    ]);
    expect(answers.map(({ is }) => is).sort()).toEqual(['enrolled', 'no-seat']);
    expect(await taken()).toBe(1);
  });
});

describe('a race for seats', () => {
  it('E10 of 120 people at once exactly the 100 are activated over the wire, never 101, with syncs and counts in between', async () => {
    const wire = await startScimTarget({ token: TOKEN });
    const admin = createAdmin(wire.pageUrl);
    home = await world({ allow: [new URL(wire.url).host] });
    try {
      await home.seed(connector(wire.url), people(120));
      await seats(home, 100);
      await invite(home);
      await home.sync();
      expect((await admin.state()).users).toMatchObject({ total: 120, active: 0 });
      await enter(home, ids(120));
      const busy = [recountSeats(home.outside, 'i1'), home.sync()];
      const answers = await Promise.all(ids(120).map(accepted));
      expect(answers.filter(({ is }) => is === 'enrolled')).toHaveLength(100);
      expect(answers.filter(({ is }) => is === 'no-seat')).toHaveLength(20);
      await Promise.all(busy);
      await activated(home);
      expect((await admin.state()).users).toMatchObject({ total: 120, active: 100 });
      expect(await taken()).toBe(100);
      expect((await waitingFor(home.outside, ADMIN, CONNECTOR)).waiting).toHaveLength(20);
    } finally {
      await home.close();
      await wire.close();
    }
  });
});
