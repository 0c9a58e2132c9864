import type { ScimValues } from '../domain/connectors/mapping.ts';
import { memberWithValue } from './filter.ts';
import { type AttributePath, attributePath, valueFilter } from './path.ts';
import { typedValue } from './user.ts';

/** One operation of RFC 7644 §3.5.2; `op` in lower case, as the RFC has it. */
export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path: string;
  readonly value?: unknown;
}

export interface PatchBody {
  readonly schemas: readonly ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
  readonly Operations: readonly PatchOperation[];
}

/** What shall become of a user; `known` is what the target is believed to hold already. */
export interface UserChange {
  readonly set: ScimValues;
  readonly clear: readonly string[];
  readonly active?: boolean;
  readonly externalId?: string;
  readonly known?: ScimValues;
}

function patch(operations: readonly PatchOperation[]): PatchBody {
  return { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations };
}

/** All values of one list that the target shall hold, as far as we know: those set, and those known that stay. */
function wholeList(list: string, change: UserChange) {
  const values: ScimValues = { ...change.known, ...change.set };
  return Object.entries(values).flatMap(([path, value]) => {
    const at = attributePath(path);
    return at.is === 'typed' && at.list === list && !change.clear.includes(path) ? [typedValue(list, at.type, value)] : [];
  });
}

/** Lists that get a value of a type which the target may not hold yet. */
function listsToReplace(change: UserChange): ReadonlySet<string> {
  const typed = Object.keys(change.set).flatMap((path) => {
    const at = attributePath(path);
    return at.is === 'typed' && change.known?.[path] === undefined ? [at.list] : [];
  });
  return new Set(typed);
}

/** RFC 7644 §3.5.2 names extension attributes by URN path; a core URN path fails on several servers, so core ones stay short. */
function pathOf(at: AttributePath, path: string): string {
  return at.is === 'typed' ? `${valueFilter(at)}.value` : path;
}

/**
 * The PATCH of a user (SCIM.md 2.2): `replace` and `remove` by path, `active` as a boolean. A value filter is used only
 * where the value is known to exist, since servers answer `noTarget`, or nothing at all, where it does not; otherwise
 * the whole list is replaced. Switching on comes first and switching off last: some servers refuse changes to inactive users.
 */
export function userPatch(change: UserChange): PatchBody {
  const operations: PatchOperation[] = [];
  const { active, externalId } = change;
  if (active === true) operations.push({ op: 'replace', path: 'active', value: true });
  if (externalId !== undefined) operations.push({ op: 'replace', path: 'externalId', value: externalId });
  const lists = listsToReplace(change);
  for (const [path, value] of Object.entries(change.set)) {
    const at = attributePath(path);
    if (at.is === 'typed' && lists.has(at.list)) continue;
    operations.push({ op: 'replace', path: pathOf(at, path), value });
  }
  for (const list of lists) operations.push({ op: 'replace', path: list, value: wholeList(list, change) });
  for (const path of change.clear) {
    const at = attributePath(path);
    if (at.is === 'typed' && lists.has(at.list)) continue;
    operations.push({ op: 'remove', path: at.is === 'typed' ? valueFilter(at) : path });
  }
  if (active === false) operations.push({ op: 'replace', path: 'active', value: false });
  return patch(operations);
}

/** Adds members by value and removes each by its own value filter: a removal by value array empties the group on some servers. */
export function membersPatch(add: readonly string[], remove: readonly string[]): PatchBody {
  const removals = remove.map((id): PatchOperation => ({ op: 'remove', path: memberWithValue(id) }));
  if (add.length === 0) return patch(removals);
  return patch([{ op: 'add', path: 'members', value: add.map((value) => ({ value })) }, ...removals]);
}

/** Renames a group. */
export function namePatch(displayName: string): PatchBody {
  return patch([{ op: 'replace', path: 'displayName', value: displayName }]);
}
