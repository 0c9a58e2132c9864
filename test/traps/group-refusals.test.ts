import { expect, it } from 'vitest';
import type { PushedGroup } from '../../src/domain/sync/account.ts';
import { Refused } from '../../src/sandbox/scim/quirks/answer.ts';
import type { Quirks } from '../../src/sandbox/scim/quirks/quirks.ts';
import { CONNECTOR, ended, organization, people, STAFF, TEACHERS } from '../domain/sync/world.ts';
import type { Played } from './playing.ts';
import { filled, id, KEY, leave, named, rename, teachers, toldOf } from './teachers.ts';

/** Answers so to every request that would have one of them (`a|b`) join a group. */
function refusing(played: () => Played, bad: string, status: number): Quirks {
  return {
    before: (method) => {
      if (method === 'PATCH' && named(played(), 'add').length > 0 && JSON.stringify(played().server.heard().at(-1)?.body).search(bad) >= 0)
        throw new Refused(status, 'not this one');
    },
  };
}

it('S23 S11 trap 15: a list that is cut off at 100 is not taken for the whole group after a member was refused: nobody is added again, and a hidden leaver leaves', async () => {
  const bad = id(105);
  const played: Played = await filled(
    {
      membersShown: 100,
      ...refusing(() => played, bad, 400),
    },
    130,
  );
  const { server, home } = played;
  expect(ended(await home.sync()).result).toBe('partial');
  expect(teachers(played)).toHaveLength(129);
  await leave(played, 120);
  server.forget();
  expect(ended(await home.sync()).result).toBe('partial');
  expect(teachers(played)).toHaveLength(128);
  expect(teachers(played)).not.toContain(id(120));
  expect(new Set(named(played, 'add'))).toEqual(new Set([bad, id(120)]));
  expect((await home.all('pushedGroup')).find(({ groupingId }) => groupingId === TEACHERS)?.members).toHaveLength(128);
});

const REFUSED = ['group_update_provision', false];

it('S5 S11 where one member is refused for good, what was done to the group is told by the run that did it, and a rename is sent once', async () => {
  const played: Played = await filled(
    refusing(() => played, id(2), 400),
    5,
  );
  expect(await toldOf(played)).toEqual([
    ['group_create_provision', true, 'displayName null→Teachers'],
    ['group_update_provision', true, 'members 0→4'],
    REFUSED,
  ]);
  expect(await toldOf(played)).toEqual([REFUSED]);
  await rename(played, 'All teachers');
  expect(await toldOf(played)).toEqual([['group_update_provision', true, 'displayName Teachers→All teachers'], REFUSED]);
  await leave(played, 4);
  expect(await toldOf(played)).toEqual([['group_update_provision', true, 'members 4→3'], REFUSED]);
  expect(await toldOf(played)).toEqual([REFUSED]);
  expect(played.server.heard().flatMap(({ kind, body }) => (kind === 'PATCH /Groups' && JSON.stringify(body).includes('displayName') ? [body] : []))).toEqual(
    [],
  );
});

it.each([400, 404])('S5 S11 of a batch of 100 everybody comes in but those whom the target does not know (%i), and exactly these are named', async (status) => {
  const strangers = [id(37), id(88)];
  const played: Played = await filled(
    refusing(() => played, strangers.join('|'), status),
    100,
  );
  const run = await played.home.sync();
  const others = people(100).filter(({ sourceId }) => !strangers.includes(sourceId));
  expect(teachers(played)).toEqual(others.map(({ sourceId }) => sourceId));
  const failed = (await played.home.events(run.id)).filter(({ success }) => !success);
  expect(failed.map(({ subjectId, errorMessage }) => [subjectId, errorMessage])).toEqual([[TEACHERS, 'not this one (p00037, p00088)']]);
  // What is alike for the alerts is the provider's own words (N2).
  expect(run.causes).toMatchObject([{ message: 'not this one', count: 1 }]);
  played.server.forget();
  await played.home.sync();
  expect(new Set(named(played, 'add'))).toEqual(new Set(strangers));
});

it.each([
  ['shown', {}],
  ['shown, written whole', { noGroupPatch: true }],
  ['never shown', { membersShown: 0 }],
] as const)('S11 S24 a group that somebody deleted by hand is made anew by the next run, once, with everybody in it (members %s)', async (_how, quirks) => {
  const played = await filled(quirks, 12);
  const { server } = played;
  await toldOf(played);
  await fetch(`${server.url}/Groups/${server.groups().find(({ displayName }) => displayName === 'Teachers')?.id}`, { method: 'DELETE' });
  await leave(played, 4);
  expect(await toldOf(played)).toEqual([REFUSED]);
  expect((await toldOf(played)).slice(0, 1)).toEqual([['group_create_provision', true, 'displayName null→Teachers']]);
  expect(teachers(played)).toHaveLength(11);
  expect(server.groups()).toHaveLength(2);
  expect(await toldOf(played)).toEqual([]);
  expect(server.heard()).toEqual([]);
});

it.each([
  ['shown', {}],
  ['never shown', { membersShown: 0 }],
] as const)('S11 S23 a 404 for one member does not make a group forgotten that is there (members %s)', async (_how, quirks) => {
  const played: Played = await filled(
    {
      ...quirks,
      ...refusing(() => played, id(2), 404),
    },
    5,
  );
  played.server.seedGroup('Teachers', []);
  played.server.seedGroup('Teachers', []);
  await toldOf(played);
  expect(await toldOf(played)).toEqual([REFUSED]);
  expect(played.server.groups().filter(({ displayName }) => displayName === 'Teachers')).toHaveLength(3);
  await leave(played, 4);
  expect(await toldOf(played)).toEqual([['group_update_provision', true, 'members 4→3'], REFUSED]);
  expect(played.server.groups().map(({ members }) => members.length)).toContain(3);
});

it('S11 S23 a group that is there is not forgotten either where the 404 is for one who is brought back after a removal', async () => {
  const played: Played = await filled({ dropsMembers: true }, 5);
  const { server, home } = played;
  const { dialect: _, ...unrehearsed } = played.connector;
  await home.put('connector', CONNECTOR, unrehearsed);
  await home.sync();
  server.become({ idIsName: true, dropsMembers: true, ...refusing(() => played, id(2), 404) });
  await fetch(`${server.url}/Users/${id(2)}`, { method: 'DELETE' });
  await leave(played, 3);
  expect(await toldOf(played)).toEqual([['group_update_provision', true, 'members 5→3'], REFUSED]);
  expect(await toldOf(played)).toEqual([REFUSED]);
  expect(teachers(played)).toEqual([id(0), id(1), id(4)]);
});

it('S11 one member for whom the target answers 409 stops no other; who is in the group already is in it', async () => {
  const played: Played = await filled(
    refusing(() => played, id(2), 409),
    5,
  );
  expect((await toldOf(played)).slice(1)).toEqual([['group_update_provision', true, 'members 0→4'], REFUSED]);
  expect(teachers(played)).toEqual([id(0), id(1), id(3), id(4)]);
  const { server } = played;
  const group = server.groups().find(({ displayName }) => displayName === 'Teachers');
  server.become({ idIsName: true });
  const body = JSON.stringify({ Operations: [{ op: 'add', path: 'members', value: [{ value: id(2) }] }] });
  await fetch(`${server.url}/Groups/${group?.id}`, { method: 'PATCH', body });
  await played.home.put('pushedGroup', KEY, await unmarked(played));
  server.become({ idIsName: true, ...refusing(() => played, id(2), 409) });
  expect(await toldOf(played)).toEqual([['group_update_provision', true, 'members 4→5']]);
  expect(await toldOf(played)).toEqual([]);
});

/** Teachers as it is known; nothing says that it may hold others. */
async function unmarked({ home }: Played): Promise<PushedGroup> {
  const group = (await home.all('pushedGroup')).find(({ groupingId }) => groupingId === TEACHERS);
  if (group === undefined) throw new Error('no group was pushed');
  const { changing: _, ...known } = group;
  return known;
}

it('S11 of two groupings whose groups would have one name, none takes over what the other just got', async () => {
  const played = await filled({}, 3);
  const { server, home } = played;
  await home.put('organization', 'csv:other', organization('csv:other', 'North School', 'csv:district'));
  await home.put('grouping', STAFF, { id: STAFF, organizationId: 'csv:other', kind: 'role', sourceId: 'staff', name: 'Teachers' });
  await home.sync();
  expect(server.groups().map(({ displayName, members }) => [displayName, members.length])).toEqual([
    ['North School Teachers', 1],
    ['North School Teachers', 3],
  ]);
});

it('S5 S11 a name that the target refuses for good keeps nobody out of the group: members change under the old one', async () => {
  const played: Played = await filled(
    {
      before: (method) => {
        if (method === 'PATCH' && JSON.stringify(played.server.heard().at(-1)?.body).includes('Nobody')) throw new Refused(400, 'not this name');
      },
    },
    5,
  );
  await toldOf(played);
  await rename(played, 'Nobody');
  await leave(played, 4);
  expect(await toldOf(played)).toEqual([REFUSED, ['group_update_provision', true, 'members 5→4']]);
  expect(teachers(played)).toHaveLength(4);
  expect(await toldOf(played)).toEqual([REFUSED]);
  await rename(played, 'All teachers');
  expect(await toldOf(played)).toEqual([['group_update_provision', true, 'displayName Teachers→All teachers']]);
});

it('S5 S11 a name that is refused is told also where a member is refused in the same run', async () => {
  const played: Played = await filled({}, 2);
  await toldOf(played);
  await rename(played, 'Nobody');
  await leave(played, 1);
  played.server.become({
    before: (method) => {
      if (method !== 'PATCH') return;
      throw new Refused(400, JSON.stringify(played.server.heard().at(-1)?.body).includes('Nobody') ? 'not this name' : 'not this member');
    },
  });
  const run = await played.home.sync();
  const failures = (await played.home.events()).filter(({ runId, subjectId, success }) => runId === run.id && subjectId === TEACHERS && !success);
  expect(failures.map(({ errorMessage }) => errorMessage?.replace(/ \(.*\)/, ''))).toEqual(['not this name', 'not this member']);
});

it('S11 whoever is seen to be out of the group after a refusal is not asked for again with the others of the batch', async () => {
  const played = await filled({}, 12);
  const { server, home } = played;
  await home.sync();
  const group = server.groups().find(({ displayName }) => displayName === 'Teachers');
  const body = JSON.stringify({ Operations: [{ op: 'remove', path: `members[value eq "${id(6)}"]` }] });
  await fetch(`${server.url}/Groups/${group?.id}`, { method: 'PATCH', body });
  server.become({ idIsName: true, strictMembers: true });
  await leave(played, 1, 2, 3, 4, 5, 6);
  expect(await toldOf(played)).toEqual([['group_update_provision', true, 'members 12→6']]);
  expect(named(played, 'remove').toSorted()).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6].map(id));
  // Who joins Staff, and who leaves Teachers: six, and the two halves of five.
  expect(played.kinds()).toEqual(['PATCH /Groups', 'PATCH /Groups', 'GET /Groups', 'PATCH /Groups', 'PATCH /Groups']);
});
