import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DirectoryRecord } from '../../../src/domain/directory/import.ts';
import type { Person } from '../../../src/domain/directory/person.ts';
import type { DirectorySource } from '../../../src/ports/directory-source.ts';
import { type DirectoryWorld, openDirectoryWorld } from './directory-world.ts';

const organizationKey = fc.constantFrom('o1', 'o2', 'o3');
const groupKey = fc.constantFrom('g1', 'g2', 'g3');
const personKey = fc.integer({ min: 1, max: 12 }).map((number) => `p${number}`);
/** Mostly none: a readable key now and then, an unreadable one seldom. */
const broken = (key: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant<(string | null)[]>([]) }, { weight: 1, arbitrary: fc.array(fc.option(key, { freq: 8 }), { maxLength: 2 }) });

const organization = fc.record({ key: organizationKey, parent: fc.option(organizationKey), partner: fc.boolean() });
const group = fc.record({ key: groupKey, organization: organizationKey, name: fc.constantFrom('Art', 'art', 'Chess') });
const person = fc.record({
  key: personKey,
  organization: organizationKey,
  group: fc.option(fc.tuple(organizationKey, groupKey)),
  name: fc.constantFrom('Ana', 'Sam'),
  active: fc.boolean(),
});
const usualOrganizations = [
  { key: 'o1', parent: null, partner: false },
  { key: 'o2', parent: 'o1', partner: false },
  { key: 'o3', parent: 'o1', partner: false },
];
const usualGroups = ['o1', 'o2', 'o3'].flatMap((at) => ['g1', 'g2', 'g3'].map((key) => ({ key, organization: at, name: key })));

/** One export: rows of three files, some of them wrong or missing. */
const roster = fc.record({
  organizations: fc.oneof({ weight: 3, arbitrary: fc.constant(usualOrganizations) }, { weight: 1, arbitrary: fc.array(organization, { maxLength: 4 }) }),
  groups: fc.oneof({ weight: 3, arbitrary: fc.constant(usualGroups) }, { weight: 1, arbitrary: fc.array(group, { maxLength: 4 }) }),
  people: fc.oneof(
    { weight: 3, arbitrary: fc.uniqueArray(person, { selector: ({ key }) => key, maxLength: 12 }) },
    { weight: 1, arbitrary: fc.array(person, { maxLength: 14 }) },
  ),
  brokenOrganizations: broken(organizationKey),
  brokenGroups: broken(groupKey),
  brokenPeople: broken(personKey),
});
type Roster = typeof roster extends fc.Arbitrary<infer T> ? T : never;

/** The export as a source. The files claim many rows, so that broken ones never reach 5 %. */
function sourceOf(name: string, { organizations, groups, people, ...bad }: Roster): DirectorySource {
  const records: DirectoryRecord[] = [];
  const faulty = (about: 'organization' | 'grouping' | 'person', keys: readonly (string | null)[]) => {
    for (const sourceId of keys) records.push({ is: 'broken', about, error: { file: `${about}.csv`, line: 1, reason: 'broken', sourceId } });
  };
  faulty('organization', bad.brokenOrganizations);
  for (const [index, { key, parent, partner }] of organizations.entries()) {
    const organization = {
      id: `${name}:${key}`,
      source: name,
      sourceId: key,
      name: key,
      kind: partner ? 'partner' : 'school',
      parentId: parent === null ? null : `${name}:${parent}`,
      timeZone: null,
    };
    records.push({ is: 'organization', organization, at: { file: 'organization.csv', line: index + 2 } });
  }
  faulty('grouping', bad.brokenGroups);
  for (const [index, { key, organization, name: title }] of groups.entries()) {
    const grouping = {
      id: `${name}:${organization}/group/${key}`,
      organizationId: `${name}:${organization}`,
      kind: 'group',
      sourceId: key,
      name: title,
    } as const;
    records.push({ is: 'grouping', grouping, at: { file: 'grouping.csv', line: index + 2 } });
  }
  faulty('person', bad.brokenPeople);
  for (const [index, { key, organization: home, group: joined, name: givenName, active }] of people.entries()) {
    const groupings = joined === null ? [] : [`${name}:${joined[0]}/group/${joined[1]}`];
    const record: Person = {
      id: `${name}:${key}`,
      source: name,
      sourceId: key,
      organizationId: `${name}:${home}`,
      groupings,
      attributes: { givenName },
      status: active ? 'active' : 'inactive',
    };
    records.push({ is: 'person', person: record, at: { file: 'person.csv', line: index + 2 } });
  }
  for (const about of ['organization', 'grouping', 'person']) records.push({ is: 'file', file: `${about}.csv`, rows: 1_000 });
  return {
    name,
    description: 'made up',
    async *read() {
      yield* records;
    },
  };
}

async function peopleOf(world: DirectoryWorld, name: string): Promise<ReadonlyMap<string, Person>> {
  const found = new Map<string, Person>();
  for await (const page of world.outside.store.scan('person', { prefix: `${name}:` })) for (const { key, value } of page) found.set(key, value);
  return found;
}

it('D1 D2 whatever a source says, import after import: everybody belongs somewhere, the tree holds, and who is in a broken row stays as before', async () => {
  const world = await openDirectoryWorld();
  let number = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(roster, { minLength: 2, maxLength: 4 }), async (rosters) => {
      number += 1;
      const name = `s${number}`;
      for (const one of rosters) {
        const before = await peopleOf(world, name);
        const result = await world.run(sourceOf(name, one));
        const after = await peopleOf(world, name);
        if (result.outcome.is !== 'done') expect(after).toEqual(before);
        const organizations = new Set((await world.keys('organization')).filter((id) => id.startsWith(`${name}:`)));
        for (const person of after.values()) expect(organizations).toContain(person.organizationId);
        for (const error of result.errors)
          if (error.file === 'person.csv' && error.sourceId !== null)
            expect(after.get(`${name}:${error.sourceId}`)).toEqual(before.get(`${name}:${error.sourceId}`));
        if (one.brokenPeople.includes(null)) for (const id of before.keys()) expect(after.has(id)).toBe(true);
        const again = await world.run(sourceOf(name, one));
        if (result.outcome.is === 'done') expect(again.people).toMatchObject({ added: 0, changed: 0, removed: 0 });
      }
    }),
    { numRuns: 60 },
  );
  await world.close();
});
