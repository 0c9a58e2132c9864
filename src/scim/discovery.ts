import type { Announced } from '../ports/target.ts';
import { isObject } from './user.ts';

const MOST_OPERATIONS = 1_000;

function supported(json: unknown): boolean {
  return isObject(json) && json.supported === true;
}

/** What a ServiceProviderConfig (RFC 7643 §5) announces; null where it is none. */
export function readAnnounced(json: unknown): Announced | null {
  if (!isObject(json)) return null;
  const { bulk, etag } = json;
  const most = isObject(bulk) ? Number(bulk.maxOperations ?? MOST_OPERATIONS) : Number.NaN;
  return { bulk: supported(bulk) && most >= 1 ? Math.min(most, MOST_OPERATIONS) : null, etag: supported(etag) };
}

/** One PATCH of a user as a Bulk request (RFC 7644 §3.7). */
export function bulkOf(path: string, data: unknown): Readonly<Record<string, unknown>> {
  return { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'], failOnErrors: 1, Operations: [{ method: 'PATCH', path, data }] };
}

/** Whether the one operation of a BulkResponse succeeded; some servers wrap its status in an object. */
export function bulkSucceeded(json: unknown): boolean {
  if (!isObject(json) || !Array.isArray(json.Operations)) return false;
  const [operation]: unknown[] = json.Operations;
  if (!isObject(operation)) return false;
  const { status } = operation;
  const code = Number(isObject(status) ? status.code : status);
  return code >= 200 && code < 300;
}
