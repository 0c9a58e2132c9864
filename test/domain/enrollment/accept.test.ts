import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { enrollmentKey } from '../../../src/domain/enrollment/enrollment.ts';
import { taskCard } from '../../../src/domain/enrollment/task.ts';
import { accept, invitationBehind } from '../../../src/domain/enrollment/verbs/accept.ts';
import { signedIn } from '../../../src/domain/enrollment/verbs/sign-ins.ts';
import { DAY } from '../../../src/domain/instant.ts';
import { put } from '../../../src/domain/revise.ts';
import type { Store } from '../../../src/ports/store.ts';
import { type ManualClock, manualClock } from '../../clock.ts';
import { type MemoryTarget, memoryTarget } from '../sync/memory-target.ts';
import { CONNECTOR, connector, people, person, type World, world } from '../sync/world.ts';
import { audit, enter, entryOf, invite, seats, secretOf, TASK } from './invited-world.ts';

const ANN = 'csv:p00000';
const BEN = 'csv:p00001';
const CY = 'csv:p00002';
const LINK = { type: 'link', serial: null } as const;
const typed = (serial: string) => ({ type: 'hardware-token', serial }) as const;

let clock: ManualClock;
let target: MemoryTarget;
let home: World;
/** What is done, once, right before the next transaction. */
let meanwhile: (() => Promise<void>) | null;
let activations: string[];

beforeEach(async () => {
  clock = manualClock();
  target = memoryTarget();
  meanwhile = null;
  activations = [];
  const around = (store: Store): Store => ({
    get: (kind, key) => store.get(kind, key),
    scan: (kind, range) => store.scan(kind, range),
    count: (kind, prefix) => store.count(kind, prefix),
    rows: (log, query) => store.rows(log, query),
    auditHead: () => store.auditHead(),
    verifyAudit: (noted) => store.verifyAudit(noted),
    watch: (listener) => store.watch(listener),
    transaction: async (change) => {
      const first = meanwhile;
      meanwhile = null;
      await first?.();
      return await store.transaction(change);
    },
  });
  home = await world({ clock, targets: target, around });
  await home.seed(connector('https://target.example/scim'), people(3));
  await invite(home);
  await home.sync();
});
afterEach(() => home.close());

const outside = () => ({ ...home.outside, work: { ...home.outside.work, activate: (id: string) => void activations.push(id) } });
const accepted = (personId: string, given: Parameters<typeof accept>[2] = LINK) => accept(outside(), secretOf(personId), given);
const account = (personId: string) => home.account(personId.slice('csv:'.length));

async function stocked(serials: readonly string[], organizationId = 'csv:district'): Promise<void> {
  const tokens = serials.map((serial) => put('hardwareToken', serial, { serial, organizationId, importedAt: 0, importedBy: 'U1', used: null }));
  await home.write([put('stock', organizationId, { total: serials.length, used: 0, reserved: 0 }), ...tokens]);
}

describe('an acceptance', () => {
  it('E3 E9 E10 by link: enrolled, its links dead, the account granted its seat, card and audit told', async () => {
    await enter(home, [ANN, BEN]);
    expect(await accepted(ANN)).toEqual({ is: 'enrolled' });
    expect(await entryOf(home, ANN)).toMatchObject({ state: { is: 'enrolled', at: clock.now() }, type: 'link', serial: null, links: [], waitingSince: null });
    expect(await account(ANN)).toMatchObject({ state: 'inactive', invited: { granted: clock.now() } });
    expect((await home.outside.store.get('seatBook', 'i1'))?.value.taken).toBe(1);
    expect((await home.outside.store.get('card', taskCard(TASK)))?.value.wanted).toBe(2);
    expect(home.drawn).toContain(taskCard(TASK));
    expect(activations).toEqual([CONNECTOR]);
    expect(await audit(home, 'enrollment.accept')).toEqual([`${ANN} enrolled (task 900 of Portal)`]);
    expect((await entryOf(home, BEN)).state).toEqual({ is: 'active' });
  });

  it('E3 a link works once: the second time it is unknown, and nothing is taken twice', async () => {
    await enter(home, [ANN]);
    const both = await Promise.all([accepted(ANN), accepted(ANN)]);
    expect(both).toEqual([{ is: 'enrolled' }, { is: 'closed', why: 'unknown' }]);
    expect((await home.outside.store.get('seatBook', 'i1'))?.value.taken).toBe(1);
    expect(await home.outside.store.count('enrollmentLink')).toBe(0);
  });

  it('E3 every link of an entry dies with the first that is used', async () => {
    await enter(home, [ANN]);
    const { fingerprint } = home.outside;
    const second = fingerprint.ofSecret('another');
    const entry = await entryOf(home, ANN);
    await home.put('enrollment', enrollmentKey(TASK, ANN), { ...entry, links: [...entry.links, second] });
    await home.put('enrollmentLink', second, { taskId: TASK, personId: ANN });
    expect(await accept(outside(), 'another', LINK)).toEqual({ is: 'enrolled' });
    expect(await accepted(ANN)).toEqual({ is: 'closed', why: 'unknown' });
  });

  it('E3 a link that the entry does not hold any more lets nobody in, though its document is still there', async () => {
    await enter(home, [ANN]);
    await home.put('enrollment', enrollmentKey(TASK, ANN), { ...(await entryOf(home, ANN)), links: [] });
    expect(await accepted(ANN)).toEqual({ is: 'closed', why: 'unknown' });
    expect(await accept(outside(), 'made up', LINK)).toEqual({ is: 'closed', why: 'unknown' });
  });

  it('E2 who is locked or removed gets in by no link, though the entry held one still', async () => {
    await enter(home, [ANN]);
    const entry = await entryOf(home, ANN);
    const at = home.outside.clock.now();
    await home.put('enrollment', enrollmentKey(TASK, ANN), { ...entry, state: { is: 'locked', at } });
    expect(await accepted(ANN)).toEqual({ is: 'locked' });
    await home.put('enrollment', enrollmentKey(TASK, ANN), { ...entry, state: { is: 'removed', at, by: 'U1' } });
    expect(await accepted(ANN)).toEqual({ is: 'closed', why: 'removed' });
  });

  it('E3 opening a link reads only, and says who is invited to what', async () => {
    await enter(home, [ANN], { types: ['link', 'hardware-token'], attempts: 5 });
    const before = await entryOf(home, ANN);
    const writes = home.drawn.length;
    for (let times = 0; times < 3; times += 1)
      expect(await invitationBehind(home.outside, secretOf(ANN))).toEqual({
        is: 'open',
        invited: {
          name: 'p00000 Example',
          application: 'Portal',
          organization: 'North School',
          stop: before.stop,
          timeZone: 'Europe/Berlin',
          locale: undefined,
        },
        types: ['link', 'hardware-token'],
        attempts: { wrong: 0, left: 5 },
        waitingSince: null,
      });
    expect(await entryOf(home, ANN)).toEqual(before);
    expect(home.drawn).toHaveLength(writes);
  });

  it('E3 looking for a link that is none reads as much as for one that is', async () => {
    await enter(home, [ANN]);
    const reads = async (secret: string): Promise<number> => {
      let count = 0;
      const { store } = home.outside;
      const counting: Store['get'] = (kind, key) => {
        count += 1;
        return store.get(kind, key);
      };
      await invitationBehind({ ...home.outside, store: { ...store, get: counting } }, secret);
      return count;
    };
    expect(await reads('made up')).toBe(await reads(secretOf(ANN)));
  });

  it('E2 E3 nobody gets in after the stop, at the very moment of it, without any job having run', async () => {
    const { stop } = await enter(home, [ANN, BEN]);
    await clock.advanceTo(stop - 1);
    expect(await accepted(ANN)).toEqual({ is: 'enrolled' });
    await clock.advanceTo(stop);
    expect(await accepted(BEN)).toEqual({ is: 'closed', why: 'expired' });
    expect(await invitationBehind(home.outside, secretOf(BEN))).toMatchObject({ is: 'closed', why: 'expired', invited: { application: 'Portal' } });
    expect((await account(BEN))?.invited).toMatchObject({ granted: null });
  });

  it('E5 E2 of a removed entry, and of a removed task, the link lets nobody in', async () => {
    await enter(home, [ANN, BEN]);
    await home.put('enrollment', enrollmentKey(TASK, ANN), { ...(await entryOf(home, ANN)), state: { is: 'removed', at: clock.now(), by: 'U1' } });
    expect(await accepted(ANN)).toEqual({ is: 'closed', why: 'removed' });
    const task = (await home.outside.store.get('task', TASK))?.value;
    if (task === undefined) throw new Error('no task');
    await home.put('task', TASK, { ...task, state: { is: 'removed', at: clock.now(), by: 'U1' } });
    expect(await accepted(BEN)).toEqual({ is: 'closed', why: 'removed' });
    expect(activations).toEqual([]);
  });

  it('E10 S25 C13 whoever left the directory, is kept out, or whose connector is disconnected, gets in no more', async () => {
    await enter(home, [ANN, BEN, CY]);
    await home.people([person('p00000', { status: 'inactive' })]);
    await home.put('offboarding', BEN, { personId: BEN, name: 'Ben', by: 'U1', at: 0, why: null, steps: [], released: null });
    expect(await accepted(ANN)).toEqual({ is: 'closed', why: 'removed' });
    expect(await accepted(BEN)).toEqual({ is: 'closed', why: 'removed' });
    await home.put('person', CY, null);
    expect(await accepted(CY)).toEqual({ is: 'closed', why: 'removed' });
    await home.people([person('p00002')]);
    await home.put('connector', CONNECTOR, { ...(await home.connector()), state: { is: 'disconnected', since: 0 } });
    expect(await accepted(CY)).toEqual({ is: 'closed', why: 'removed' });
  });

  it('E10 S10 whose account was deactivated gets in no more', async () => {
    await enter(home, [ANN]);
    await home.people([person('p00000', { groupings: [] })]);
    await home.sync();
    expect(await accepted(ANN)).toEqual({ is: 'closed', why: 'removed' });
  });

  it('E10 of an account that is active already nothing is taken: it holds a seat', async () => {
    await invite(home, { arriveAs: 'active' });
    await home.people(people(4));
    await home.sync();
    await seats(home, 1);
    await enter(home, ['csv:p00003']);
    expect(await accepted('csv:p00003')).toEqual({ is: 'enrolled' });
    expect(activations).toEqual([]);
  });

  it('E9 a type that was not offered is as good as no link', async () => {
    await enter(home, [ANN], { types: ['hardware-token'] });
    expect(await accepted(ANN, LINK)).toEqual({ is: 'closed', why: 'unknown' });
    expect((await entryOf(home, ANN)).state.is).toBe('active');
  });

  it('E3 what changes while it is decided is decided again: a removal in the last moment wins', async () => {
    await enter(home, [ANN]);
    await accepted(CY);
    meanwhile = async () => {
      await home.put('enrollment', enrollmentKey(TASK, ANN), { ...(await entryOf(home, ANN)), state: { is: 'removed', at: clock.now(), by: 'U1' }, links: [] });
    };
    expect(await accepted(ANN)).toEqual({ is: 'closed', why: 'unknown' });
    expect((await account(ANN))?.invited).toMatchObject({ granted: null });
    expect((await entryOf(home, ANN)).state.is).toBe('removed');
  });
});

describe('a hardware token', () => {
  it('E9 must be in the stock of the connector’s organization or above, and free; typed as people type', async () => {
    await stocked(['AB1234', 'AB5678']);
    await home.put('hardwareToken', 'XX1', { serial: 'XX1', organizationId: 'csv:school', importedAt: 0, importedBy: 'U1', used: null });
    await enter(home, [ANN, BEN, CY], { types: ['hardware-token'] });
    expect(await accepted(ANN, typed('xx1'))).toEqual({ is: 'wrong-serial', left: 2 });
    expect(await accepted(ANN, typed(' ab-12 34 '))).toEqual({ is: 'enrolled' });
    expect(await entryOf(home, ANN)).toMatchObject({ type: 'hardware-token', serial: 'AB1234', state: { is: 'enrolled' } });
    expect((await home.outside.store.get('hardwareToken', 'AB1234'))?.value.used).toMatchObject({ taskId: TASK, personId: ANN });
    expect((await home.outside.store.get('stock', 'csv:district'))?.value).toEqual({ total: 2, used: 1, reserved: 0 });
    expect(await accepted(BEN, typed('AB1234'))).toEqual({ is: 'wrong-serial', left: 2 });
  });

  it('E9 a reservation turns into the token that is used; with the last one reserved for others none is free', async () => {
    await stocked(['A1', 'A2']);
    await home.put('stock', 'csv:district', { total: 2, used: 0, reserved: 2 });
    await enter(home, [BEN], { types: ['hardware-token'] });
    expect(await accepted(BEN, typed('A1'))).toEqual({ is: 'wrong-serial', left: 3 });
    expect((await entryOf(home, BEN)).attempts).toBe(0);
    await enter(home, [ANN], { types: ['hardware-token'], entry: { reserved: 'csv:district' } });
    expect(await accepted(ANN, typed('A1'))).toEqual({ is: 'enrolled' });
    expect((await home.outside.store.get('stock', 'csv:district'))?.value).toEqual({ total: 2, used: 1, reserved: 1 });
    expect((await entryOf(home, ANN)).reserved).toBeNull();
  });

  it('E9 two people who type one serial at once: one is enrolled with it', async () => {
    await stocked(['A1']);
    await enter(home, [ANN, BEN], { types: ['hardware-token'] });
    const answers = await Promise.all([accepted(ANN, typed('A1')), accepted(BEN, typed('A1'))]);
    expect(answers).toEqual([{ is: 'enrolled' }, { is: 'wrong-serial', left: 2 }]);
    expect((await home.outside.store.get('stock', 'csv:district'))?.value).toEqual({ total: 1, used: 1, reserved: 0 });
  });

  it('E2 E8 locks after the attempts of the policy, whatever comes at once; the links are dead and the reservation stays', async () => {
    await stocked(['A1']);
    await home.put('stock', 'csv:district', { total: 1, used: 0, reserved: 1 });
    await enter(home, [ANN], { types: ['hardware-token'], attempts: 3, entry: { reserved: 'csv:district' } });
    const answers = await Promise.all(['Z1', 'Z2', 'Z3', 'Z4', 'A1'].map((serial) => accepted(ANN, typed(serial))));
    expect(answers).toEqual([
      { is: 'wrong-serial', left: 2 },
      { is: 'wrong-serial', left: 1 },
      { is: 'locked' },
      { is: 'closed', why: 'unknown' },
      { is: 'closed', why: 'unknown' },
    ]);
    expect(await entryOf(home, ANN)).toMatchObject({ state: { is: 'locked' }, attempts: 3, links: [], reserved: 'csv:district' });
    expect(await home.outside.store.count('enrollmentLink')).toBe(0);
    expect(await audit(home, 'enrollment.lock')).toHaveLength(1);
    expect((await home.outside.store.get('card', taskCard(TASK)))?.value.wanted).toBe(2);
  });

  it('E2 E8 counts one wrong serial once until another one is typed; a token that came into the stock since lets in, and a re-issue counts anew', async () => {
    await enter(home, [ANN], { types: ['hardware-token'], attempts: 4 });
    for (const [serial, left] of [
      ['Z1', 3],
      [' z-1', 3],
      ['Z2', 2],
      ['Z1', 1],
      ['Z1', 1],
    ] as const)
      expect(await accepted(ANN, typed(serial))).toEqual({ is: 'wrong-serial', left });
    await home.put('enrollment', enrollmentKey(TASK, ANN), { ...(await entryOf(home, ANN)), attempts: 0 });
    expect(await accepted(ANN, typed('Z1'))).toEqual({ is: 'wrong-serial', left: 3 });
    await stocked(['Z1']);
    expect(await accepted(ANN, typed('Z1'))).toEqual({ is: 'enrolled' });
  });

  it('E10 where no seat is free the token is not used, no attempt is counted, and the type may be chosen again', async () => {
    await stocked(['A1']);
    await seats(home, 0);
    await enter(home, [ANN], { types: ['link', 'hardware-token'] });
    expect(await accepted(ANN, typed('A1'))).toEqual({ is: 'no-seat' });
    expect(await entryOf(home, ANN)).toMatchObject({ state: { is: 'active' }, waitingSince: clock.now(), attempts: 0, type: null });
    expect((await home.outside.store.get('hardwareToken', 'A1'))?.value.used).toBeNull();
    await seats(home, 1);
    expect(await accepted(ANN, typed('A1'))).toEqual({ is: 'enrolled' });
  });
});

describe('a sign-in that was seen', () => {
  it('E2 completes what was enrolled for by then, once, and nothing that was not', async () => {
    await enter(home, [ANN, BEN]);
    await accepted(ANN);
    const enrolledAt = clock.now();
    expect(await signedIn(outside(), CONNECTOR, ANN, enrolledAt - 1)).toMatchObject({ completed: 0 });
    await clock.advance(DAY);
    expect(await signedIn(outside(), CONNECTOR, ANN, clock.now())).toEqual({ completed: 1, seat: null });
    expect((await entryOf(home, ANN)).state).toEqual({ is: 'completed', enrolledAt, at: clock.now() });
    expect(await signedIn(outside(), CONNECTOR, ANN, clock.now() + 1)).toEqual({ completed: 0, seat: null });
    expect((await entryOf(home, ANN)).state).toEqual({ is: 'completed', enrolledAt, at: clock.now() });
  });

  it('E10 E2 takes the seat as the first sign-in, where one is free, and guesses no enrollment', async () => {
    await seats(home, 1);
    await enter(home, [ANN, BEN]);
    expect(await signedIn(outside(), CONNECTOR, ANN, clock.now())).toEqual({ completed: 0, seat: 'taken' });
    expect(activations).toEqual([CONNECTOR]);
    expect((await entryOf(home, ANN)).state.is).toBe('active');
    expect(await signedIn(outside(), CONNECTOR, ANN, clock.now())).toEqual({ completed: 0, seat: null });
    expect(await signedIn(outside(), CONNECTOR, BEN, clock.now())).toEqual({ completed: 0, seat: 'none-free' });
    expect(await accepted(ANN)).toEqual({ is: 'enrolled' });
    expect(await accepted(BEN)).toEqual({ is: 'no-seat' });
  });
});
