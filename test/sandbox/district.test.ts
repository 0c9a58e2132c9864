import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oneRosterSource } from '../../src/directory-sources/oneroster/source.ts';
import type { DirectoryRecord } from '../../src/domain/directory/import.ts';
import { writeDistrict } from '../../src/sandbox/district/write.ts';
import { only, recordsOf } from '../contracts/directory-source.ts';

describe('the sample district', () => {
  let folder: string;
  let records: readonly DirectoryRecord[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'usher-district-'));
    await writeDistrict(join(folder, 'a'), { seed: 7 });
    records = await recordsOf(oneRosterSource({ name: 'sis', folder: join(folder, 'a') }));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('has one district, twelve schools, about 6,000 people and 600 teachers', () => {
    const organizations = only(records, 'organization').map((record) => record.organization);
    expect(organizations.filter((organization) => organization.kind === 'district').map((organization) => organization.name)).toEqual(['Riverside District']);
    expect(organizations.filter((organization) => organization.kind === 'school')).toHaveLength(12);
    const people = only(records, 'person').map((record) => record.person);
    expect(people.length).toBeGreaterThan(5_950);
    expect(people.filter((person) => person.groupings.includes('sis:DIST-001/role/teacher'))).toHaveLength(600);
  });

  it('has names with accents, apostrophes and other scripts, and user names that are not shared by chance', () => {
    const people = [...new Map(only(records, 'person').map(({ person }) => [person.id, person])).values()];
    const names = people.map((person) => `${person.attributes.givenName} ${person.attributes.familyName}`).join('\n');
    for (const script of ['Latin', 'Cyrillic', 'Han', 'Hangul', 'Arabic', 'Hebrew', 'Devanagari', 'Greek'])
      expect(names).toMatch(new RegExp(`\\p{Script=${script}}{2}`, 'u'));
    expect(names).toMatch(/\p{L}'\p{L}/u);
    expect(names).toMatch(/[áéíóúñöøł]/);
    expect(people.length - new Set(people.map((person) => person.attributes.userName)).size).toBe(1);
    expect(people.every((person) => /^[a-z]+\d*$/.test(person.attributes.userName ?? ''))).toBe(true);
  });

  it('D2 has a few broken rows, each with its own reason, far under 5 %', () => {
    const broken = only(records, 'broken');
    expect(broken.map((record) => record.error.file).sort()).toEqual(['enrollments.csv', 'roles.csv', 'users.csv', 'users.csv', 'users.csv']);
    expect(new Set(broken.map((record) => record.error.reason)).size).toBe(broken.length);
  });

  it('is the same for the same seed, and another for another', async () => {
    await writeDistrict(join(folder, 'b'), { seed: 7 });
    await writeDistrict(join(folder, 'c'), { seed: 8 });
    const read = async (name: string) =>
      Promise.all((await readdir(join(folder, name))).sort().map(async (file) => `${file}\n${await readFile(join(folder, name, file), 'utf8')}`));
    expect(await read('b')).toEqual(await read('a'));
    expect(await read('c')).not.toEqual(await read('a'));
  });

  it('can be written whole, without classes, and larger', async () => {
    const written = await writeDistrict(join(folder, 'd'), { seed: 1, people: 9_000, classes: false, broken: false });
    const found = await recordsOf(oneRosterSource({ name: 'sis', folder: join(folder, 'd') }));
    expect(written).toEqual({ people: 9_000, teachers: 900, schools: 18, broken: [] });
    expect(only(found, 'person')).toHaveLength(9_000);
    expect(only(found, 'broken')).toEqual([]);
    expect(only(found, 'grouping').some((record) => record.grouping.kind === 'group')).toBe(false);
  });
});
