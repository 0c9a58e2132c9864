import { expect, it } from 'vitest';
import { z } from 'zod';
import { Refused } from '../../src/sandbox/scim/quirks/answer.ts';
import { assignment, ended, people, STAFF, TEACHERS } from '../domain/sync/world.ts';
import type { Played } from './playing.ts';
import { filled, leave, rename, teachers, toldOf } from './teachers.ts';

const ALUMNI = 'csv:school/role/alumni';
const NAME = z.union([z.object({ displayName: z.string() }), z.object({ Operations: z.array(z.object({ path: z.string(), value: z.unknown().optional() })) })]);

/** The name that a request's body gives to a group. */
function nameIn(body: unknown): unknown {
  const parsed = NAME.safeParse(body).data;
  if (parsed === undefined) return undefined;
  return 'displayName' in parsed ? parsed.displayName : parsed.Operations.find(({ path }) => path === 'displayName')?.value;
}

/** Names that were sent since the last `forget`. */
function sent({ server }: Played): readonly unknown[] {
  return server.heard().flatMap(({ body }) => nameIn(body) ?? []);
}

/** Teachers and Staff, in sync, before a target where no two groups have one name. */
async function unique(): Promise<Played> {
  const played: Played = await filled(
    {
      before: (method, path) => {
        const { groups, heard } = played.server;
        const name = nameIn(heard().at(-1)?.body);
        const isTaken = groups().some((group) => group.displayName === name && !path.endsWith(`/${group.id}`));
        if (path.includes('/Groups') && method !== 'GET' && isTaken) throw new Refused(409, 'displayName is taken', 'uniqueness');
      },
    },
    2,
  );
  await played.home.sync();
  return played;
}

async function name({ home }: Played, id: string, next: string): Promise<void> {
  await home.put('grouping', id, { id, organizationId: 'csv:school', kind: 'role', sourceId: id.slice(-5), name: next });
}

function names({ server }: Played): readonly string[] {
  return server
    .groups()
    .map(({ displayName, members }) => `${displayName} ${members.length}`)
    .toSorted();
}

it('S23 S5 S11 a group that keeps its name though it was answered that it has the new one is told of once, is kept in the books as it is, and is not asked again', async () => {
  const played = await filled({ keepsGroupNames: true }, 3);
  await toldOf(played);
  await rename(played, 'All teachers');
  await leave(played, 2);
  expect(await toldOf(played)).toEqual([
    ['group_update_provision', false],
    ['group_update_provision', true, 'members 3→2'],
  ]);
  const [failure] = (await played.home.events()).filter(({ success }) => !success);
  expect(failure).toMatchObject({ errorCode: 'no-effect', errorMessage: 'It answered that all was well, but the group is named Teachers still.' });
  for (const _ of [1, 2]) {
    expect(await toldOf(played)).toEqual([]);
    expect(played.server.heard()).toEqual([]);
  }
  // Another name is another try; and so is this one after it.
  played.server.become({ idIsName: true });
  await rename(played, 'Our teachers');
  expect(await toldOf(played)).toEqual([['group_update_provision', true, 'displayName Teachers→Our teachers']]);
  await rename(played, 'All teachers');
  expect(await toldOf(played)).toEqual([['group_update_provision', true, 'displayName Our teachers→All teachers']]);
  // What was once seen to be kept is not read back.
  expect(played.kinds()).toEqual(['PATCH /Groups']);
  expect(teachers(played)).toEqual([]);
  expect(names(played)).toContain('All teachers 2');
});

it('S23 S11 a name that was not kept is tried again when it is wanted again after the one that the group has', async () => {
  const played = await filled({ keepsGroupNames: true }, 2);
  await toldOf(played);
  for (const next of ['All teachers', 'Teachers', 'All teachers']) {
    await rename(played, next);
    const told = await toldOf(played);
    expect([next, told, sent(played)]).toEqual(next === 'Teachers' ? [next, [], []] : [next, [['group_update_provision', false]], [next]]);
  }
});

it('S11 S22 names that are handed on from group to group take one run, also where the target lets no two groups have one name', async () => {
  const played = await unique();
  const { home, server } = played;
  // Staff gets the name of Teachers, which gets that of Alumni, which is assigned no more; and who is new gets that of Staff.
  await name(played, ALUMNI, 'Alumni');
  await home.put('assignment', assignment(3, ALUMNI).id, assignment(3, ALUMNI));
  await home.people(people(4, { groupings: [STAFF, ALUMNI] }).slice(2));
  await home.sync();
  expect(names(played)).toEqual(['Alumni 2', 'Staff 3', 'Teachers 2']);
  await name(played, STAFF, 'Teachers');
  await name(played, TEACHERS, 'Alumni');
  await home.put('assignment', assignment(3, ALUMNI).id, null);
  const fresh = 'csv:school/role/0-new';
  await name(played, fresh, 'Staff');
  await home.put('assignment', assignment(4, fresh).id, assignment(4, fresh));
  await home.people(people(4, { groupings: [STAFF, fresh] }).slice(3));
  expect(ended(await home.sync()).result).toBe('success');
  expect(names(played)).toEqual(['Alumni 2', 'Staff 1', 'Teachers 3']);
  server.forget();
  await home.sync();
  expect(server.heard()).toEqual([]);
});

it('S11 S5 two groups that swap names are told of once, each with what to do, where the target lets no two have one name; by way of a third name they swap', async () => {
  const played = await unique();
  const { home, server } = played;
  await name(played, STAFF, 'Teachers');
  await rename(played, 'Staff');
  const run = await home.sync();
  const told = (await home.events(run.id)).map(({ subjectId, errorCode, errorMessage }) => [subjectId, errorCode, errorMessage]);
  const words = (before: string, after: string): string =>
    `${before} is to be ${after}, which another group has that is to get a new name too, and names can't be passed on in a circle: give one of them another name, sync, and then the right one.`;
  expect(told).toEqual([
    [TEACHERS, 'names-in-a-circle', words('Teachers', 'Staff')],
    [STAFF, 'names-in-a-circle', words('Staff', 'Teachers')],
  ]);
  server.forget();
  expect(ended(await home.sync()).result).toBe('success');
  expect(server.heard()).toEqual([]);
  await name(played, STAFF, 'Everybody');
  await home.sync();
  await name(played, STAFF, 'Teachers');
  await home.sync();
  expect(names(played)).toEqual(['Staff 2', 'Teachers 1']);
});

it('S11 two groups swap names at once where the target lets two have one name', async () => {
  const played = await filled({}, 2);
  await played.home.sync();
  await name(played, STAFF, 'Teachers');
  await rename(played, 'Staff');
  expect(ended(await played.home.sync()).result).toBe('success');
  expect(names(played)).toEqual(['Staff 2', 'Teachers 1']);
});

it('S11 the group of a grouping that got another id goes as soon as it may, though the new one has its name by then', async () => {
  let isHeld = true;
  const played = await filled(
    {
      before: (method) => {
        if (method === 'DELETE' && isHeld) throw new Refused(403, 'not now');
      },
    },
    2,
  );
  const { home } = played;
  await home.sync();
  const fresh = 'csv:school/role/z-teacher';
  await name(played, fresh, 'Teachers');
  await home.put('assignment', assignment(1).id, null);
  await home.put('assignment', assignment(3, fresh).id, assignment(3, fresh));
  await home.people(people(2, { groupings: [STAFF, fresh] }));
  await home.sync();
  expect(names(played)).toEqual(['Staff 2', 'Teachers 2', 'Teachers 2']);
  isHeld = false;
  expect(await toldOf(played)).toEqual([['group_delete_provision', true, 'displayName Teachers→null']]);
  expect(names(played)).toEqual(['Staff 2', 'Teachers 2']);
});

it.each([403, 404, 405])('S23 S11 a new name that was answered well is told and trusted where the group can not be read (%i)', async (status) => {
  const played = await filled({}, 2);
  await toldOf(played);
  const before = (method: string, path: string): void => {
    if (method === 'GET' && path.includes('/Groups/')) throw new Refused(status, 'not to be read');
  };
  played.server.become({ idIsName: true, before });
  await rename(played, 'All teachers');
  expect(await toldOf(played)).toEqual([['group_update_provision', true, 'displayName Teachers→All teachers']]);
  expect(await toldOf(played)).toEqual([]);
});

it('S23 S11 a new name that the target showed too late is seen, told and taken back when the old one is wanted again', async () => {
  const played = await filled({ keepsGroupNames: true }, 2);
  const { server } = played;
  await toldOf(played);
  await rename(played, 'All teachers');
  expect(await toldOf(played)).toEqual([['group_update_provision', false]]);
  server.become({ idIsName: true });
  const late = server.groups().find(({ displayName }) => displayName === 'Teachers');
  const body = JSON.stringify({ Operations: [{ op: 'replace', path: 'displayName', value: 'All teachers' }] });
  await fetch(`${server.url}/Groups/${late?.id}`, { method: 'PATCH', body });
  await rename(played, 'Teachers');
  expect(await toldOf(played)).toEqual([
    ['group_update_provision', true, 'displayName Teachers→All teachers'],
    ['group_update_provision', true, 'displayName All teachers→Teachers'],
  ]);
  expect(names(played)).toEqual(['Staff 1', 'Teachers 2']);
});
