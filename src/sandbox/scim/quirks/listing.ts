import { type Answer, Refused } from './answer.ts';
import type { Json } from './patching.ts';
import type { Quirks } from './quirks.ts';

const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
const FILTER = /^([\w.]+) eq ("(?:[^"\\]|\\.)*")$/;

/** Attribute and value of `attribute eq "value"`, the one filter there is; undefined for anything else. */
export function wantedBy(filter: string): { readonly attribute: string; readonly value: string } | undefined {
  const [, attribute, quoted] = FILTER.exec(filter) ?? [];
  return attribute === undefined || quoted === undefined ? undefined : { attribute, value: String(JSON.parse(quoted)) };
}

/** Whether a filter finds this user. */
export function matches(json: Json, filter: string, quirks: Quirks): boolean {
  if (quirks.refusesQuotes === true && filter.includes('\\"')) throw new Refused(400, 'the filter can not be read', 'invalidFilter');
  const { attribute, value } = wantedBy(filter) ?? { attribute: '', value: '' };
  if (attribute === 'externalId') return quirks.noExternalIdFilter !== true && json.externalId === value;
  const shown = String(json[attribute] ?? '');
  // Server B compares without letter case what it stores with it.
  return quirks.caseExactFilter === true ? shown === value : shown.toLowerCase() === value.toLowerCase();
}

/** The page that the request asks for (RFC 7644 §3.4.2.4). */
export function page(all: readonly Json[], url: URL, quirks: Quirks): Answer {
  const start = Math.max(1, Number(url.searchParams.get('startIndex') ?? 1));
  const count = Math.min(Number(url.searchParams.get('count') ?? 100), quirks.cap ?? 1_000);
  const rows = all.slice(start - 1, start - 1 + count);
  const totalResults = quirks.totals === 'page' ? rows.length : all.length;
  return { status: 200, body: { schemas: [LIST], totalResults, startIndex: start, itemsPerPage: rows.length, Resources: rows } };
}
