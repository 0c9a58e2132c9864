import type { DirectorySource } from '../../../ports/directory-source.ts';
import type { Outside } from '../../../ports/outside.ts';
import type { GroupingId } from '../grouping.ts';
import type { RowError, RowPlace } from '../import.ts';
import type { Person, PersonId } from '../person.ts';
import { type GroupingRow, type SettledGroupings, settleGroupings } from './settle-groupings.ts';
import { type OrganizationRow, type SettledOrganizations, settleOrganizations } from './settle-organizations.ts';
import type { StoredDirectory } from './stored.ts';

/** Errors that are listed; the rest are counted. */
const LISTED_ERRORS = 200;

/** The rows that could not be used. */
interface BrokenRows {
  /** The first 200. */
  readonly listed: RowError[];
  count: number;
  /** Lines by file: a row that is broken twice counts once. */
  readonly lines: Map<string, Set<number>>;
}

/** Everything a source said, compared with what is stored; nothing is written yet. */
export interface SourceReading {
  readonly organizations: SettledOrganizations;
  readonly groupings: SettledGroupings;
  /** Everybody the source lists, with the line; the others of the source leave. */
  readonly listed: ReadonlyMap<PersonId, number>;
  /** Those of them who are new or differ from what is stored. */
  readonly changed: ReadonlyMap<PersonId, { readonly person: Person; readonly stored: Person | null }>;
  /** These stay exactly as before (D2). */
  readonly frozen: ReadonlySet<PersonId>;
  /** A broken row could be about anybody: nobody leaves, and nobody loses a role or group. */
  readonly anybody: boolean;
  readonly broken: BrokenRows;
  /** Data rows by file. */
  readonly rows: ReadonlyMap<string, number>;
  /** User names and e-mail addresses that more than one person has, lower case, and who (D4). */
  readonly same: { readonly userNames: ReadonlyMap<string, readonly PersonId[]>; readonly emails: ReadonlyMap<string, readonly PersonId[]> };
  readonly withoutUserName: number;
}

type Kind = 'organization' | 'grouping' | 'person';

/** Reads a source to its end. Throws the source's `SourceFault`. */
export async function readSource(outside: Pick<Outside, 'store' | 'breath'>, source: DirectorySource, stored: StoredDirectory): Promise<SourceReading> {
  const brokenKeys: Record<Kind, Set<string>> = { organization: new Set(), grouping: new Set(), person: new Set() };
  const unreadable: Record<Kind, boolean> = { organization: false, grouping: false, person: false };
  const broken: BrokenRows = { listed: [], count: 0, lines: new Map() };
  const rows = new Map<string, number>();
  const organizationRows: OrganizationRow[] = [];
  const groupingRows: GroupingRow[] = [];
  let organizations: SettledOrganizations | undefined;
  let people: PeopleReader | undefined;

  const settleTree = (): SettledOrganizations => {
    organizations ??= noting(
      broken,
      settleOrganizations(stored.organizations, organizationRows, brokenKeys.organization, unreadable.organization, stored.pinned),
    );
    return organizations;
  };
  const settle = (): PeopleReader => {
    const before = { stored: stored.groupings, brokenKeys: brokenKeys.grouping, unreadable: unreadable.grouping, assigned: stored.assigned };
    people ??= peopleReader(outside, settleTree(), noting(broken, settleGroupings(before, groupingRows, settleTree().final)), () => unreadable.person);
    return people;
  };

  for await (const record of source.read()) {
    const pause = outside.breath.due();
    if (pause) await pause;
    switch (record.is) {
      case 'organization':
        organizationRows.push(record);
        break;
      case 'grouping':
        settleTree();
        groupingRows.push(record);
        break;
      case 'person': {
        const error = await settle().read(record.person, record.at);
        if (error === null) break;
        note(broken, error);
        brokenKeys.person.add(record.person.sourceId);
        break;
      }
      case 'broken':
        note(broken, record.error);
        if (record.error.sourceId === null) unreadable[record.about] = true;
        else brokenKeys[record.about].add(record.error.sourceId);
        break;
      case 'file':
        rows.set(record.file, record.rows);
        break;
    }
  }
  const frozen = new Set([...brokenKeys.person].map((key) => `${source.name}:${key}`));
  return { ...settle().reading(), frozen, anybody: unreadable.person, broken, rows };
}

function note(broken: BrokenRows, error: RowError): void {
  broken.count += 1;
  if (broken.listed.length < LISTED_ERRORS) broken.listed.push(error);
  const lines = broken.lines.get(error.file) ?? new Set<number>();
  broken.lines.set(error.file, lines.add(error.line));
}

function noting<T extends { readonly errors: readonly RowError[] }>(broken: BrokenRows, settled: T): T {
  for (const error of settled.errors) note(broken, error);
  return settled;
}

interface PeopleReader {
  /** Takes one person in; what is wrong with the row, or null. */
  read(person: Person, at: RowPlace): Promise<RowError | null>;
  reading(): Pick<SourceReading, 'organizations' | 'groupings' | 'listed' | 'changed' | 'same' | 'withoutUserName'>;
}

function peopleReader(
  { store }: Pick<Outside, 'store'>,
  organizations: SettledOrganizations,
  groupings: SettledGroupings,
  anybody: () => boolean,
): PeopleReader {
  const listed = new Map<PersonId, number>();
  const changed = new Map<PersonId, { person: Person; stored: Person | null }>();
  const userNames = holders();
  const emails = holders();
  let withoutUserName = 0;
  const problemOf = (person: Person): string | null => {
    const earlier = listed.get(person.id);
    if (earlier !== undefined) return `"${person.sourceId}" stands in line ${earlier} too`;
    if (!organizations.final.has(person.organizationId)) return 'the organization is not in the source, or its row is broken';
    const unknown = person.groupings.find((id) => !groupings.final.has(id) && !groupings.left.has(id));
    return unknown === undefined ? null : `the role or group ${unknown} is not in the source`;
  };
  return {
    async read(row, at) {
      const reason = problemOf(row);
      if (!listed.has(row.id)) listed.set(row.id, at.line);
      if (reason !== null) return { ...at, reason, sourceId: row.sourceId };
      const stored = (await store.get('person', row.id))?.value ?? null;
      const person = { ...row, groupings: groupingsOf(row, stored, groupings, anybody()) };
      if (stored === null || !samePerson(stored, person)) changed.set(row.id, { person, stored });
      const { userName, email } = person.attributes;
      if (userName === undefined) withoutUserName += 1;
      else userNames.add(userName, row.id);
      if (email !== undefined) emails.add(email, row.id);
      return null;
    },
    reading: () => ({ organizations, groupings, listed, changed, same: { userNames: userNames.shared, emails: emails.shared }, withoutUserName }),
  };
}

/** Who has a value: one person as a rule, so that only shared values cost a list. */
function holders(): { add(value: string, id: PersonId): void; readonly shared: ReadonlyMap<string, readonly PersonId[]> } {
  const first = new Map<string, PersonId>();
  const shared = new Map<string, PersonId[]>();
  return {
    add(value, id) {
      const key = value.toLowerCase();
      const holder = first.get(key);
      if (holder === undefined) first.set(key, id);
      else shared.set(key, [...(shared.get(key) ?? [holder]), id]);
    },
    shared,
  };
}

/** What the source says, but for roles and groups left as they were: their members stay as they were too. */
function groupingsOf(row: Person, stored: Person | null, { final, left }: SettledGroupings, anybody: boolean): readonly GroupingId[] {
  const held = stored?.groupings.filter((id) => left.has(id) || (anybody && final.has(id))) ?? [];
  if (held.length === 0 && left.size === 0) return row.groupings;
  return [...new Set([...row.groupings.filter((id) => !left.has(id)), ...held])].sort();
}

/** Equality of all that a source says; the order of attributes means nothing. */
function samePerson(one: Person, other: Person): boolean {
  if (one.organizationId !== other.organizationId || one.status !== other.status || one.groupings.length !== other.groupings.length) return false;
  if (!one.groupings.every((id, index) => id === other.groupings[index])) return false;
  const names = Object.keys(one.attributes);
  return names.length === Object.keys(other.attributes).length && names.every((name) => one.attributes[name] === other.attributes[name]);
}
