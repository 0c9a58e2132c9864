import { isObject } from './user.ts';

/** The value that a JSON pointer (RFC 6901) names; `undefined` where there is none. */
function valueAt(json: unknown, pointer: string): unknown {
  if (pointer === '') return json;
  if (!pointer.startsWith('/')) return undefined;
  return pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((value, token) => {
      if (Array.isArray(value)) return /^(0|[1-9]\d*)$/.test(token) ? value[Number(token)] : undefined;
      return isObject(value) && Object.hasOwn(value, token) ? value[token] : undefined;
    }, json);
}

/** The number at a JSON pointer, also where it is written as a string of digits; null where it is none. */
export function numberAt(json: unknown, pointer: string): number | null {
  const value = valueAt(json, pointer);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : null;
}
