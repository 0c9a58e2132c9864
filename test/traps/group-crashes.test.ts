import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { RFC_DIALECT } from '../../src/domain/connectors/dialect.ts';
import type { PushedGroup } from '../../src/domain/sync/account.ts';
import { startQuirky } from '../../src/sandbox/scim/quirks/server.ts';
import { MORNING } from '../clock.ts';
import { type Lived, live } from '../domain/sync/chaos/engine.ts';
import { assignment, connector, ended, people, STAFF, TEACHERS, type World, world } from '../domain/sync/world.ts';
import type { Played } from './playing.ts';
import { CHANGES, filled, id, KEY, leave, named, rename, teachers, toldOf } from './teachers.ts';

it('S5 S13 a rename that was answered and then cut off by a crash is told by the next run', async () => {
  const left: Promise<readonly PushedGroup[]>[] = [];
  const played: Played = await filled(
    {
      before: (method) => {
        if (method === 'PATCH' && named(played, 'add').length > 0) left.push(played.home.all('pushedGroup'));
      },
    },
    3,
  );
  const { server, home } = played;
  await home.sync();
  server.forget();
  left.length = 0;
  await rename(played, 'All teachers');
  await home.people(people(4).slice(3));
  await home.sync();
  // As it was in the store when those who join were sent.
  const group = (await left[0])?.find(({ groupingId }) => groupingId === TEACHERS);
  if (group === undefined) throw new Error('no group was changed');
  await home.put('pushedGroup', KEY, group);
  expect(await toldOf(played)).toEqual([['group_update_provision', true, 'displayName Teachers→All teachers', 'members 3→4']]);
  expect(await toldOf(played)).toEqual([]);
});

/** Leaves the group as a crash does between the target's answer and its record. */
async function crashed({ home }: Played, members: (known: readonly string[]) => readonly string[], moving: readonly string[]): Promise<void> {
  const group = (await home.all('pushedGroup')).find(({ groupingId }) => groupingId === TEACHERS);
  if (group === undefined) throw new Error('no group was pushed');
  const changing = { from: group.members.length, written: false, moving };
  await home.put('pushedGroup', `${group.connectorId}/${TEACHERS}`, { ...group, members: members(group.members), changing });
}

it.each([100, 0])('S13 S11 S23 whoever came in in the moment of a crash, and left since, goes also where only %i members are shown', async (membersShown) => {
  const played = await filled({ membersShown }, 120);
  const { server, home } = played;
  await home.sync();
  await crashed(played, (known) => known.filter((one) => one !== id(110) && one !== id(111)), [id(110), id(111)]);
  await leave(played, 110);
  server.forget();
  expect(ended(await home.sync()).result).toBe('success');
  expect(teachers(played)).toHaveLength(119);
  expect(teachers(played)).not.toContain(id(110));
  expect(named(played, 'remove')).toEqual([id(110)]);
  server.forget();
  await home.sync();
  expect(server.heard()).toEqual([]);
});

/** As a hand in the target would. */
async function held({ server }: Played, operation: 'add' | 'remove', one: string): Promise<void> {
  const group = server.groups().find(({ displayName }) => displayName === 'Teachers');
  const change = operation === 'add' ? { op: 'add', path: 'members', value: [{ value: one }] } : { op: 'remove', path: `members[value eq "${one}"]` };
  await fetch(`${server.url}/Groups/${group?.id}`, { method: 'PATCH', body: JSON.stringify({ Operations: [change] }) });
}

it.each([
  ['a removal', 'whole', 'comes back'],
  ['a removal', 'never', 'comes back'],
  ['a removal', 'never', 'stays away'],
  ['an addition', 'never', 'comes back'],
  ['an addition', 'never', 'stays away'],
] as const)(
  'S13 S14 S11 S23 of whom %s was cut off, in a group whose members are never shown (%s), that stays open while the fuse holds removals: who then %s is asked for again',
  async (what, readable, then) => {
    const played = await filled({ membersShown: 0 }, 6);
    const { server, home } = played;
    await home.sync();
    const stored = await home.connector();
    const members = { ...RFC_DIALECT.members, ...stored.dialect?.members, readable };
    const fused = { ...stored.operating, fuse: { people: 0, percent: 0, absolute: 0 } };
    await home.put('connector', stored.id, { ...stored, operating: fused, dialect: { ...RFC_DIALECT, ...stored.dialect, members } });
    // What is not known is the worse of both.
    await held(played, then === 'comes back' ? 'remove' : 'add', id(3));
    await crashed(played, (known) => (what === 'a removal' ? known : known.filter((one) => one !== id(3))), [id(3)]);
    await leave(played, 3);
    await home.people(people(6, { groupings: [] }).slice(5));
    for (const _ of [1, 2]) expect(ended(await home.sync()).ending).toBe('held');
    const [, , , third] = people(6);
    if (then === 'comes back' && third !== undefined) await home.people([third]);
    else await home.put('connector', stored.id, { ...(await home.connector()), operating: stored.operating });
    server.forget();
    await home.sync();
    expect(named(played, then === 'comes back' ? 'add' : 'remove')).toContain(id(3));
    expect(teachers(played).includes(id(3))).toBe(then === 'comes back');
    server.forget();
    await home.sync();
    expect(server.heard()).toEqual([]);
  },
);

it('S13 S11 a long group that is written whole is not taken for a hidden one after a crash in the middle of a removal', async () => {
  const played = await filled({ noGroupPatch: true }, 110);
  const { server, home } = played;
  await home.sync();
  await leave(played, 10);
  await home.sync();
  expect(teachers(played)).toHaveLength(109);
  await crashed(played, (known) => [...known, id(10)].sort(), [id(10)]);
  await leave(played, 11);
  server.forget();
  expect(ended(await home.sync()).result).toBe('success');
  expect(teachers(played)).toHaveLength(108);
  server.forget();
  await home.sync();
  expect(server.heard()).toEqual([]);
});

it('S5 S13 S11 a group comes about once, and is told as created once, at whatever step a crash came, whatever others have its name', async () => {
  const server = await startQuirky({});
  onTestFinished(server.close);
  const folder = await mkdtemp(join(tmpdir(), 'usher-groups-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const inside = async <T>(work: (home: World) => Promise<T>): Promise<T> => {
    const home = await world({ folder, allow: [new URL(server.url).host] });
    return await work(home).finally(home.close);
  };
  const life = (deathAt: number | null): Promise<Lived> => live({ folder, url: server.url, now: MORNING, deathAt, death: 'abandoned' });
  await inside(async (home) => {
    await home.seed(connector(server.url, CHANGES), people(1));
    await home.sync();
  });
  for (let step = 1, lived: Lived = null; lived === null; step += 1) {
    for (const group of server.groups()) await fetch(`${server.url}/Groups/${group.id}`, { method: 'DELETE' });
    // With a single one there would be no create: that one is taken over.
    const others = [server.seedGroup('Teachers', []), server.seedGroup('Teachers', [])];
    const before = await inside(async (home) => {
      await home.put('pushedGroup', KEY, null);
      return (await home.events()).length;
    });
    lived = await life(step);
    await life(null);
    const told = (await inside((home) => home.events())).slice(before).map(({ type, success }) => `${type} ${success}`);
    expect([step, ...told]).toEqual([step, 'group_create_provision true', 'group_update_provision true']);
    const groups = server.groups().map((group) => [others.includes(group.id), group.members.length]);
    expect(groups).toEqual([...others.map(() => [true, 0]), [false, 1]]);
  }
});

/** As a crash leaves it between the intent to create the group and the answer. */
async function intended({ home, connector: { id: connectorId } }: Played): Promise<void> {
  await home.put('pushedGroup', KEY, { connectorId, groupingId: TEACHERS, targetId: null, name: 'Teachers', members: [], creating: { beside: [] } });
}

it('S5 S13 S11 a group whose create a crash cut off is told and deleted where its grouping is assigned no more', async () => {
  const played = await filled({}, 2);
  const { server, home } = played;
  await intended(played);
  server.seedGroup('Teachers', []);
  await home.put('assignment', assignment(1).id, null);
  const run = await home.sync();
  expect(server.groups().map(({ displayName }) => displayName)).toEqual(['Staff']);
  const told = (await home.events(run.id)).filter(({ subjectId }) => subjectId === TEACHERS);
  expect(told.map(({ type, success }) => [type, success])).toEqual([
    ['group_create_provision', true],
    ['group_delete_provision', true],
  ]);
});

it('S13 S11 an intent that came to nothing is forgotten: an empty group is not created', async () => {
  const played = await filled({}, 1);
  const { server, home } = played;
  await intended(played);
  await home.people(people(1, { groupings: [STAFF] }));
  expect(ended(await home.sync()).result).toBe('success');
  expect(server.groups().map(({ displayName }) => displayName)).toEqual(['Staff']);
  expect((await home.all('pushedGroup')).map(({ groupingId }) => groupingId)).toEqual([STAFF]);
});
