import { Refused } from './answer.ts';
import { isJson, type Json } from './patching.ts';
import type { Quirks } from './quirks.ts';

/** A group as it is stored. */
export interface Group {
  readonly id: string;
  readonly externalId: unknown;
  displayName: string;
  members: Set<string>;
  version: number;
}

const ONE = /^members\[value eq "(.*)"\]$/;

function idsOf(value: unknown): readonly string[] {
  const list: unknown[] = Array.isArray(value) ? value : [];
  return list.flatMap((element) => (isJson(element) && typeof element.value === 'string' ? [element.value] : []));
}

function changes(operations: readonly unknown[]): number {
  return operations.reduce<number>((sum, operation) => sum + (isJson(operation) ? Math.max(1, idsOf(operation.value).length) : 0), 0);
}

function removeOne(group: Group, id: string, quirks: Quirks): void {
  if (quirks.ignoresMemberFilter === true) return;
  if (!group.members.delete(id) && quirks.strictMembers === true) throw new Refused(400, `no member ${id}`, 'noTarget');
}

function removeMany(group: Group, value: unknown, quirks: Quirks): void {
  if (quirks.memberLists === 'ignored') return;
  if (quirks.memberLists === 'wipes' || value === undefined) group.members.clear();
  else for (const id of idsOf(value)) group.members.delete(id);
}

function apply(group: Group, operation: Json, quirks: Quirks): void {
  const { op, path, value } = operation;
  const one = typeof path === 'string' ? ONE.exec(path)?.[1] : undefined;
  if (op === 'remove' && one !== undefined) removeOne(group, one, quirks);
  else if (op === 'remove' && path === 'members') removeMany(group, value, quirks);
  else if (path === 'members' && (op === 'add' || quirks.memberLists === 'ignored')) for (const id of idsOf(value)) group.members.add(id);
  else if (path === 'members' && op === 'replace') group.members = new Set(idsOf(value));
  else if (path === 'displayName' && op === 'replace') group.displayName = quirks.keepsGroupNames === true ? group.displayName : String(value);
  else throw new Refused(400, 'that can not be done to a group', 'invalidPath');
}

/** Changes a group by PATCH; atomic. */
export function patchGroup(group: Group, body: unknown, quirks: Quirks): void {
  if (!isJson(body) || !Array.isArray(body.Operations)) throw new Refused(400, 'no Operations', 'invalidSyntax');
  if (quirks.mostMembers !== undefined && changes(body.Operations) > quirks.mostMembers)
    throw new Refused(400, `at most ${quirks.mostMembers} members a request`, 'tooMany');
  const next: Group = { ...group, members: new Set(group.members) };
  for (const operation of body.Operations) if (isJson(operation)) apply(next, operation, quirks);
  Object.assign(group, { displayName: next.displayName, members: next.members, version: group.version + 1 });
}

/** Replaces a group by PUT: what the body leaves out is gone. */
export function putGroup(group: Group, body: unknown): void {
  if (!isJson(body) || typeof body.displayName !== 'string') throw new Refused(400, 'displayName is needed', 'invalidValue');
  Object.assign(group, { displayName: body.displayName, members: new Set(idsOf(body.members)), version: group.version + 1 });
}

/** A group as the service shows it. */
export function groupJson(group: Group, quirks: Quirks): Json {
  const shown = [...group.members].slice(0, quirks.membersShown ?? Number.POSITIVE_INFINITY).map((value) => ({ value }));
  const schemas = ['urn:ietf:params:scim:schemas:core:2.0:Group'];
  return { schemas, id: group.id, externalId: group.externalId, displayName: group.displayName, members: shown, meta: { version: `W/"${group.version}"` } };
}
