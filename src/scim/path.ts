/** Where a value of `SCIM_ATTRIBUTES` sits in a SCIM user (RFC 7643 §4.1, §4.3). */
export type AttributePath =
  | { readonly is: 'simple'; readonly name: string }
  | { readonly is: 'sub'; readonly parent: string; readonly name: string }
  | { readonly is: 'typed'; readonly list: string; readonly type: string }
  | { readonly is: 'extension'; readonly schema: string; readonly name: string };

const TYPED = /^([A-Za-z]\w*)\[([A-Za-z]\w*)\]\.value$/;
const known = new Map<string, AttributePath>();

function parse(path: string): AttributePath {
  const typed = TYPED.exec(path);
  if (typed?.[1] !== undefined && typed[2] !== undefined) return { is: 'typed', list: typed[1], type: typed[2] };
  const colon = path.lastIndexOf(':');
  if (colon > 0) return { is: 'extension', schema: path.slice(0, colon), name: path.slice(colon + 1) };
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

/** The value filter of a typed value, as RFC 7644 §3.5.2 spells it: `emails[type eq "work"]`. */
export function valueFilter(path: Extract<AttributePath, { is: 'typed' }>): string {
  return `${path.list}[type eq "${path.type}"]`;
}
