import { SCIM_ATTRIBUTES, type ScimValues } from '../domain/connectors/mapping.ts';
import type { TargetUser } from '../ports/target.ts';
import { type AttributePath, attributePath, valueJson } from './path.ts';

const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';

const PLACES = SCIM_ATTRIBUTES.map(({ path }) => [path, attributePath(path)] as const);

/** One value of a multi-valued attribute; the work e-mail is the primary one (RFC 7643 §2.4 allows one). */
export interface TypedValue {
  readonly value: string;
  readonly type: string;
  readonly primary?: true;
}

/** The element that Usher writes for a typed path. */
export function typedValue(list: string, type: string, value: string): TypedValue {
  return list === 'emails' && type === 'work' ? { value, type, primary: true } : { value, type };
}

type Json = Readonly<Record<string, unknown>>;

/** Narrows parsed JSON to an object. Written by hand, not with zod: every answer to a create passes here. */
export function isObject(json: unknown): json is Json {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/** A string that holds something; numbers and booleans as their text, everything else is no value (RFC 7643 §2.5). */
export function readText(json: unknown): string | null {
  if (typeof json === 'string') return json === '' ? null : json;
  return typeof json === 'number' || typeof json === 'boolean' ? String(json) : null;
}

/** The SCIM user of RFC 7643 §4.1 for these values, with `schemas` naming exactly what it uses. */
export function userJson(externalId: string, values: ScimValues, active: boolean): Json {
  const schemas = [USER_SCHEMA];
  const user: Record<string, unknown> = { schemas, externalId, active };
  const parts: Record<string, Record<string, unknown>> = {};
  const lists: Record<string, TypedValue[]> = {};
  for (const path in values) {
    const value = values[path];
    if (value === undefined) continue;
    const at = attributePath(path);
    switch (at.is) {
      case 'simple':
        user[at.name] = value;
        break;
      case 'typed': {
        const list = lists[at.list] ?? [];
        list.push(typedValue(at.list, at.type, value));
        lists[at.list] = list;
        break;
      }
      case 'sub':
      case 'extension': {
        const part = at.is === 'sub' ? at.parent : at.schema;
        if (at.is === 'extension' && parts[part] === undefined) schemas.push(part);
        const object = parts[part] ?? {};
        object[at.name] = valueJson(at, value);
        parts[part] = object;
      }
    }
  }
  return Object.assign(user, parts, lists);
}

/** `active` as a boolean, or as the strings and numbers that several servers store; missing is unknown, not false (SCIM.md 2.2). */
function readActive(json: unknown): boolean | null {
  if (typeof json === 'boolean') return json;
  if (json === 0 || json === 1) return json === 1;
  if (typeof json !== 'string') return null;
  const text = json.toLowerCase();
  return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : null;
}

/** The value of that type; of the e-mails also one without any type, which is how servers with a single e-mail answer. */
function readTyped(list: unknown, type: string, acceptUntyped: boolean): string | null {
  if (!Array.isArray(list)) return null;
  let untyped: string | null = null;
  for (const element of list) {
    if (!isObject(element)) continue;
    const { type: its } = element;
    if (typeof its === 'string' && its.toLowerCase() === type) return readText(element.value);
    if (its === undefined && acceptUntyped) untyped ??= readText(element.value);
  }
  return untyped;
}

/** The id that a reference names: by `value`, by the end of `$ref`, or as a bare text, which is how several servers show it. */
function readReference(json: unknown): string | null {
  if (!isObject(json)) return readText(json);
  return readText(json.value) ?? readText(readText(json.$ref)?.split('/').pop());
}

function readAt(user: Json, at: AttributePath): string | null {
  switch (at.is) {
    case 'simple':
      return readText(user[at.name]);
    case 'typed':
      return readTyped(user[at.list], at.type, at.list === 'emails');
    case 'sub':
    case 'extension': {
      const part = user[at.is === 'sub' ? at.parent : at.schema];
      if (!isObject(part)) return null;
      return at.is === 'extension' && at.reference === true ? readReference(part[at.name]) : readText(part[at.name]);
    }
  }
}

/**
 * A user as a target answered it: strings for booleans, numbers for strings, missing attributes and unknown ones are
 * all taken. Null only where it is no object or has no id.
 */
export function readUser(json: unknown): TargetUser | null {
  if (!isObject(json)) return null;
  const id = readText(json.id);
  if (id === null) return null;
  const values: Record<string, string> = {};
  for (const [path, at] of PLACES) {
    const value = readAt(json, at);
    if (value !== null) values[path] = value;
  }
  return { id, externalId: readText(json.externalId), active: readActive(json.active), values };
}
