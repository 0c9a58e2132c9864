import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { csvSource } from '../../../src/directory-sources/csv/source.ts';
import type { DirectoryImport } from '../../../src/domain/directory/import.ts';
import type { DirectorySource } from '../../../src/ports/directory-source.ts';
import { type DirectoryWorld, openDirectoryWorld, personLine, smallDistrict } from './directory-world.ts';

let world: DirectoryWorld;
beforeEach(async () => {
  world = await openDirectoryWorld();
});
afterEach(() => world.close());

const forty = smallDistrict(40);
/** The forty, with some lines of people.csv replaced (null: left out). */
function people(changes: Readonly<Record<string, string | null>>): readonly string[] {
  return forty.people.flatMap((line) => {
    const change = changes[line.split(',')[0] ?? ''];
    return change === undefined ? [line] : change === null ? [] : [change];
  });
}

/** Everything that the directory holds, for "nothing was changed". */
async function everything() {
  const all: unknown[] = [];
  for (const kind of ['organization', 'grouping', 'person'] as const) for await (const page of world.outside.store.scan(kind)) all.push(...page);
  return all;
}

function reasonOf(result: DirectoryImport): string {
  return result.outcome.is === 'rejected' ? result.outcome.reason : result.outcome.is;
}

describe('an import', () => {
  it('D2 writes organizations, roles, groups and people, and afterwards only what differs', async () => {
    await world.write(forty);
    expect(await world.run()).toMatchObject({
      outcome: { is: 'done' },
      organizations: { added: 3 },
      groupings: { added: 3 },
      people: { added: 40 },
      errorCount: 0,
    });
    const before = await everything();
    expect(await world.run()).toMatchObject({
      organizations: { unchanged: 3 },
      groupings: { unchanged: 3 },
      people: { added: 0, changed: 0, removed: 0, unchanged: 40 },
    });
    expect(await everything()).toEqual(before);
    await world.write({ people: people({ p3: personLine('p3', { familyName: 'Renamed' }), p4: null }).concat(personLine('p41')) });
    await world.write({ memberships: forty.memberships.filter((line) => !line.startsWith('p4,')) });
    expect(await world.run()).toMatchObject({ people: { added: 1, changed: 1, removed: 1, unchanged: 38 } });
    expect((await world.person('hr:p3'))?.attributes.familyName).toBe('Renamed');
    expect(await world.person('hr:p4')).toBeUndefined();
  });

  it('D2 rejects the whole of it when a file is at fault, and the directory stays as it was', async () => {
    await world.write(forty);
    await world.run();
    const before = await everything();
    await world.write({ organizations: ['d,Renamed,district,,', 'new,New,school,d,'] });
    await writeFile(join(world.folder, 'people.csv'), 'id,organization,userName\np1,north,"cut');
    const result = await world.run();
    expect(reasonOf(result)).toBe('people.csv is cut off, or a quote in it is never closed. Export it again, and copy it whole.');
    expect(await everything()).toEqual(before);
    expect((await world.outside.store.get('import', 'hr'))?.value).toEqual(result);
  });

  it('D2 a broken row is skipped and listed with file, line and reason, and its person stays exactly as before', async () => {
    await world.write(forty);
    await world.run();
    const before = await world.person('hr:p7');
    await world.write({ people: people({ p7: 'p7,nowhere,inactive,renamed,,,' }) });
    const result = await world.run();
    expect(result).toMatchObject({ outcome: { is: 'done' }, errorCount: 1, people: { changed: 0, removed: 0, unchanged: 40 } });
    expect(result.errors).toEqual([{ file: 'people.csv', line: 8, reason: 'the organization is not in the source, or its row is broken', sourceId: 'p7' }]);
    expect(await world.person('hr:p7')).toEqual(before);
  });

  it.each([
    ['with the wrong number of cells', people({ p7: 'p7,north' }), forty.memberships],
    ['that stands twice', people({}).concat(personLine('p7', { familyName: 'Other' })), forty.memberships],
    ['whose membership names an unknown group', people({}), [...forty.memberships, 'p7,nothing']],
    ['that is missing while a membership still names it', people({ p7: null }), forty.memberships],
  ])('D2 nobody leaves or changes by a row %s', async (_, peopleLines, memberships) => {
    await world.write(forty);
    await world.run();
    const before = await world.person('hr:p7');
    await world.write({ people: peopleLines, memberships });
    const result = await world.run();
    expect(result).toMatchObject({ outcome: { is: 'done' }, errorCount: 1, people: { added: 0, changed: 0, removed: 0 } });
    expect(await world.person('hr:p7')).toEqual(before);
  });

  it("D2 nobody leaves, and nobody loses a role or group, while a broken row could be anybody's", async () => {
    await world.write(forty);
    await world.run();
    await world.write({ people: people({ p7: personLine(''), p8: null }), memberships: forty.memberships.filter((line) => !/^p[789],/.test(line)) });
    const first = await world.run();
    expect(first).toMatchObject({ outcome: { is: 'done' }, people: { removed: 0 } });
    expect(first.warnings).toEqual(['2 people are not in the source but stay: a broken row without a readable key could be theirs.']);
    expect(await world.person('hr:p7')).toBeDefined();
    await world.write({ people: forty.people, memberships: forty.memberships.map((line) => line.replace('p9,', ',')) });
    await world.run();
    expect((await world.person('hr:p9'))?.groupings).toEqual(['hr:north/role/t-north']);
  });

  it('D2 somebody new whose row is broken is not added', async () => {
    await world.write({ ...forty, people: forty.people.concat(personLine('p41', { organization: 'nowhere' })) });
    expect(await world.run()).toMatchObject({ people: { added: 40 }, errorCount: 1 });
    expect(await world.person('hr:p41')).toBeUndefined();
  });

  it('D2 5 % of broken rows are skipped, more than 5 % reject the file', async () => {
    await world.write(forty);
    await world.run();
    await world.write({ people: people({ p1: 'p1,x', p2: 'p2,x' }) });
    expect(await world.run()).toMatchObject({ outcome: { is: 'done' }, errorCount: 2 });
    const before = await everything();
    await world.write({ people: people({ p1: 'p1,x', p2: 'p2,x', p3: 'p3,x', p4: personLine('p4', { familyName: 'Renamed' }) }) });
    const result = await world.run();
    expect(reasonOf(result)).toBe(
      '3 rows of 40 in people.csv are broken, more than 5 %. Line 2, for example: 2 cells where the header has 7. Mend the export and import again.',
    );
    expect(result.errors).toHaveLength(3);
    expect(await everything()).toEqual(before);
  });

  it('D2 lists 200 broken rows and counts the rest', async () => {
    const many = smallDistrict(6_000);
    await world.write({ ...many, people: many.people.map((line, index) => (index % 20 === 0 ? `${line.split(',')[0]},x` : line)) });
    const result = await world.run();
    expect(result).toMatchObject({ outcome: { is: 'done' }, errorCount: 300 });
    expect(result.errors).toHaveLength(200);
  });

  it('lets only people of its own source leave', async () => {
    await world.write(forty);
    await world.run();
    await world.run(csvSource({ name: 'hr2', folder: world.folder }));
    await world.write(smallDistrict(38));
    expect(await world.run()).toMatchObject({ people: { removed: 2, unchanged: 38 } });
    expect(await world.outside.store.count('person', 'hr2:')).toBe(40);
  });

  it('is refused to somebody without the right to run, and nothing is read', async () => {
    const unread: DirectorySource = { name: 'hr', description: 'x', read: () => expect.unreachable('read') };
    const viewer = { teamId: 'T1', userId: 'U1', way: 'command', grants: [{ teamId: 'T1', userId: 'U1', role: 'viewer', organizationId: null }] } as const;
    await expect(world.run(unread, viewer)).rejects.toMatchObject({ reason: { is: 'not-allowed', action: 'import the directory' } });
    await expect(world.run(unread, { ...viewer, grants: [] })).rejects.toMatchObject({ reason: { is: 'no-role' } });
  });

  it('refuses the slower of two imports of one source that run at once', async () => {
    await world.write(forty);
    const outcomes = await Promise.allSettled([world.run(), world.run()]);
    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find((outcome) => outcome.status === 'rejected')).toMatchObject({ reason: { reason: { is: 'changed-meanwhile' } } });
    expect(await world.outside.store.count('person')).toBe(40);
  });

  it('is audited, whatever came of it', async () => {
    await world.write(forty);
    await world.run();
    await writeFile(join(world.folder, 'people.csv'), '');
    await world.run();
    const rows: unknown[] = [];
    for await (const page of world.outside.store.rows('audit', { partition: '-', order: 'oldest' })) rows.push(...page.map(({ row }) => row));
    expect(rows).toMatchObject([
      { action: 'directory.import', by: 'schedule', way: 'job', subject: 'hr', summary: 'Imported hr: 40 people added, 0 changed, 0 removed, 0 unchanged.' },
      {
        action: 'directory.import',
        summary: 'Rejected the import of hr. people.csv is empty: it has not even a header. Export it again. Nothing was changed.',
      },
    ]);
  });
});

describe('an import that would remove many', () => {
  const hundredFifty = smallDistrict(150);

  it.each<[number, number, 'done' | 'held', string]>([
    [10, 40, 'done', 'more than 10 % but not more than 10 people'],
    [11, 40, 'held', 'more than 10 % and more than 10 people'],
    [15, 150, 'done', 'more than 10 people but not more than 10 %'],
    [16, 150, 'held', 'more than 10 % of many'],
  ])('D3 removing %i of %i is %s: %s', async (leaving, of, outcome) => {
    const all = of === 40 ? forty : hundredFifty;
    await world.write(all);
    await world.run();
    const before = await everything();
    await world.write({ people: all.people.slice(leaving), memberships: all.memberships.slice(leaving) });
    const result = await world.run();
    expect(result.outcome).toMatchObject(outcome === 'held' ? { is: 'held', wouldRemove: leaving, of } : { is: 'done' });
    if (outcome === 'held') expect(await everything()).toEqual(before);
    else expect(await world.outside.store.count('person')).toBe(of - leaving);
  });

  it('D3 counts people who would be switched off or lose every role and group as removed', async () => {
    await world.write(forty);
    await world.run();
    const before = await everything();
    await world.write({ memberships: [] });
    expect((await world.run()).outcome).toMatchObject({ is: 'held', wouldRemove: 40, of: 40 });
    await world.write({ memberships: forty.memberships, people: forty.people.map((line) => line.replace('north,,', 'north,inactive,')) });
    expect((await world.run()).outcome).toMatchObject({ is: 'held', wouldRemove: 40, of: 40 });
    expect(await everything()).toEqual(before);
  });

  it('D3 an empty export never empties the directory, however small that is', async () => {
    const three = smallDistrict(3);
    await world.write(three);
    await world.run();
    const before = await everything();
    await world.write({ ...three, people: [], memberships: [] });
    expect(reasonOf(await world.run())).toBe('It lists nobody, while the directory has 3 people from it. An empty export is never believed: export it again.');
    await world.write({ organizations: [], groups: [], people: [], memberships: [] });
    expect(reasonOf(await world.run())).toContain('It lists nobody');
    expect(await everything()).toEqual(before);
  });

  it('D3 what was held is done when the source is whole again', async () => {
    await world.write(forty);
    await world.run();
    await world.write({ people: forty.people.slice(20), memberships: forty.memberships.slice(20) });
    await world.run();
    await world.write(forty);
    expect(await world.run()).toMatchObject({ outcome: { is: 'done' }, people: { unchanged: 40 } });
  });
});

describe('people who match each other', () => {
  it('D4 are reported and never stop the rest', async () => {
    await world.write({
      ...forty,
      people: people({ p2: personLine('p2', { userName: 'P1', email: 'P1@riverside.example' }), p3: personLine('p3', { userName: '' }) }),
    });
    const result = await world.run();
    expect(result).toMatchObject({ outcome: { is: 'done' }, people: { added: 40 }, errorCount: 0 });
    expect(result.warnings).toEqual([
      '1 person has no user name.',
      '2 people have the user name p1: Given p1 Family p1 (hr:p1), Given p2 Family p2 (hr:p2).',
      '2 people have the e-mail address p1@riverside.example: Given p1 Family p1 (hr:p1), Given p2 Family p2 (hr:p2).',
    ]);
  });
});
