import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DirectoryWorld, openDirectoryWorld, smallDistrict } from './directory-world.ts';

let world: DirectoryWorld;
beforeEach(async () => {
  world = await openDirectoryWorld();
});
afterEach(() => world.close());

const forty = smallDistrict(40);

describe('the organization tree', () => {
  const organizationOf = async (id: string) => (await world.outside.store.get('organization', id))?.value;
  /** Nineteen good organizations, so that one broken row is no more than 5 %. */
  const padding = Array.from({ length: 39 }, (_, index) => `x${index},School ${index},school,d,`);
  const write = (...organizations: readonly string[]) => world.write({ ...forty, organizations: [...forty.organizations, ...padding, ...organizations] });

  it('D1 organizations form a tree of any depth', async () => {
    await write('dep,Languages,department,north,', 'sub,French,department,dep,');
    await world.run();
    expect(await organizationOf('hr:sub')).toMatchObject({ parentId: 'hr:dep', kind: 'department' });
    expect(await organizationOf('hr:dep')).toMatchObject({ parentId: 'hr:north' });
  });

  it.each([
    ['a cycle', ['a,A,school,b,', 'b,B,school,a,'], ['it lies below itself', 'it lies below itself']],
    ['its own parent', ['a,A,school,a,'], ['it lies below itself']],
    ['a missing parent', ['a,A,school,nowhere,', 'b,B,school,a,'], ['its parent is not in the file', 'its parent "A" is broken']],
    ['a partner with something below', ['p,Vendor,partner,,', 'a,A,school,p,'], ['its parent "Vendor" is a partner, and partners have nothing below them']],
    ['the same id twice', ['a,A,school,d,', 'a,B,school,d,'], [expect.stringMatching(/^"a" stands in line \d+ too$/)]],
  ])('D1 refuses %s, by row, and takes the rest', async (_, rows, reasons) => {
    await write(...rows);
    const result = await world.run();
    expect(result.outcome).toEqual({ is: 'done' });
    expect(result.errors.map((error) => error.reason)).toEqual(reasons);
    expect(result.errors[0]).toMatchObject({ file: 'organizations.csv', line: expect.any(Number) });
    expect(await organizationOf('hr:a')).toBeUndefined();
    expect(await organizationOf('hr:north')).toBeDefined();
  });

  it('D1 D2 an organization whose new parent makes a cycle stays where it was', async () => {
    await write('a,A,school,d,', 'b,B,school,a,');
    await world.run();
    await write('a,A renamed,school,b,', 'b,B,school,a,');
    const result = await world.run();
    expect(result.errors).toHaveLength(2);
    expect(await organizationOf('hr:a')).toMatchObject({ name: 'A', parentId: 'hr:d' });
    expect(await organizationOf('hr:b')).toMatchObject({ name: 'B', parentId: 'hr:a' });
  });

  it('D1 an organization with others below it can not become a partner', async () => {
    await write('a,A,school,d,', 'b,B,school,a,');
    await world.run();
    await write('a,A,partner,d,', 'b,,school,a,');
    const result = await world.run();
    expect(result.errors.map((error) => error.reason).sort()).toEqual(["it can't be a partner: other organizations lie below it", 'name is empty']);
    expect(await organizationOf('hr:a')).toMatchObject({ kind: 'school' });
  });

  it('keeps an organization that left the source while a connector belongs to it, and says so', async () => {
    await write('a,A,school,d,');
    await world.run();
    const instance = { id: 'i', application: 'Zoom', name: 'Zoom', organizationId: 'hr:a', seats: { is: 'unlimited' } } as const;
    await world.outside.store.transaction({ puts: [{ kind: 'instance', key: 'i', value: instance }] });
    await write();
    const result = await world.run();
    expect(await organizationOf('hr:a')).toBeDefined();
    expect(result.warnings).toEqual(['A is not in the source any more, or its row is broken; it stays because connectors or assignments depend on it.']);
  });
});

describe('names of roles and groups', () => {
  const more = Array.from({ length: 39 }, (_, index) => `g${index},north,group,Group ${index}`);
  const write = (...groups: readonly string[]) => world.write({ ...forty, groups: [...forty.groups, ...more, ...groups] });
  const nameOf = async (id: string) => (await world.outside.store.get('grouping', id))?.value.name;

  it('D1 are unique within an organization, case ignored; the row that comes second is broken', async () => {
    await write('x,north,group,TEACHERS');
    const result = await world.run();
    expect(result.errors).toEqual([
      { file: 'groups.csv', line: 44, reason: 'an organization can\'t have two roles or groups of one name: "TEACHERS" is also role "t-north"', sourceId: 'x' },
    ]);
    expect(await nameOf('hr:north/group/x')).toBeUndefined();
    expect(await nameOf('hr:south/role/t-south')).toBe('Teachers');
  });

  it('D1 stay with who had them when a newcomer takes the same name earlier in the file', async () => {
    await write('z,north,group,Chess');
    await world.run();
    await world.write({ groups: ['a,north,group,chess', ...forty.groups, ...more, 'z,north,group,Chess'] });
    const result = await world.run();
    expect(result.errors).toMatchObject([{ line: 2, sourceId: 'a' }]);
    expect(await nameOf('hr:north/group/z')).toBe('Chess');
  });

  it('D1 can be swapped between two groups in one import', async () => {
    await write('a,north,group,Chess', 'b,north,group,Choir');
    await world.run();
    await write('a,north,group,Choir', 'b,north,group,Chess');
    expect((await world.run()).errors).toEqual([]);
    expect([await nameOf('hr:north/group/a'), await nameOf('hr:north/group/b')]).toEqual(['Choir', 'Chess']);
  });

  it('D1 D2 a name that a broken row still holds can not be taken by another', async () => {
    await write('a,north,group,Chess', 'b,north,group,Choir');
    await world.run();
    await write('a,north,team,Go', 'b,north,group,Chess');
    const result = await world.run();
    expect(result.errors.map((error) => error.sourceId)).toEqual(['a', 'b']);
    expect([await nameOf('hr:north/group/a'), await nameOf('hr:north/group/b')]).toEqual(['Chess', 'Choir']);
  });

  it('D2 members of a group whose row is broken stay its members', async () => {
    await write();
    await world.write({ memberships: [...forty.memberships, 'p1,m-north'] });
    await world.run();
    await world.write({
      groups: ['t-north,north,role,Teachers', 'm-north,north,group,', 't-south,south,role,Teachers', ...more],
      memberships: [...forty.memberships, 'p2,m-north'],
    });
    const result = await world.run();
    expect(result.errors).toMatchObject([{ file: 'groups.csv', line: 3, sourceId: 'm-north' }]);
    expect((await world.person('hr:p1'))?.groupings).toEqual(['hr:north/group/m-north', 'hr:north/role/t-north']);
    expect((await world.person('hr:p2'))?.groupings).toEqual(['hr:north/role/t-north']);
    expect(await nameOf('hr:north/group/m-north')).toBe('Mathematics');
  });

  it('keeps a role that left the source while it is assigned, without its people, and says so', async () => {
    await world.write(forty);
    await world.run();
    const assignment = {
      id: 'c/1',
      connectorId: 'c',
      organizationId: 'hr:south',
      groupingId: 'hr:south/role/t-south',
      by: 'U1',
      why: null,
      requestedAt: 0,
      effectiveAt: 0,
      ended: null,
    };
    await world.outside.store.transaction({ puts: [{ kind: 'assignment', key: 'c/1', value: assignment }] });
    await world.write({ groups: forty.groups.slice(0, 2) });
    const result = await world.run();
    expect(await nameOf('hr:south/role/t-south')).toBe('Teachers');
    expect(result.warnings).toEqual(['Teachers is not in the source any more; it stays, without people, because a connector is assigned to it.']);
  });
});
