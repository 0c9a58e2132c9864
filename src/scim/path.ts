import { MANAGER } from '../domain/connectors/mapping.ts';

/** Where a value of `SCIM_ATTRIBUTES` sits in a SCIM user (RFC 7643 §4.1, §4.3). */
export type AttributePath =
  | { readonly is: 'simple'; readonly name: string }
  | { readonly is: 'sub'; readonly parent: string; readonly name: string }
  | { readonly is: 'typed'; readonly list: string; readonly type: string }
  /** `reference`: its JSON is an object whose `value` is the id of another resource (`manager`). */
  | { readonly is: 'extension'; readonly schema: string; readonly name: string; readonly reference?: true };

const TYPED = /^([A-Za-z]\w*)\[([A-Za-z]\w*)\]\.value$/;
const known = new Map<string, AttributePath>();

function parse(path: string): AttributePath {
  const typed = TYPED.exec(path);
  if (typed?.[1] !== undefined && typed[2] !== undefined) return { is: 'typed', list: typed[1], type: typed[2] };
  const colon = path.lastIndexOf(':');
  if (colon > 0) return { is: 'extension', schema: path.slice(0, colon), name: path.slice(colon + 1), ...(path === MANAGER ? { reference: true } : {}) };
  const dot = path.indexOf('.');
  if (dot > 0) return { is: 'sub', parent: path.slice(0, dot), name: path.slice(dot + 1) };
  return { is: 'simple', name: path };
}

/** Takes a path of `SCIM_ATTRIBUTES` apart: `emails[work].value`, `name.givenName`, `urn:…:User:department`, `title`. */
export function attributePath(path: string): AttributePath {
  const found = known.get(path);
  if (found !== undefined) return found;
  const parsed = parse(path);
  known.set(path, parsed);
  return parsed;
}

/** A value as it stands in JSON at its place: a text, or the reference that it names (RFC 7643 §2.3.7, §4.3). */
export function valueJson(at: AttributePath, value: string): string | { readonly value: string } {
  return at.is === 'extension' && at.reference === true ? { value } : value;
}

/** The value filter of a typed value, as RFC 7644 §3.5.2 spells it: `emails[type eq "work"]`. */
export function valueFilter(path: Extract<AttributePath, { is: 'typed' }>): string {
  return `${path.list}[type eq "${path.type}"]`;
}
