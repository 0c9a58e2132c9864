import { expect, it, onTestFinished } from 'vitest';
import type { PushedGroup } from '../../src/domain/sync/account.ts';
import { type Admin, createAdmin } from '../../src/sandbox/scim/admin-client.ts';
import { startScimTarget } from '../../src/sandbox/scim/server.ts';
import { type ManualClock, manualClock } from '../clock.ts';
import { assignment, connector, patiently, people, person, STAFF, TEACHERS, TOKEN, type World, world } from '../domain/sync/world.ts';
import type { Played } from './playing.ts';
import { CHANGES, filled, KEY, rename, teachers, toldOf } from './teachers.ts';

interface Lossy {
  readonly home: World;
  readonly clock: ManualClock;
  readonly admin: Admin;
}

/** Teachers and Staff, with the same three people, before a target whose replies can be lost. */
async function lossy(): Promise<Lossy> {
  const clock = manualClock();
  const target = await startScimTarget({ token: TOKEN });
  onTestFinished(target.close);
  const home = await world({ clock, allow: [new URL(target.url).host] });
  onTestFinished(home.close);
  await home.seed(connector(target.url, CHANGES), people(3, { groupings: [TEACHERS, STAFF] }), [assignment(1), assignment(2, STAFF)]);
  await patiently(clock, home.sync());
  return { home, clock, admin: createAdmin(target.pageUrl) };
}

/** What one sync told of Teachers, and the requests about groups that it took. */
async function synced({ home, clock, admin }: Lossy): Promise<{ readonly told: readonly unknown[]; readonly asked: readonly string[] }> {
  await admin.clearRequests();
  const run = await patiently(clock, home.sync());
  const told = (await home.events(run.id))
    .filter(({ subjectId }) => subjectId === TEACHERS)
    .map(({ type, success, changes }) => [type, success, ...changes.map(({ attribute, before, after }) => `${attribute} ${before}→${after}`)]);
  const asked = (await admin.requests()).filter(({ path }) => path.includes('/Groups')).map(({ method }) => method);
  return { told, asked };
}

async function groupsOf({ admin }: Lossy): Promise<readonly unknown[]> {
  return (await admin.groups()).map(({ displayName, members }) => [displayName, members.length]).sort();
}

const BOTH = [
  ['Staff', 3],
  ['Teachers', 3],
];
const DELETED = [
  ['group_delete_provision', true, 'displayName Teachers→null'],
  ['group_create_provision', true, 'displayName null→Teachers'],
  ['group_update_provision', true, 'members 0→3'],
];

it.each([
  ['had its effect', 'lost-reply', DELETED],
  ['never came', 'dropped-connection', []],
] as const)(
  'S5 S11 S23 a group whose deletion %s, unanswered, and whose grouping is assigned again is looked for: it is there once, with everybody in it, and told as what was done',
  async (_what, is, told) => {
    const lossily = await lossy();
    const { home, admin } = lossily;
    await home.put('assignment', assignment(1).id, null);
    await admin.set({ is, aim: 'deletes', when: { is: 'always' } });
    expect((await synced(lossily)).told).toEqual([['group_delete_provision', false]]);
    await admin.clear();
    await home.put('assignment', assignment(1).id, assignment(1));
    expect((await synced(lossily)).told).toEqual(told);
    expect(await groupsOf(lossily)).toEqual(BOTH);
    expect(await synced(lossily)).toEqual({ told: [], asked: [] });
  },
);

it.each([
  ['the old one again', 'Teachers', 'had its effect', 'lost-reply', ['displayName Teachers→All teachers', 'displayName All teachers→Teachers']],
  ['the old one again', 'Teachers', 'never came', 'dropped-connection', []],
  ['another one', 'Our teachers', 'had its effect', 'lost-reply', ['displayName Teachers→All teachers', 'displayName All teachers→Our teachers']],
  ['another one', 'Our teachers', 'never came', 'dropped-connection', ['displayName Teachers→Our teachers']],
] as const)(
  'S5 S11 S23 a group whose name is to be %s (%s), where its renaming %s, unanswered, gets that one, and each name that it had is told',
  async (_which, name, _what, is, told) => {
    const lossily = await lossy();
    const { home, admin } = lossily;
    const named = (next: string) =>
      home.put('grouping', TEACHERS, { id: TEACHERS, organizationId: 'csv:school', kind: 'role', sourceId: 'teacher', name: next });
    await named('All teachers');
    await admin.set({ is, aim: 'changes', when: { is: 'always' } });
    expect((await synced(lossily)).told).toEqual([['group_update_provision', false]]);
    await admin.clear();
    await rename(lossily, name);
    expect((await synced(lossily)).told).toEqual(told.map((change) => ['group_update_provision', true, change]));
    expect(await groupsOf(lossily)).toEqual(
      [
        ['Staff', 3],
        [name, 3],
      ].sort(),
    );
    expect(await synced(lossily)).toEqual({ told: [], asked: [] });
  },
);

it('S11 a name at which the target breaks for good keeps nobody out of the group either: members change under the old one', async () => {
  const lossily = await lossy();
  const { home, admin } = lossily;
  await rename(lossily, 'All teachers');
  await home.people([person('zoe')]);
  // Tries of the name, until they are given up; who joins comes after.
  await admin.set({ is: 'server-error', aim: 'changes', when: { is: 'next', requests: 5 } });
  expect((await synced(lossily)).told).toEqual([
    ['group_update_provision', false],
    ['group_update_provision', true, 'members 3→4'],
  ]);
  expect(await groupsOf(lossily)).toEqual([
    ['Staff', 3],
    ['Teachers', 4],
  ]);
  expect((await synced(lossily)).told).toEqual([['group_update_provision', true, 'displayName Teachers→All teachers']]);
});

/** Teachers as it was in the store when the target was asked with this method: what a crash leaves between the answer and its record. */
async function crashing(method: string, change: (played: Played) => Promise<unknown>): Promise<Played> {
  const left: Promise<readonly PushedGroup[]>[] = [];
  const played: Played = await filled(
    { before: (asked, path) => void (asked === method && path.includes('/Groups/') && left.push(played.home.all('pushedGroup'))) },
    3,
  );
  const { home } = played;
  await home.people(people(3, { groupings: [TEACHERS, STAFF] }));
  await home.sync();
  left.length = 0;
  await change(played);
  await home.sync();
  const group = (await left[0])?.find(({ groupingId }) => groupingId === TEACHERS);
  if (group === undefined) throw new Error(`nothing was asked by ${method}`);
  await home.put('pushedGroup', KEY, group);
  return played;
}

it('S5 S11 S13 a group that was deleted in the moment of a crash is told as deleted, and made anew with everybody in it', async () => {
  const played = await crashing('DELETE', ({ home }) => home.put('assignment', assignment(1).id, null));
  await played.home.put('assignment', assignment(1).id, assignment(1));
  expect(await toldOf(played)).toEqual(DELETED);
  expect(teachers(played)).toHaveLength(3);
  expect(played.server.groups()).toHaveLength(2);
  await toldOf(played);
  expect(played.server.heard()).toEqual([]);
});

it('S5 S11 S13 one that nobody is in any more is told as deleted too, and no empty one is made', async () => {
  const played = await crashing('DELETE', ({ home }) => home.put('assignment', assignment(1).id, null));
  await played.home.put('assignment', assignment(1).id, assignment(1));
  await played.home.people(people(3, { groupings: [STAFF] }));
  expect(await toldOf(played)).toEqual(DELETED.slice(0, 1));
  expect(played.server.groups().map(({ displayName }) => displayName)).toEqual(['Staff']);
});

it('S5 S11 S13 a group that got another name in the moment of a crash gets its old one back where the directory took it back', async () => {
  const played = await crashing('PATCH', (all) => rename(all, 'All teachers'));
  await rename(played, 'Teachers');
  expect(await toldOf(played)).toEqual([
    ['group_update_provision', true, 'displayName Teachers→All teachers'],
    ['group_update_provision', true, 'displayName All teachers→Teachers'],
  ]);
  expect(teachers(played)).toHaveLength(3);
  await toldOf(played);
  expect(played.server.heard()).toEqual([]);
});
