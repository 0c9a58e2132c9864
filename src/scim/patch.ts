import { type Dialect, RFC_DIALECT } from '../domain/connectors/dialect.ts';
import type { ScimValues } from '../domain/connectors/mapping.ts';
import { memberWithValue } from './filter.ts';
import { type AttributePath, attributePath, valueFilter, valueJson } from './path.ts';
import { typedValue } from './user.ts';

/** One operation of RFC 7644 §3.5.2; `op` in lower case, as the RFC has it. */
export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove';
  /** Absent: the value is an object that names its attributes. */
  readonly path?: string;
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

type Written = Record<string, unknown>;

/** Puts a value where it sits in the object of an operation without a path; an extension goes whole, as far as it is known: some servers replace it whole. */
function place(object: Written, path: string, value: string, change: UserChange): void {
  const at = attributePath(path);
  switch (at.is) {
    case 'simple':
      object[at.name] = value;
      break;
    case 'typed':
      object[at.list] = wholeList(at.list, change);
      break;
    case 'sub':
    case 'extension': {
      const part = at.is === 'sub' ? at.parent : at.schema;
      const whole: Written = {};
      for (const [other, kept] of Object.entries({ ...change.known, ...change.set })) {
        const there = attributePath(other);
        const same = (there.is === 'sub' && there.parent === part) || (there.is === 'extension' && there.schema === part);
        if (same && !change.clear.includes(other)) whole[there.name] = valueJson(there, kept);
      }
      object[part] = { ...whole, [at.name]: valueJson(at, value) };
    }
  }
}

/** `active` as this target takes it: a boolean, or the string that some servers compare with (SCIM.md 2.2). */
export function activeJson(active: boolean, dialect: Pick<Dialect, 'active'>): boolean | string {
  if (dialect.active === 'boolean') return active;
  return active ? 'True' : 'False';
}

/**
 * The PATCH of a user (SCIM.md 2.2): `replace` and `remove` by path, `active` as a boolean, unless the dialect knows
 * better. A value filter is used only where the value is known to exist, since servers answer `noTarget`, or nothing at
 * all, where it does not; otherwise the whole list is replaced. Switching on comes first and switching off last: some
 * servers refuse changes to inactive users.
 */
export function userPatch(change: UserChange, dialect: Pick<Dialect, 'active' | 'shapes'> = RFC_DIALECT): PatchBody {
  const operations: PatchOperation[] = [];
  const object: Written = {};
  const { active, externalId } = change;
  const write = (path: string, value: unknown): void => {
    if (dialect.shapes[path] === 'object') object[path] = value;
    else operations.push({ op: 'replace', path, value });
  };
  if (active === true) write('active', activeJson(true, dialect));
  if (externalId !== undefined) write('externalId', externalId);
  const lists = listsToReplace(change);
  for (const [path, value] of Object.entries(change.set)) {
    const at = attributePath(path);
    if (dialect.shapes[path] === 'object') place(object, path, value, change);
    else if (at.is !== 'typed' || !lists.has(at.list)) operations.push({ op: 'replace', path: pathOf(at, path), value: valueJson(at, value) });
  }
  for (const list of lists) if (object[list] === undefined) operations.push({ op: 'replace', path: list, value: wholeList(list, change) });
  for (const path of change.clear) {
    const at = attributePath(path);
    if (at.is === 'typed' && (lists.has(at.list) || object[at.list] !== undefined)) continue;
    operations.push({ op: 'remove', path: at.is === 'typed' ? valueFilter(at) : path });
  }
  if (active === false) write('active', activeJson(false, dialect));
  if (Object.keys(object).length > 0) operations.unshift({ op: 'replace', value: object });
  return patch(operations);
}

/** Adds members by value and removes each by its own value filter: a removal by value array empties the group on some servers. */
export function membersPatch(add: readonly string[], remove: readonly string[], removal: 'filter' | 'values' = 'filter'): PatchBody {
  const removals =
    removal === 'filter' || remove.length === 0
      ? remove.map((id): PatchOperation => ({ op: 'remove', path: memberWithValue(id) }))
      : [{ op: 'remove' as const, path: 'members', value: remove.map((value) => ({ value })) }];
  if (add.length === 0) return patch(removals);
  return patch([{ op: 'add', path: 'members', value: add.map((value) => ({ value })) }, ...removals]);
}

/** The whole list of members, in place of the one that is there. */
export function membersReplacement(members: readonly string[]): PatchBody {
  return patch([{ op: 'replace', path: 'members', value: members.map((value) => ({ value })) }]);
}

/** Renames a group. */
export function namePatch(displayName: string): PatchBody {
  return patch([{ op: 'replace', path: 'displayName', value: displayName }]);
}
