import { expect, it, onTestFinished } from 'vitest';
import { type Quirks, SERVER_A, SERVER_B } from '../../src/sandbox/scim/quirks/quirks.ts';
import { createAdmin } from '../../src/sandbox/scim/admin-client.ts';
import { Refused } from '../../src/sandbox/scim/quirks/answer.ts';
import { startQuirky } from '../../src/sandbox/scim/quirks/server.ts';
import { startScimTarget } from '../../src/sandbox/scim/server.ts';
import { manualClock } from '../clock.ts';
import { assignment, connector, ended, patiently, people, person, STAFF, TEACHERS, TOKEN, world } from '../domain/sync/world.ts';
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
  const teachers = () => server.groups().find(({ displayName }) => displayName === 'Teachers');
  // Added by another hand (S26).
  const stranger = server.seed({ userName: 'stranger' });
  const added = { Operations: [{ op: 'add', path: 'members', value: [{ value: stranger }] }] };
  await fetch(`${server.url}/Groups/${teachers()?.id}`, { method: 'PATCH', body: JSON.stringify(added) });
  await home.people(moved(1));
  expect(ended(await home.sync()).result).toBe('success');
  expect(teachers()?.members).toHaveLength(4);
  expect(teachers()?.members).toContain(stranger);
  expect((await home.connector()).dialect?.members).toMatchObject({ removal: 'replace', proven: true });
  server.forget();
  await home.people(moved(2));
  await home.sync();
  // One joins Staff; the list of Teachers is written whole from a fresh read.
  expect(groupKinds(played)).toEqual(['PATCH /Groups', 'GET /Groups', 'PATCH /Groups']);
  expect(teachers()?.members).toHaveLength(3);
  server.become({ noGroupPatch: true });
  await home.people(moved(3));
  expect(ended(await home.sync()).result).toBe('success');
  expect(teachers()?.members).toHaveLength(2);
  expect(teachers()?.members).toContain(stranger);
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
  const gone = server.users().find(({ userName }) => userName === 'p00000');
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

it('S24 trap 22: of three new members one create fails: two are added; the third is with the next run, in one request', async () => {
  const before = (method: string): void => {
    if (method === 'POST' && posts++ === 1) throw new Refused(400, 'not today');
  };
  let posts = 0;
  const played = await playing({ before }, { ...GROUPS, operating: { concurrency: 1 } });
  const { server, home, connector } = played;
  await home.seed(connector, people(3));
  const members = () => server.groups()[0]?.members.length;
  expect((await home.sync()).counts).toMatchObject({ created: 2, failed: 1 });
  expect(members()).toBe(2);
  server.forget();
  expect((await home.sync()).counts).toMatchObject({ created: 1, failed: 0 });
  expect(members()).toBe(3);
  expect(groupKinds(played)).toEqual(['PATCH /Groups']);
  server.forget();
  await home.sync();
  expect(played.kinds()).toEqual([]);
});

it.each([
  ['keeps', {}],
  ['drops', { dropsMembers: true, strictMembers: true }],
] as const)(
  'S10 S24 trap 22: of a leaver whom Usher deletes the membership ends once, before the account does, where the target %s it',
  async (_what, quirks) => {
    const clock = manualClock();
    const server = await startQuirky(quirks);
    onTestFinished(server.close);
    const home = await world({ clock, allow: [new URL(server.url).host] });
    onTestFinished(home.close);
    await home.seed(connector(server.url, { settings: { manageGroups: true, leavers: { are: 'deleted', afterDays: 1 } } }), people(3));
    await home.sync();
    await home.people(people(1, { groupings: [] }));
    server.forget();
    expect((await home.sync()).counts).toMatchObject({ deactivated: 1, failed: 0 });
    expect(server.groups()[0]?.members).toHaveLength(2);
    expect(server.heard().filter(({ kind }) => kind === 'PATCH /Groups')).toHaveLength(1);
    await clock.advance(2 * 86_400_000);
    server.forget();
    expect((await home.sync()).counts).toMatchObject({ deleted: 1, failed: 0 });
    expect(server.heard().map(({ kind }) => kind)).toEqual(['DELETE /Users']);
    server.forget();
    await home.sync();
    expect(server.heard()).toEqual([]);
    expect(server.groups()[0]?.members).toHaveLength(2);
  },
);

it('S11 S23 a group whose create’s reply was lost is looked up before a second one: there is one', async () => {
  const clock = manualClock();
  const target = await startScimTarget({ token: TOKEN });
  onTestFinished(target.close);
  const admin = createAdmin(target.pageUrl);
  const home = await world({ clock, allow: [new URL(target.url).host] });
  onTestFinished(home.close);
  await home.seed(connector(target.url, GROUPS), people(3));
  // The look-up is answered, the create is not, and so on.
  await admin.set({ is: 'lost-reply', aim: 'groups', when: { is: 'every', nth: 2 } });
  const run = await patiently(clock, home.sync());
  expect(ended(run).result).toBe('success');
  expect(await admin.groups()).toMatchObject([{ displayName: 'Teachers', members: [{}, {}, {}] }]);
  expect((await admin.state()).requests.byKind['POST /Groups']).toBe(1);
  expect((await home.events(run.id)).filter(({ type }) => type.startsWith('group_')).map(({ type }) => type)).toEqual([
    'group_create_provision',
    'group_update_provision',
  ]);
});

it.each([{ strictMembers: true }, { strictMembers: true, dropsMembers: true, membersShown: 0 }])(
  'S11 S23 who joins and who leaves goes in one request; where it is refused for one, the others are added and removed all the same (%o)',
  async (quirks) => {
    const played = await playing(quirks, MANY);
    const { server, home, connector } = played;
    await home.seed(connector, people(8).slice(0, 6), [assignment(1), assignment(2, STAFF)]);
    await home.sync();
    // The first removal is sent by itself and read back.
    await home.people(moved(1));
    await home.sync();
    server.forget();
    await home.people([...people(2, { groupings: [STAFF] }), ...people(7).slice(6)]);
    await home.sync();
    const teachers = () => server.groups().find(({ displayName }) => displayName === 'Teachers');
    const names = () =>
      teachers()
        ?.members.map((id) => server.users().find((user) => user.id === id)?.userName)
        .sort();
    expect(names()).toEqual(['p00002', 'p00003', 'p00004', 'p00005', 'p00006']);
    const { id = '', members = [] } = teachers() ?? {};
    await fetch(`${server.url}/Groups/${id}`, {
      method: 'PATCH',
      body: JSON.stringify({ Operations: [{ op: 'remove', path: `members[value eq "${members[0]}"]` }] }),
    });
    await home.people([...people(4, { groupings: [STAFF] }), ...people(8).slice(7)]);
    await home.sync();
    expect(names()).toEqual(['p00004', 'p00005', 'p00006', 'p00007']);
    server.forget();
    await home.sync();
    expect(names()).toEqual(['p00004', 'p00005', 'p00006', 'p00007']);
  },
);

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

it.each([{ noPatch: true }, { noGroupPatch: true }])(
  'S11 C20 where groups have no PATCH (%o) they are written whole from a fresh read, members of other hands included',
  async (quirks) => {
    const played = await playing(quirks, MANY);
    const { server, home } = played;
    const stranger = server.seed({ userName: 'stranger' });
    server.seedGroup('Teachers', [stranger]);
    await home.seed(played.connector, people(150), [assignment(1), assignment(2, STAFF)]);
    expect(ended(await home.sync()).result).toBe('success');
    const teachers = () => server.groups().find(({ displayName }) => displayName === 'Teachers')?.members ?? [];
    expect(teachers()).toHaveLength(151);
    expect(teachers()).toContain(stranger);
    server.forget();
    await home.people(moved(3));
    expect(ended(await home.sync()).result).toBe('success');
    expect(teachers()).toHaveLength(148);
    expect(teachers()).toContain(stranger);
    expect(server.groups().find(({ displayName }) => displayName === 'Staff')?.members).toHaveLength(3);
    expect(groupKinds(played)).not.toContain('PATCH /Groups');
    await home.put('grouping', TEACHERS, { id: TEACHERS, organizationId: 'csv:school', kind: 'role', sourceId: 'teacher', name: 'All teachers' });
    server.forget();
    await home.sync();
    // The first name that is changed on a target is read back.
    expect(groupKinds(played)).toEqual(['GET /Groups', 'PUT /Groups', 'GET /Groups']);
    expect(server.groups().map(({ displayName }) => displayName)).toContain('All teachers');
  },
);

it('S11 S23 a group that can only be written whole and does not show everybody is left alone: nobody is taken out unseen', async () => {
  const { server, home } = await filled({ membersShown: 100 }, 150);
  server.become({ membersShown: 100, noGroupPatch: true });
  await home.people(moved(1));
  const run = await home.sync();
  expect(ended(run).result).toBe('partial');
  expect(server.groups().find(({ displayName }) => displayName === 'Teachers')?.members).toHaveLength(150);
});

it.each([
  ['required', {}],
  ['checked', { noGroupPatch: true }],
] as const)('S11 C20 a group is changed under its version where versions are %s, and read again after a 412', async (etag, more) => {
  let upset = (): void => {};
  const played = await filled({ etag, ...more }, 5);
  const { server, home } = played;
  const learnt = await home.connector();
  const { dialect } = learnt;
  if (dialect === undefined) throw new Error('nothing was learnt');
  await home.put('connector', learnt.id, { ...learnt, dialect: { ...dialect, etag } });
  // Another hand changes the group between our reading and our writing, once.
  server.become({ etag, ...more, before: (method, path) => (method === 'PATCH' || method === 'PUT') && path.includes('/Groups/') && upset() });
  upset = () => {
    upset = () => {};
    for (const { id } of server.groups()) server.touchGroup(id);
  };
  await home.people(moved(2));
  server.forget();
  expect(ended(await home.sync()).result).toBe('success');
  expect(server.groups().find(({ displayName }) => displayName === 'Teachers')?.members).toHaveLength(3);
  const write = etag === 'required' ? 'PATCH /Groups' : 'PUT /Groups';
  const kinds = groupKinds(played).filter((kind) => kind === 'GET /Groups' || kind === write);
  expect(kinds.slice(0, 4)).toEqual(['GET /Groups', write, 'GET /Groups', write]);
});

it('S12 the read before a whole group is written takes a permit of its own', async () => {
  let permits = 0;
  const server = await startQuirky({ noGroupPatch: true });
  onTestFinished(server.close);
  const home = await world({
    allow: [new URL(server.url).host],
    pace: (pace) => ({
      permit: (first) => {
        permits += 1;
        return pace.permit(first);
      },
      holdUntil: (instant) => pace.holdUntil(instant),
      heldUntil: () => pace.heldUntil(),
    }),
  });
  onTestFinished(home.close);
  await home.seed(connector(server.url, GROUPS), people(4));
  await home.sync();
  expect(server.groups()[0]?.members).toHaveLength(4);
  expect(permits).toBe(server.heard().length);
});

it('S13 S11 whoever came into a group in the moment of a crash, and left since, does not stay in it', async () => {
  const played = await filled(SERVER_A, 5);
  const { server, home } = played;
  const [teachers] = (await home.all('pushedGroup')).filter(({ groupingId }) => groupingId === TEACHERS);
  const first = (await home.account('p00000'))?.targetId ?? '';
  if (teachers === undefined) throw new Error('no group was pushed');
  expect(teachers.members).toContain(first);
  expect(teachers.changing).toBeUndefined();
  // As it is left between the target's answer and its record: marked, without the one who was added.
  const members = teachers.members.filter((id) => id !== first);
  await home.put('pushedGroup', `${teachers.connectorId}/${TEACHERS}`, { ...teachers, members, changing: { from: 5, written: false, moving: [first] } });
  await home.people(moved(1));
  expect(ended(await home.sync()).result).toBe('success');
  expect(server.groups().find(({ displayName }) => displayName === 'Teachers')?.members).not.toContain(first);
  const after = (await home.all('pushedGroup')).find(({ groupingId }) => groupingId === TEACHERS);
  expect(after).toMatchObject({ members: expect.not.arrayContaining([first]) });
  expect(after?.changing).toBeUndefined();
  server.forget();
  await home.sync();
  expect(groupKinds(played)).toEqual([]);
});

it.each([
  ['between the target’s answer and its record', { from: 4, written: false }, 1],
  ['after its record, before the event', { from: 4, written: true }, 0],
] as const)('S5 S13 a change of members that a crash cut off %s is told by the next run', async (_when, changing, missing) => {
  const { server, home } = await filled(SERVER_A, 5);
  const [teachers] = (await home.all('pushedGroup')).filter(({ groupingId }) => groupingId === TEACHERS);
  if (teachers === undefined) throw new Error('no group was pushed');
  const { members } = teachers;
  const left = { ...changing, moving: members.slice(0, missing) };
  await home.put('pushedGroup', `${teachers.connectorId}/${TEACHERS}`, { ...teachers, members: members.slice(missing), changing: left });
  const before = (await home.events()).length;
  expect(ended(await home.sync()).result).toBe('success');
  expect(server.heard().filter(({ kind }) => !kind.startsWith('GET '))).toEqual([]);
  expect((await home.events()).slice(before)).toMatchObject([
    { type: 'group_update_provision', subjectId: TEACHERS, success: true, changes: [{ attribute: 'members', before: '4', after: '5' }] },
  ]);
  await home.sync();
  expect(await home.events()).toHaveLength(before + 1);
});
