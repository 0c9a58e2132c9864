import type { Request } from 'express';
import type { Aim } from './faults.ts';

/** What a request is for, as far as its method and path tell. */
export interface Kind {
  readonly method: string;
  /** `/Users`, `/Users?filter`, `/Users/{id}`, `/Groups`, …, `/Seats`, `/Bulk`, `other`. */
  readonly path: string;
  /** The `{id}`. */
  readonly id: string | null;
}

const RESOURCE = /^\/(Users|Groups)(?:\/([^/]+))?\/?$/;
const PLAIN = new Set(['/ServiceProviderConfig', '/Schemas', '/ResourceTypes', '/Seats', '/Bulk', '/Me', '/.search']);

/** Percent-decoded; as it is where that fails. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `req.path` must be relative to the SCIM base. */
export function kindOf(req: Request): Kind {
  const [, name, id] = RESOURCE.exec(req.path) ?? [];
  if (name !== undefined && id !== undefined && id !== '.search') return { method: req.method, path: `/${name}/{id}`, id: decoded(id) };
  if (name !== undefined) return { method: req.method, path: 'filter' in req.query ? `/${name}?filter` : `/${name}`, id: null };
  return { method: req.method, path: PLAIN.has(req.path) ? req.path : 'other', id: null };
}

/** How a kind is counted: `PATCH /Users/{id}`. */
export function nameOf(kind: Kind): string {
  return `${kind.method} ${kind.path}`;
}

export function isAimedAt(aim: Aim, kind: Kind): boolean {
  const list = kind.method === 'GET' && (kind.path === '/Users' || kind.path === '/Groups');
  const lookup = kind.method === 'GET' && kind.path.endsWith('?filter');
  switch (aim) {
    case 'everything':
      return true;
    case 'reads':
      return kind.method === 'GET';
    case 'lists':
      return list;
    case 'lookups':
      return lookup;
    case 'writes':
      return kind.method !== 'GET';
    case 'creates':
      return kind.method === 'POST';
    case 'changes':
      return kind.method === 'PATCH' || kind.method === 'PUT';
    case 'deletes':
      return kind.method === 'DELETE';
    case 'groups':
      return kind.path.startsWith('/Groups');
  }
}
