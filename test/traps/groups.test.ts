import { expect, it } from 'vitest';
import { type Quirks, SERVER_A, SERVER_B } from '../../src/sandbox/scim/quirks/quirks.ts';
import { assignment, ended, people, person, STAFF, TEACHERS } from '../domain/sync/world.ts';
import { type Played, playing } from './playing.ts';

const GROUPS = { settings: { manageGroups: true } };
const MANY = { ...GROUPS, operating: { fuse: { people: 10_000, percent: 100, absolute: 10_000 } } };

/** The kinds of requests about groups. */
function groupKinds({ kinds }: Played): readonly string[] {
  return kinds().filter((kind) => kind.includes('/Groups'));
}

async function filled(quirks: Quirks, count: number): Promise<Played> {
  const played = await playing(quirks, MANY);
  await played.home.seed(played.connector, people(count), [assignment(1), assignment(2, STAFF)]);
  await played.home.sync();
  played.server.forget();
  return played;
}

/** Leaves their account as it is: only out of one group. */
const moved = (count: number) => people(count, { groupings: [STAFF] });

it('S11 trap 12: removing one of 25 members leaves 24, where a value list would empty the group', async () => {
  const { server, home } = await filled(SERVER_A, 25);
  await home.people(moved(1));
  expect(ended(await home.sync()).result).toBe('success');
  const teachers = server.groups().find(({ displayName }) => displayName === 'Teachers');
  expect(teachers?.members).toHaveLength(24);
  expect(server.groups().find(({ displayName }) => displayName === 'Staff')?.members).toHaveLength(1);
});

it('S11 S23 trap 13: where `replace members` adds and `remove members` is ignored, the group ends as wished', async () => {
  const { server, home } = await filled(SERVER_B, 5);
  await home.people(moved(2));
  expect(ended(await home.sync()).result).toBe('success');
  const names = (name: string) =>
    server
      .groups()
      .find(({ displayName }) => displayName === name)
      ?.members.toSorted();
  expect(names('Teachers')).toEqual(['p00002', 'p00003', 'p00004']);
  expect(names('Staff')).toEqual(['p00000', 'p00001']);
});

it('S11 S23 C20 trap 13: a filtered removal without effect is noticed, and the shape that works is learnt', async () => {
  const played = await filled({ ignoresMemberFilter: true }, 4);
  const { server, home } = played;
  await home.people(moved(1));
  expect(ended(await home.sync()).result).toBe('success');
  expect(server.groups().find(({ displayName }) => displayName === 'Teachers')?.members).toHaveLength(3);
  expect((await home.connector()).dialect?.members).toMatchObject({ removal: 'replace', proven: true });
  server.forget();
  await home.people(moved(2));
  await home.sync();
  expect(groupKinds(played)).toEqual(['PATCH /Groups', 'PATCH /Groups']);
});

it('S23 a removal that no shape brings about is the group’s error, and the member stays in the journal', async () => {
  const { home } = await filled({ ignoresMemberFilter: true, memberLists: 'ignored' }, 3);
  await home.people(moved(1));
  const run = await home.sync();
  expect(ended(run).result).toBe('partial');
  expect((await home.events(run.id)).find(({ success }) => !success)).toMatchObject({ type: 'group_update_provision', errorCode: 'no-effect' });
  const pushed = (await home.all('pushedGroup')).find(({ groupingId }) => groupingId === TEACHERS);
  expect(pushed?.members).toHaveLength(3);
});

it('S11 trap 14: a group that never shows its members is believed from our journal: nobody is added again', async () => {
  const played = await filled({ membersShown: 0 }, 12);
  const { server, home } = played;
  await home.sync();
  expect(groupKinds(played)).toEqual([]);
  await home.people(moved(1));
  await home.sync();
  expect(server.groups().find(({ displayName }) => displayName === 'Teachers')?.members).toHaveLength(11);
  expect(groupKinds(played)).toEqual(['GET /Groups?filter', 'POST /Groups', 'PATCH /Groups', 'PATCH /Groups']);
  expect((await home.connector()).dialect?.members.readable).toBe('never');
});

it('S11 S23 trap 15: a member list that is cut off at 100 removes nobody and adds nobody again', async () => {
  const played = await filled({ membersShown: 100 }, 250);
  const { server, home } = played;
  await home.people(moved(1));
  expect(ended(await home.sync()).result).toBe('success');
  expect(server.groups().find(({ displayName }) => displayName === 'Teachers')?.members).toHaveLength(249);
  const sent = server.heard().flatMap(({ kind, body }) => (kind === 'PATCH /Groups' ? [JSON.stringify(body)] : []));
  // One out of Teachers, one into Staff.
  expect(sent).toHaveLength(2);
  expect((await home.connector()).dialect?.members.readable).not.toBe('never');
});

it('S11 adds and removes k members in ⌈k/batch⌉ requests', async () => {
  const played = await filled({ mostMembers: 100 }, 250);
  expect(played.server.groups().find(({ displayName }) => displayName === 'Teachers')?.members).toHaveLength(250);
  await played.home.people(moved(1));
  await played.home.sync();
  played.server.forget();
  await played.home.people(moved(231));
  await played.home.sync();
  // 230 leave Teachers, and 230 join Staff.
  expect(groupKinds(played)).toEqual(Array.from({ length: 6 }, () => 'PATCH /Groups'));
  expect(
    played.server
      .groups()
      .map(({ members }) => members.length)
      .toSorted(),
  ).toEqual([19, 231]);
});

it('S11 a smaller limit of the target is learnt', async () => {
  const { server, home } = await filled({ mostMembers: 20 }, 50);
  expect(server.groups().find(({ displayName }) => displayName === 'Teachers')?.members).toHaveLength(50);
  expect((await home.connector()).dialect?.members.batch).toBeLessThanOrEqual(25);
});

it('S11 an empty group is not created; a same-named one is taken over with its members; one that is assigned no more is deleted', async () => {
  const { server, home, connector } = await playing({}, GROUPS);
  const stranger = server.seed({ userName: 'stranger' });
  const id = server.seedGroup('Teachers', [stranger]);
  await home.seed(connector, [person('ann')], [assignment(1), assignment(2, STAFF)]);
  await home.sync();
  expect(server.groups()).toMatchObject([{ id, displayName: 'Teachers', members: [stranger, expect.any(String)] }]);
  await home.put('assignment', assignment(2, STAFF).id, null);
  await home.put('assignment', assignment(1).id, null);
  await home.sync();
  expect(server.groups()).toEqual([]);
});

it('S24 trap 22: of three new members one fails, two are added, and the third is when its account exists', async () => {
  const { server, home, connector } = await playing({}, GROUPS);
  await home.seed(connector, [person('ann'), person('bob'), person('cy', { attributes: { userName: 'cy' } })]);
  const { id: taken } = { id: server.seed({ userName: 'cy', externalId: 'another' }) };
  await home.put('connector', connector.id, { ...connector, listing: { at: 0, total: 0, active: 0, unmanaged: 0, unmanagedActive: 0 } });
  await home.put('account', `${connector.id}/csv:zed`, {
    ...{ connectorId: connector.id, personId: 'csv:zed', targetId: taken, state: 'active', origin: 'adopted', pushed: null, intent: null },
    ...{ generated: {}, deleteAt: null, timeline: [] },
  });

  const run = await home.sync();
  expect(run.counts.created).toBe(2);
  const members = () => server.groups().find(({ displayName }) => displayName === 'Teachers')?.members ?? [];
  expect(members()).toHaveLength(2);
  await home.put('account', `${connector.id}/csv:zed`, null);
  server.edit(taken, { userName: 'zed' });
  server.forget();
  await home.sync();
  expect(members()).toHaveLength(3);
});

it.each([
  ['keeps', { strictMembers: false }],
  ['drops', { dropsMembers: true, strictMembers: true }],
] as const)('S24 trap 22: the membership of a deleted user ends once where the target %s it', async (_what, quirks) => {
  const played = await playing(quirks, GROUPS);
  const { server, home, connector } = played;
  await home.seed(connector, people(3));
  await home.sync();
  const [gone] = server.users();
  const account = await home.account('p00000');
  if (account === undefined || gone === undefined) throw new Error('nobody there');
  // Deleted in the target, known as gone.
  await fetch(`${server.url}/Users/${gone.id}`, { method: 'DELETE' });
  await home.put('account', `${connector.id}/csv:p00000`, { ...account, state: 'gone' });
  await home.people(people(1, { groupings: [] }));
  expect(ended(await home.sync()).result).toBe('success');
  expect(server.groups()[0]?.members).toHaveLength(2);
  server.forget();
  await home.sync();
  expect(groupKinds(played)).toEqual([]);
});

it('S11 one member whom the target refuses stops no other', async () => {
  const played = await filled({ strictMembers: true }, 6);
  const { server, home } = played;
  const teachers = server.groups().find(({ displayName }) => displayName === 'Teachers');
  if (teachers === undefined) throw new Error('no group');
  await fetch(`${server.url}/Groups/${teachers.id}`, {
    method: 'PATCH',
    body: JSON.stringify({ Operations: [{ op: 'remove', path: `members[value eq "${teachers.members[1]}"]` }] }),
  });
  await home.people(moved(3));
  expect(ended(await home.sync()).result).toBe('success');
  expect(server.groups().find(({ displayName }) => displayName === 'Teachers')?.members).toHaveLength(3);
});
