/**
 * Ids on screens. An action id is a route (`connectors.open`) or a route and a suffix that makes it unique in its
 * payload (`connectors.open:zoom`). The suffix is no data: which object is meant travels in `value`.
 */
import { cut } from './clip.ts';
import { LIMITS } from './limits.ts';

/** `topic.verb`, the words a person would type. */
export type Route = `${string}.${string}`;

/** `route:suffix`, at most 255; a suffix that doesn't fit is cut and ends in a digest of the whole. */
export function actionId(route: Route, suffix?: string): string {
  return shortened(suffix === undefined || suffix === '' ? route : `${route}:${suffix}`, LIMITS.id);
}

/** The route of an action id, whatever its suffix. */
export function routeOf(action: string): string {
  const colon = action.indexOf(':');
  return colon < 0 ? action : action.slice(0, colon);
}

/** A block id, callback id or action id that Slack takes: 1 to 255. */
export function fitId(id: string): string {
  return shortened(id === '' ? '-' : id, LIMITS.id);
}

/**
 * What an option carries for an id: the id itself, or, over 75, its beginning and a digest. The way back is
 * `candidates.find((candidate) => isValueOf(value, candidate.id))`.
 */
export function optionValue(id: string): string {
  return shortened(id === '' ? '-' : id, LIMITS.optionValue);
}

/** True where `value`, read back from an option, stands for `id`. */
export function isValueOf(value: string, id: string): boolean {
  return value === optionValue(id);
}

function shortened(id: string, limit: number): string {
  if (id.length <= limit) return id;
  const digest = digestOf(id);
  return `${cut(id, limit - digest.length - 1)}~${digest}`;
}

/** About 106 bits: enough to tell ids apart, not to keep secrets. */
function digestOf(text: string): string {
  return cyrb53(text, 0).toString(36) + cyrb53(text, 0x9e3779b9).toString(36);
}

/** cyrb53 (public domain, github.com/bryc): the domain's digest port is out of a view's reach. */
function cyrb53(text: string, seed: number): number {
  let high = 0xdeadbeef ^ seed;
  let low = 0x41c6ce57 ^ seed;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}
