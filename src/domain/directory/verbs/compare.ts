import type { Outside } from '../../../ports/outside.ts';
import type { Put } from '../../../ports/store.ts';
import type { Grouping } from '../grouping.ts';
import type { ImportTally } from '../import.ts';
import type { Organization, OrganizationId } from '../organization.ts';
import { fullName, type Person, type PersonId } from '../person.ts';
import type { SourceReading } from './read-source.ts';
import type { StoredDirectory } from './stored.ts';

const LISTED_WARNINGS = 50;

/** What an import would write, and what it means. */
export interface Comparison {
  readonly puts: readonly Put[];
  readonly organizations: ImportTally;
  readonly groupings: ImportTally;
  readonly people: ImportTally;
  /** People of the source before. */
  readonly before: number;
  /** People who would be removed, switched off, or left without any role or group (D3). */
  readonly losing: number;
  /** The same by the organization that they are in now. */
  readonly losingIn: ReadonlyMap<OrganizationId, number>;
  readonly warnings: readonly string[];
}

/** Compares a source with what is stored of it. Only this source's people can leave; a frozen person never does (D2). */
export async function compare(
  outside: Pick<Outside, 'store' | 'breath'>,
  source: string,
  stored: StoredDirectory,
  reading: SourceReading,
): Promise<Comparison> {
  const leavers = await findLeavers(outside, source, reading);
  const changes = [...reading.changed].filter(([id]) => !reading.frozen.has(id));
  const organizations = withKept(stored.organizations, reading.organizations.final, leavers.stayIn);
  const organizationChanges = differences(stored.organizations, organizations, sameOrganization);
  const groupingChanges = differences(stored.groupings, reading.groupings.final, sameGrouping);
  const puts: Put[] = organizationChanges.writes.map((write) => ({ kind: 'organization', ...write }));
  for (const write of groupingChanges.writes) puts.push({ kind: 'grouping', ...write });
  let added = 0;
  let losing = leavers.ids.length;
  for (const [key, { person, stored: old }] of changes) {
    const pause = outside.breath.due();
    if (pause) await pause;
    if (old === null) added += 1;
    else if (losesAll(old, person)) {
      losing += 1;
      count(leavers.from, old.organizationId);
    }
    puts.push({ kind: 'person', key, value: person });
  }
  for (const key of leavers.ids) puts.push({ kind: 'person', key, value: null });
  const people = {
    added,
    changed: changes.length - added,
    removed: leavers.ids.length,
    unchanged: leavers.before - leavers.ids.length - (changes.length - added),
  };
  const warnings = warningsOf(stored, reading, organizations, leavers.spared).slice(0, LISTED_WARNINGS);
  return {
    puts,
    organizations: organizationChanges.tally,
    groupings: groupingChanges.tally,
    people,
    before: leavers.before,
    losing,
    losingIn: leavers.from,
    warnings,
  };
}

interface Leavers {
  readonly ids: readonly PersonId[];
  /** How many, by organization. */
  readonly from: Map<OrganizationId, number>;
  readonly before: number;
  /** Missing from the source, but a broken row could be theirs. */
  readonly spared: number;
  /** Organizations of people who stay as they were. */
  readonly stayIn: ReadonlySet<OrganizationId>;
}

async function findLeavers({ store, breath }: Pick<Outside, 'store' | 'breath'>, source: string, reading: SourceReading): Promise<Leavers> {
  const ids: PersonId[] = [];
  const from = new Map<OrganizationId, number>();
  const stayIn = new Set<OrganizationId>();
  let before = 0;
  let spared = 0;
  for await (const page of store.scan('person', { prefix: `${source}:` })) {
    const pause = breath.due();
    if (pause) await pause;
    for (const { key, value } of page) {
      before += 1;
      const missing = !reading.listed.has(key);
      if (reading.frozen.has(key) || (missing && reading.anybody)) stayIn.add(value.organizationId);
      else if (missing) {
        ids.push(key);
        count(from, value.organizationId);
      }
      if (missing && reading.anybody) spared += 1;
    }
  }
  return { ids, from, before, spared, stayIn };
}

function count(of: Map<OrganizationId, number>, id: OrganizationId): void {
  of.set(id, (of.get(id) ?? 0) + 1);
}

function losesAll(old: Person, person: Person): boolean {
  return old.status === 'active' && (person.status === 'inactive' || (old.groupings.length > 0 && person.groupings.length === 0));
}

/** The settled tree, and the stored organizations that someone stays in, with all above them. */
function withKept(
  stored: ReadonlyMap<OrganizationId, Organization>,
  final: ReadonlyMap<OrganizationId, Organization>,
  stayIn: ReadonlySet<OrganizationId>,
): ReadonlyMap<OrganizationId, Organization> {
  const all = new Map(final);
  for (const start of stayIn) {
    for (let at: OrganizationId | null = start; at !== null && !all.has(at); ) {
      const organization = stored.get(at);
      if (organization === undefined) break;
      all.set(at, organization);
      at = organization.parentId;
    }
  }
  return all;
}

interface Differences<T> {
  /** Null where it goes. */
  readonly writes: readonly { readonly key: string; readonly value: T | null }[];
  readonly tally: ImportTally;
}

function differences<T>(stored: ReadonlyMap<string, T>, final: ReadonlyMap<string, T>, same: (one: T, other: T) => boolean): Differences<T> {
  const tally = { added: 0, changed: 0, removed: 0, unchanged: 0 };
  const writes: { key: string; value: T | null }[] = [];
  for (const [key, value] of final) {
    const old = stored.get(key);
    const change = old === undefined ? 'added' : same(old, value) ? 'unchanged' : 'changed';
    tally[change] += 1;
    if (change !== 'unchanged') writes.push({ key, value });
  }
  for (const key of stored.keys()) {
    if (final.has(key)) continue;
    tally.removed += 1;
    writes.push({ key, value: null });
  }
  return { writes, tally };
}

function sameOrganization(one: Organization, other: Organization): boolean {
  return one.name === other.name && one.kind === other.kind && one.parentId === other.parentId && one.timeZone === other.timeZone;
}

function sameGrouping(one: Grouping, other: Grouping): boolean {
  return one.name === other.name;
}

function warningsOf(
  stored: StoredDirectory,
  reading: SourceReading,
  organizations: ReadonlyMap<OrganizationId, Organization>,
  spared: number,
): readonly string[] {
  const warnings: string[] = [];
  if (spared > 0)
    warnings.push(`${spared === 1 ? '1 person is' : `${spared} people are`} not in the source but stay: a broken row without a readable key could be theirs.`);
  if (reading.withoutUserName > 0) warnings.push(`${reading.withoutUserName === 1 ? '1 person has' : `${reading.withoutUserName} people have`} no user name.`);
  for (const [what, same] of [['user name', reading.same.userNames] as const, ['e-mail address', reading.same.emails] as const]) {
    for (const [value, ids] of same)
      warnings.push(
        `${ids.length} people have the ${what} ${value}: ${ids
          .slice(0, 5)
          .map((id) => nameOf(id, reading))
          .join(', ')}.`,
      );
  }
  for (const id of reading.groupings.kept)
    warnings.push(`${stored.groupings.get(id)?.name ?? id} is not in the source any more; it stays, without people, because a connector is assigned to it.`);
  for (const id of stored.pinned) {
    const mine = stored.organizations.get(id);
    if (mine !== undefined && organizations.get(id) === mine)
      warnings.push(`${mine.name} is not in the source any more, or its row is broken; it stays because connectors or assignments depend on it.`);
  }
  return warnings;
}

function nameOf(id: PersonId, reading: SourceReading): string {
  const person = reading.changed.get(id)?.person;
  return person === undefined ? id : `${fullName(person)} (${id})`;
}
