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

/** A group as a target answered it; null where it is no object or has no id. Members that it left out are none. */
export function readGroup(json: unknown): TargetGroup | null {
  if (!isObject(json)) return null;
  const id = readText(json.id);
  if (id === null) return null;
  return { id, displayName: readText(json.displayName) ?? '', memberIds: readMembers(json.members) };
}
