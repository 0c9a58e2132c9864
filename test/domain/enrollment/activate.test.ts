import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accept } from '../../../src/domain/enrollment/verbs/accept.ts';
import { activateGranted, activationsDue } from '../../../src/domain/enrollment/verbs/activate.ts';
import type { Store } from '../../../src/ports/store.ts';
import { Again } from '../../../src/worker.ts';
import { door, fault, type MemoryTarget, memoryTarget } from '../sync/memory-target.ts';
import { CONNECTOR, connector, ended, people, person, type World, world } from '../sync/world.ts';
import { watched } from '../sync/watched-store.ts';
import { activated, enter, invite, secretOf } from './invited-world.ts';

let target: MemoryTarget;
let home: World;

beforeEach(async () => {
  target = memoryTarget();
  home = await world({ targets: target });
  await home.seed(connector('https://target.example/scim'), people(5));
  await invite(home);
  await home.sync();
  await enter(
    home,
    people(5).map(({ id }) => id),
  );
});
afterEach(() => home.close());

const accepted = (at: number) => accept(home.outside, secretOf(`csv:p0000${at}`), { type: 'link', serial: null });
const active = () => [...target.users.values()].filter((user) => user.active).map(({ values }) => values.userName);
const asked = async (): Promise<readonly string[]> => {
  const ids: string[] = [];
  await activationsDue({ ...home.outside, work: { ...home.outside.work, activate: (id: string) => void ids.push(id) } });
  return ids;
};

describe('activating whom a seat was granted', () => {
  it('E10 makes everybody who waits active in one run, of its own kind, and then nothing is left to do', async () => {
    await Promise.all([accepted(0), accepted(1), accepted(2)]);
    const [run, ...more] = await activated(home);
    expect(more).toEqual([]);
    expect(run).toMatchObject({ kind: 'activate', by: 'schedule', counts: { reactivated: 3, failed: 0 } });
    expect(active()).toEqual(['p00000', 'p00001', 'p00002']);
    expect(await asked()).toEqual([]);
    const before = home.handed.length;
    await activateGranted(home.outside, CONNECTOR);
    expect(home.handed).toHaveLength(before);
  });

  it('E10 S1 goes first in a sync under way; who accepted while their account was being written follows right after it', async () => {
    const reached = door();
    const go = door();
    await home.people([person('p00001', { attributes: { familyName: 'Newname' } })]);
    target.before = async (call) => {
      if (call.what !== 'change' || call.userName !== 'p00001') return;
      reached.open();
      await go.opened;
    };
    const run = home.sync();
    await reached.opened;
    await Promise.all([accepted(0), accepted(1)]);
    await activateGranted(home.outside, CONNECTOR);
    const id = home.handed.at(-1) ?? '';
    await home.wake(id);
    while (!active().includes('p00000')) await home.outside.breath.turn();
    expect(await asked()).toEqual([CONNECTOR]);
    go.open();
    const after = [await run, ...(await activated(home))];
    expect(after[0]?.counts.updated).toBe(1);
    expect(after.reduce((sum, { counts }) => sum + counts.reactivated, 0)).toBe(2);
    expect(active()).toEqual(['p00000', 'p00001']);
    expect(await asked()).toEqual([]);
  });

  it('E10 while an activation goes nobody looks for who else was granted a seat: its end does', async () => {
    await accepted(0);
    await activateGranted(home.outside, CONNECTOR);
    await accepted(1);
    const { store } = home.outside;
    const scans: string[] = [];
    const scan: Store['scan'] = (kind, range) => {
      scans.push(kind);
      return store.scan(kind, range);
    };
    await activateGranted({ ...home.outside, store: { ...watched(store, {}), scan } }, CONNECTOR);
    expect(scans).not.toContain('account');
    expect(await asked()).toEqual([CONNECTOR]);
    await home.execute(home.handed.at(-1) ?? '');
    await activated(home);
    expect(active()).toEqual(['p00000', 'p00001']);
  });

  it('E10 S13 a kill between grant and activation loses nobody: the restart finds them', async () => {
    await accepted(3);
    await home.restart();
    expect(await asked()).toEqual([CONNECTOR]);
    await activated(home);
    expect(active()).toEqual(['p00003']);
  });

  it('E10 S13 a kill in the middle of the activation is taken up where it was', async () => {
    await accepted(3);
    const heart = new AbortController();
    const reached = door();
    const go = door();
    target.before = async (call) => {
      if (call.what !== 'change') return;
      reached.open();
      await go.opened;
      throw fault({ next: 'again', maybeWritten: true, message: 'connection reset' });
    };
    await activateGranted(home.outside, CONNECTOR);
    const id = home.handed.at(-1) ?? '';
    const run = home.execute(id, { interrupt: heart.signal });
    await reached.opened;
    heart.abort();
    go.open();
    expect((await run).state.is).toBe('running');
    await home.restart();
    target.before = () => {};
    expect(ended(await home.execute(id)).ending).toBe('completed');
    expect(active()).toEqual(['p00003']);
  });

  it('E10 N5 C12 rests while all writes are stopped, and while the connector is disabled; then it goes on', async () => {
    await accepted(0);
    await home.put('halt', '-', { by: 'U1', at: 0, why: null });
    expect(await activated(home)).toEqual([]);
    await home.put('halt', '-', null);
    const given = await home.connector();
    await home.put('connector', CONNECTOR, { ...given, state: { is: 'disabled', since: 0 } });
    expect(await activated(home)).toEqual([]);
    expect(active()).toEqual([]);
    expect(await asked()).toEqual([CONNECTOR]);
    await home.put('connector', CONNECTOR, given);
    await activated(home);
    expect(active()).toEqual(['p00000']);
  });

  it('E10 whom the target refuses is not tried for ever: the next sync does it', async () => {
    await accepted(0);
    target.before = (call) => {
      if (call.what === 'change') throw fault({ next: 'refused', status: 400, message: 'not today' });
    };
    const [run, ...more] = await activated(home);
    expect(more).toEqual([]);
    expect(run?.counts).toMatchObject({ failed: 1, reactivated: 0 });
    expect(await asked()).toEqual([]);
    target.before = () => {};
    expect((await home.sync()).counts).toMatchObject({ reactivated: 1 });
    expect(active()).toEqual(['p00000']);
  });

  it('E10 S16 removes nobody: who left meanwhile is the sync’s to deactivate, and its fuse’s', async () => {
    await accepted(0);
    await home.people([person('p00000', { status: 'inactive' })]);
    const [run] = await activated(home);
    expect(run?.counts).toMatchObject({ reactivated: 0, deactivated: 0 });
    expect(active()).toEqual([]);
    expect((await home.sync()).counts).toMatchObject({ deactivated: 1 });
  });

  it('C14 of a connector that is gone nothing is left to do', async () => {
    await accepted(0);
    await home.put('connector', CONNECTOR, null);
    await activated(home);
    expect(await asked()).toEqual([]);
  });

  it('E10 a job that is asked for while it runs, however often, runs once more', async () => {
    const doors = [door(), door(), door()];
    let runs = 0;
    const again = new Again(async () => {
      const mine = doors[runs];
      runs += 1;
      await mine?.opened;
    });
    again.ask();
    again.ask();
    again.ask();
    expect(runs).toBe(1);
    doors[0]?.open();
    while (runs < 2) await home.outside.breath.turn();
    doors[1]?.open();
    for (let turns = 0; turns < 5; turns += 1) await home.outside.breath.turn();
    expect(runs).toBe(2);
    again.ask();
    expect(runs).toBe(3);
    doors[2]?.open();
  });
});
