import SCIMMY from 'scimmy';
import type { Accounts, GroupRecord, UserRecord } from './accounts.ts';

/** One branch of a parsed filter: attribute to `[op, value]`, a list of those, or a nested branch. scimmy joins branches by `or`, attributes by `and`. */
type Branch = Readonly<Record<string, unknown>>;

/** Compared exactly (RFC 7643 §3.1 `id`, `externalId`) or not a string at all; every other string attribute of User and Group is `caseExact: false`. */
const EXACT = new Set(['id', 'externalid', 'meta']);

function isBranch(value: unknown): value is Branch {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value of `attribute eq "value"` in a branch; undefined when the branch asks anything else of the attribute. */
function equalTo(branch: Branch, attribute: string): string | undefined {
  const key = Object.keys(branch).find((name) => name.toLowerCase() === attribute.toLowerCase());
  const asked = key === undefined ? undefined : branch[key];
  if (!Array.isArray(asked) || asked.length !== 2 || String(asked[0]).toLowerCase() !== 'eq') return undefined;
  return typeof asked[1] === 'string' ? asked[1] : undefined;
}

/** The users that can match a branch at all, by an index; undefined when only a scan can tell. */
function candidateUsers(accounts: Accounts, branch: Branch): readonly UserRecord[] | undefined {
  const id = equalTo(branch, 'id');
  if (id !== undefined) return [accounts.users.get(id) ?? []].flat();
  const userName = equalTo(branch, 'userName');
  if (userName !== undefined) return accounts.findUsers('userName', userName);
  const externalId = equalTo(branch, 'externalId');
  if (externalId !== undefined) return accounts.findUsers('externalId', externalId);
  const emails = branch.emails;
  const email = isBranch(emails) ? equalTo(emails, 'value') : equalTo(branch, 'emails');
  return email === undefined ? undefined : accounts.findUsers('email', email);
}

function candidateGroups(accounts: Accounts, branch: Branch): readonly GroupRecord[] | undefined {
  const id = equalTo(branch, 'id');
  if (id !== undefined) return [accounts.groups.get(id) ?? []].flat();
  const name = equalTo(branch, 'displayName');
  if (name !== undefined) return accounts.findGroups('displayName', name);
  const externalId = equalTo(branch, 'externalId');
  if (externalId !== undefined) return accounts.findGroups('externalId', externalId);
  const members = branch.members;
  const member = isBranch(members) ? equalTo(members, 'value') : undefined;
  return member === undefined ? undefined : accounts.groupsOf(member);
}

/** Lower-cases every string that is compared without letter case, in a resource as in the values of a filter. */
function folded(value: unknown): unknown {
  if (typeof value === 'string') return value.toLowerCase();
  if (Array.isArray(value)) return value.map(folded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, EXACT.has(key.toLowerCase()) ? inner : folded(inner)]));
}

/**
 * A resource as scimmy's `Filter` can match it: extension attributes also under their full `urn:…:User:department` name, and
 * `{}` for absent complex attributes, which it would stumble over.
 */
function view(resource: Branch, asked: Branch, caseExact: boolean): Branch {
  const absent = Object.keys(asked).filter((key) => isBranch(asked[key]) && resource[key] === undefined);
  const named: Record<string, unknown> = { ...resource, ...Object.fromEntries(absent.map((key) => [key, {}])) };
  for (const [urn, extension] of Object.entries(resource)) {
    if (!urn.startsWith('urn:') || !isBranch(extension)) continue;
    for (const [attribute, value] of Object.entries(extension)) named[`${urn}:${attribute}`] = value;
  }
  if (caseExact) return named;
  const lower = folded(named);
  return isBranch(lower) ? lower : named;
}

interface Shelf<T> {
  readonly candidates: (branch: Branch) => readonly T[] | undefined;
  readonly all: () => readonly T[];
  /** As SCIM JSON. */
  readonly resource: (record: T) => Branch;
}

/**
 * The records that match, in the order of their making. Every branch with an indexed `eq` costs a look-up; a scan is made
 * only where the filter asks for something else. `caseExact` compares all strings exactly, as scimmy alone does.
 */
function select<T extends { readonly id: string; readonly seq: number }>(shelf: Shelf<T>, filter: SCIMMY.Types.Filter, caseExact: boolean): readonly T[] {
  const found = new Map<string, T>();
  for (const asked of filter) {
    const plain = plainBranch(asked);
    const matcher = new SCIMMY.Types.Filter([caseExact ? plain : folded(plain)]);
    for (const record of shelf.candidates(plain) ?? shelf.all()) {
      if (!found.has(record.id) && matcher.match([view(shelf.resource(record), plain, caseExact)]).length > 0) found.set(record.id, record);
    }
  }
  return [...found.values()].sort((a, b) => a.seq - b.seq);
}

/** scimmy hands out frozen proxies that its own constructor refuses: copied to plain objects. */
function plainBranch(asked: unknown): Branch {
  const copy: unknown = JSON.parse(JSON.stringify(asked));
  return isBranch(copy) ? copy : {};
}

export function selectUsers(
  accounts: Accounts,
  filter: SCIMMY.Types.Filter,
  caseExact: boolean,
  resource: (record: UserRecord) => Branch,
): readonly UserRecord[] {
  return select({ candidates: (branch) => candidateUsers(accounts, branch), all: () => accounts.users.all(), resource }, filter, caseExact);
}

export function selectGroups(
  accounts: Accounts,
  filter: SCIMMY.Types.Filter,
  caseExact: boolean,
  resource: (record: GroupRecord) => Branch,
): readonly GroupRecord[] {
  return select({ candidates: (branch) => candidateGroups(accounts, branch), all: () => accounts.groups.all(), resource }, filter, caseExact);
}
