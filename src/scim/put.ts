import type { Dialect } from '../domain/connectors/dialect.ts';
import { activeJson, type UserChange } from './patch.ts';
import { attributePath, valueJson } from './path.ts';
import { isObject, typedValue } from './user.ts';

type Json = Record<string, unknown>;

function part(user: Json, name: string): Json {
  const present = user[name];
  const copy: Json = isObject(present) ? { ...present } : {};
  user[name] = copy;
  return copy;
}

function isOfType(element: unknown, type: string): boolean {
  return isObject(element) && typeof element.type === 'string' && element.type.toLowerCase() === type;
}

function listWithout(user: Json, list: string, type: string): unknown[] {
  const present: unknown = user[list];
  return Array.isArray(present) ? present.filter((element) => !isOfType(element, type)) : [];
}

/** Sets one value, or takes it away with null; everything beside it stays. */
function put(user: Json, path: string, value: string | null): void {
  const at = attributePath(path);
  switch (at.is) {
    case 'simple':
      if (value === null) delete user[at.name];
      else user[at.name] = value;
      return;
    case 'typed': {
      const others = listWithout(user, at.list, at.type);
      user[at.list] = value === null ? others : [...others, typedValue(at.list, at.type, value)];
      return;
    }
    case 'sub':
    case 'extension': {
      const object = part(user, at.is === 'sub' ? at.parent : at.schema);
      if (value === null) delete object[at.name];
      else object[at.name] = valueJson(at, value);
    }
  }
}

/** `schemas` names exactly the extensions that the user has (RFC 7643 §3). */
function schemasOf(user: Json): readonly unknown[] {
  const named: readonly unknown[] = Array.isArray(user.schemas) ? user.schemas : ['urn:ietf:params:scim:schemas:core:2.0:User'];
  const extensions = Object.keys(user).filter((key) => key.startsWith('urn:'));
  return [...new Set([...named, ...extensions])];
}

/**
 * The body of a PUT (RFC 7644 §3.5.1), made from a fresh GET so that nothing is wiped which we did not set, values of
 * other hands included. `active` is always said where it is known: servers that miss it switch the user on, or off.
 */
export function userReplacement(
  present: Readonly<Record<string, unknown>>,
  change: UserChange,
  dialect: Pick<Dialect, 'active'>,
): Readonly<Record<string, unknown>> {
  const { meta: _meta, groups: _groups, ...rest } = present;
  const user: Json = { ...rest };
  for (const [path, value] of Object.entries(change.set)) put(user, path, value);
  for (const path of change.clear) put(user, path, null);
  if (change.externalId !== undefined) user.externalId = change.externalId;
  if (change.active !== undefined) user.active = activeJson(change.active, dialect);
  user.schemas = schemasOf(user);
  return user;
}
