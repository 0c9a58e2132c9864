import { Refused } from './answer.ts';
import type { Quirks } from './quirks.ts';

export type Json = Record<string, unknown>;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface Place {
  readonly holder: Json;
  readonly key: string;
}

/** Where a path without a filter leads: `title`, `name.givenName`, `urn:…:User:department`. */
function placeOf(user: Json, path: string): Place {
  const colon = path.startsWith('urn:') ? path.lastIndexOf(':') : -1;
  const cut = colon > 0 ? colon : path.indexOf('.');
  if (cut < 0) return { holder: user, key: path };
  const part = path.slice(0, cut);
  const present = user[part];
  const holder: Json = isJson(present) ? { ...present } : {};
  user[part] = holder;
  return { holder, key: path.slice(cut + 1) };
}

function kept(quirks: Quirks, path: string, value: unknown): unknown {
  return typeof value === 'string' && quirks.normalize !== undefined ? quirks.normalize(path, value) : value;
}

const FILTERED = /^(\w+)\[type eq "(\w+)"\](?:\.value)?$/;

/** A value of a list that its type names; the RFC has a replace of what is not there refused. */
function changeTyped(user: Json, op: string, list: string, type: string, value: unknown, quirks: Quirks): void {
  const present: unknown[] = Array.isArray(user[list]) ? user[list] : [];
  const found = present.some((element) => isJson(element) && element.type === type);
  if (!found) throw new Refused(400, `no ${list} of type ${type}`, 'noTarget');
  user[list] =
    op === 'remove'
      ? present.filter((element) => !(isJson(element) && element.type === type))
      : present.map((element) => (isJson(element) && element.type === type ? { ...element, value: kept(quirks, list, value) } : element));
}

/** A value as it is stored, in lists and objects too. */
export function stored(path: string, value: unknown, quirks: Quirks): unknown {
  if (Array.isArray(value)) return value.map((element) => (isJson(element) ? { ...element, value: kept(quirks, path, element.value) } : element));
  if (isJson(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, kept(quirks, `${path}.${key}`, inner)]));
  if (path === 'active')
    return quirks.activeAsString === true ? (String(value).toLowerCase() === 'true' ? 'True' : 'False') : String(value).toLowerCase() === 'true';
  return kept(quirks, path, value);
}

function write(user: Json, path: string, value: unknown, quirks: Quirks): void {
  if (JSON.stringify(value).includes('"bad"')) throw new Refused(400, `${path} is not acceptable`, 'invalidValue');
  if (quirks.frozen?.includes(path) === true) return;
  if (path === 'active' && quirks.activeAsString === true && typeof value !== 'string') return;
  const { holder, key } = placeOf(user, path);
  holder[key] = stored(path, value, quirks);
}

/** An operation without a path: an object that names its attributes. */
function applyObject(user: Json, op: string, object: unknown, quirks: Quirks): void {
  if (op === 'remove') throw new Refused(400, 'remove needs a path', 'noTarget');
  if (!isJson(object)) throw new Refused(400, 'an object is needed', 'invalidValue');
  if (quirks.ignoresObjects === true) return;
  for (const [key, value] of Object.entries(object)) {
    const within = key.startsWith('urn:') ? `${key}:` : `${key}.`;
    if (isJson(value) && isJson(user[key])) for (const [sub, inner] of Object.entries(value)) write(user, `${within}${sub}`, inner, quirks);
    else write(user, key, value, quirks);
  }
}

function apply(user: Json, operation: Json, quirks: Quirks): void {
  const op = String(operation.op);
  const path = typeof operation.path === 'string' ? operation.path : undefined;
  if (!['add', 'replace', 'remove'].includes(op)) throw new Refused(400, `no such op ${op}`, 'invalidSyntax');
  if (path === undefined) {
    applyObject(user, op, operation.value, quirks);
    return;
  }
  if (quirks.ignoredPaths?.includes(path) === true || (op === 'remove' && quirks.ignoresRemoval === true)) return;
  const [, list, type] = FILTERED.exec(path) ?? [];
  if (list !== undefined && type !== undefined) {
    changeTyped(user, op, list, type, operation.value, quirks);
    return;
  }
  if (op === 'remove') {
    if (quirks.frozen?.includes(path) === true) return;
    const { holder, key } = placeOf(user, path);
    delete holder[key];
    return;
  }
  write(user, path, operation.value, quirks);
}

/** The user after a PATCH (RFC 7644 §3.5.2); atomic, unless the quirk says otherwise. `keep` is told of each state that stays. */
export function patched(user: Json, body: unknown, quirks: Quirks, keep: (user: Json) => void): void {
  if (!isJson(body) || !Array.isArray(body.Operations)) throw new Refused(400, 'no Operations', 'invalidSyntax');
  const next: Json = structuredClone(user);
  try {
    for (const operation of body.Operations) if (isJson(operation)) apply(next, operation, quirks);
  } catch (refusal) {
    if (quirks.halfApplies === true) keep(next);
    throw refusal;
  }
  keep(next);
}
