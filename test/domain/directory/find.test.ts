import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fold } from '../../../src/domain/directory/fold.ts';
import { census, countPeople, peopleIn } from '../../../src/domain/directory/verbs/census.ts';
import { findPeople, findPerson, scopedOrganizations } from '../../../src/domain/directory/verbs/find.ts';
import type { Actor } from '../../../src/domain/rights/grant.ts';
import { SCHEDULE } from '../../../src/domain/rights/verbs/who.ts';
import { type DirectoryWorld, openDirectoryWorld, personLine, smallDistrict } from './directory-world.ts';

let world: DirectoryWorld;
beforeEach(async () => {
  world = await openDirectoryWorld();
  const extra = [
    'n1,north,,lucja,lucja@riverside.example,Łucja,Núñez',
    "s1,south,,lee,lee@riverside.example,Lee,O'Neil",
    's2,south,inactive,lee2,,Lee,O’Neil',
    'j1,south,,mei,,美咲,田中',
  ];
  const district = smallDistrict(3);
  await world.write({
    ...district,
    organizations: [...district.organizations, 'dep,Äpfel department,department,south,'],
    people: [...district.people, ...extra],
    memberships: [...district.memberships, 'p1,m-north', 's1,t-south', 's2,t-south', 'p1,t-south'],
  });
  await world.run();
});
afterEach(() => world.close());

/** A viewer of one organization and everything below it. */
function viewerOf(organizationId: string | null): Actor {
  return { teamId: 'T1', userId: 'U1', way: 'command', grants: [{ teamId: 'T1', userId: 'U1', role: 'viewer', organizationId }] };
}

const idsOf = async (typed: string, by: Actor = SCHEDULE) => (await findPeople(world.outside, by, typed)).people.map((person) => person.sourceId);

describe('finding people', () => {
  it.each([
    ['LUCJA nunez', ['n1']],
    ['Núñez', ['n1']],
    ["o'neil lee", ['s1', 's2']],
    ['lee@riverside', ['s1']],
    ['田中', ['j1']],
    ['nobody', []],
    ['given family', ['p1', 'p2', 'p3']],
  ])('D6 finds %s by parts of name, id or e-mail, case and accents ignored', async (typed, ids) => {
    expect(await idsOf(typed)).toEqual(ids);
  });

  it('D6 comes in pages', async () => {
    const first = await findPeople(world.outside, SCHEDULE, '', { limit: 4 });
    expect(first.people.map((person) => person.sourceId)).toEqual(['j1', 'n1', 'p1', 'p2']);
    const second = await findPeople(world.outside, SCHEDULE, '', { limit: 4, after: first.next ?? '' });
    expect(second).toMatchObject({ people: [{ sourceId: 'p3' }, { sourceId: 's1' }, { sourceId: 's2' }], next: null });
  });

  it('C3 shows only people of organizations where somebody may see, and refuses who has no role', async () => {
    expect(await idsOf('', viewerOf('hr:south'))).toEqual(['j1', 's1', 's2']);
    expect(await idsOf('', viewerOf('hr:d'))).toHaveLength(7);
    await expect(findPeople(world.outside, { ...viewerOf(null), grants: [] }, '')).rejects.toMatchObject({ reason: { is: 'no-role' } });
  });

  it('D6 finds the one person meant by id, user name or e-mail, even where words match more', async () => {
    for (const typed of ['s1', 'hr:s1', 'LEE', 'lee@riverside.example'])
      expect(await findPerson(world.outside, SCHEDULE, typed)).toMatchObject({ sourceId: 's1' });
    expect(await findPerson(world.outside, SCHEDULE, 'nunez')).toMatchObject({ sourceId: 'n1' });
  });

  it('D6 refuses a name that nobody or several have, with the choices', async () => {
    await expect(findPerson(world.outside, SCHEDULE, 'Nobody')).rejects.toMatchObject({ reason: { is: 'not-found', what: 'person', typed: 'Nobody' } });
    await expect(findPerson(world.outside, SCHEDULE, "O'Neil")).rejects.toMatchObject({
      reason: { is: 'ambiguous', choices: ["Lee O'Neil (hr:s1)", 'Lee O’Neil (hr:s2)'] },
    });
    await expect(findPerson(world.outside, SCHEDULE, ' ')).rejects.toMatchObject({ reason: { is: 'not-found' } });
  });

  it('D6 C3 finds people as the last import left them: new ones, renamed ones, and nobody who left or moved out of sight', async () => {
    const { organizations, groups, people } = smallDistrict(3);
    expect(await idsOf('given')).toEqual(['p1', 'p2', 'p3']);
    await world.write({
      organizations,
      groups,
      people: [...people.slice(1, 2), personLine('p3', { organization: 'south' }), personLine('p0', { familyName: 'Renamed' })],
      memberships: [],
    });
    await world.run();
    expect(await idsOf('given')).toEqual(['p0', 'p2', 'p3']);
    expect(await idsOf('renamed')).toEqual(['p0']);
    expect(await idsOf('given', viewerOf('hr:north'))).toEqual(['p0', 'p2']);
    await expect(findPerson(world.outside, SCHEDULE, 'p1')).rejects.toMatchObject({ reason: { is: 'not-found' } });
  });

  it('folds letters that Unicode does not split', () => {
    expect(fold('Østergård, Weiß, Đorđe, Þóra, Brâncuș')).toBe('ostergard, weiss, dorde, thora, brancus');
  });
});

describe('the organizations of a scope', () => {
  const treeOf = async (by: Actor) =>
    (await scopedOrganizations(world.outside, by)).map(({ organization, depth }) => `${'  '.repeat(depth)}${organization.name}`);

  it('C3 is the tree of what somebody may see, each organization before those below it, by name', async () => {
    expect(await treeOf(viewerOf(null))).toEqual(['Riverside District', '  North High', '  South High', '    Äpfel department']);
    expect(await treeOf(viewerOf('hr:south'))).toEqual(['South High', '  Äpfel department']);
    expect(await treeOf({ ...viewerOf(null), grants: [] })).toEqual([]);
  });
});

describe('counting people', () => {
  it('C1 counts active people of each role and group', async () => {
    const counts = await census(world.outside);
    expect(Object.fromEntries(counts)).toEqual({ 'hr:north/role/t-north': 3, 'hr:north/group/m-north': 1, 'hr:south/role/t-south': 2 });
    expect(Object.fromEntries(await census(world.outside, ['hr:south/role/t-south', 'hr:none']))).toEqual({ 'hr:south/role/t-south': 2, 'hr:none': 0 });
  });

  it('C1 counts somebody in two groups once', async () => {
    expect(await countPeople(world.outside, ['hr:north/role/t-north', 'hr:north/group/m-north', 'hr:south/role/t-south'])).toBe(4);
    const everybody: string[] = [];
    for await (const person of peopleIn(world.outside, null)) everybody.push(person.sourceId);
    expect(everybody).toEqual(['j1', 'n1', 'p1', 'p2', 'p3', 's1']);
  });
});
