import type { Announced } from '../ports/target.ts';
import { isObject } from './user.ts';

/** However many a target announces: more must all be done within the time of one request, and a lost reply leaves all of them unknown. */
const MOST_OPERATIONS = 100;

function supported(json: unknown): boolean {
  return isObject(json) && json.supported === true;
}

/** What a ServiceProviderConfig (RFC 7643 §5) announces; null where it is none. */
export function readAnnounced(json: unknown): Announced | null {
  if (!isObject(json)) return null;
  const { bulk, etag } = json;
  return { bulk: isObject(bulk) && supported(bulk) ? readBulkLimits(bulk) : null, etag: supported(etag) };
}

/** Null where not even one operation may travel so. */
function readBulkLimits({ maxOperations, maxPayloadSize }: Readonly<Record<string, unknown>>): Announced['bulk'] {
  const most = Math.floor(Number(maxOperations ?? MOST_OPERATIONS));
  const bytes = Number(maxPayloadSize ?? Number.NaN);
  return most >= 1 ? { maxOperations: Math.min(most, MOST_OPERATIONS), ...(bytes >= 1 ? { maxPayloadSize: bytes } : {}) } : null;
}
