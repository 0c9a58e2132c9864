import type { TargetGroup } from '../ports/target.ts';
import { isObject, readText } from './user.ts';

/** A group without members (RFC 7643 §4.2); they are added by PATCH. */
export function groupJson(displayName: string, externalId: string): Readonly<Record<string, unknown>> {
  return { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName, externalId };
}

function readMembers(json: unknown): readonly string[] {
  if (!Array.isArray(json)) return [];
  return json.flatMap((member: unknown) => {
    const id = isObject(member) ? readText(member.value) : null;
    return id === null ? [] : [id];
  });
}

/** What shall become of a group: another name, members more and fewer. */
export interface GroupEdit {
  readonly displayName?: string;
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
}

/** Target ids of a group's members, as its JSON shows them. */
export function membersIn(present: Readonly<Record<string, unknown>>): readonly string[] {
  return readMembers(present.members);
}

/** The body of a PUT of a group (RFC 7644 §3.5.1), made from a fresh GET: members and attributes of other hands stay as they are. */
export function groupReplacement(present: Readonly<Record<string, unknown>>, edit: GroupEdit): Readonly<Record<string, unknown>> {
  const { meta: _, ...rest } = present;
  const { displayName, add = [], remove = [] } = edit;
  const shown: readonly unknown[] = Array.isArray(present.members) ? present.members : [];
  const idOf = (member: unknown): string | null => (isObject(member) ? readText(member.value) : null);
  const gone = new Set(remove);
  const kept = shown.filter((member) => {
    const id = idOf(member);
    return id !== null && !gone.has(id);
  });
  const held = new Set(kept.map(idOf));
  const fresh = add.filter((id) => !held.has(id)).map((value) => ({ value }));
  return { ...rest, ...(displayName === undefined ? {} : { displayName }), members: [...kept, ...fresh] };
}

/** A group as a target answered it; null where it is no object or has no id. Members that it left out are none. */
export function readGroup(json: unknown): TargetGroup | null {
  if (!isObject(json)) return null;
  const id = readText(json.id);
  if (id === null) return null;
  return { id, displayName: readText(json.displayName) ?? '', memberIds: readMembers(json.members) };
}
