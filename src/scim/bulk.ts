import { isObject } from './user.ts';

/** A request that travels inside a Bulk request (RFC 7644 §3.7); `path` is under the base URL. */
export interface BulkOperation {
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly data?: unknown;
  /** Of a POST, which needs one: unique within its request. */
  readonly bulkId?: string;
}

/** What became of one operation, as its own request would have been answered; `text` is empty where no body was told. */
export interface OperationAnswer {
  readonly status: number;
  readonly location: string | null;
  readonly text: string;
}

/** One row of a BulkResponse, as far as it can be read. */
interface Row {
  readonly method: string | null;
  readonly bulkId: string | null;
  readonly location: string | null;
  readonly answer: OperationAnswer | null;
}

/** A BulkRequest; without `failOnErrors` every operation is tried, whatever became of the others. */
export function bulkRequest(operations: readonly BulkOperation[], failOnErrors?: number): Readonly<Record<string, unknown>> {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
    ...(failOnErrors === undefined ? {} : { failOnErrors }),
    Operations: operations,
  };
}

/** Values that name another operation's resource (RFC 7644 §3.7.2); in somebody's data they would be replaced. */
export function namesBulkId(json: string): boolean {
  return json.includes('"bulkId:');
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A text, a number, or wrapped in an object: `{"code":"201"}`. */
function statusOf(json: unknown): number | null {
  const status = Number(isObject(json) ? json.code : (json ?? Number.NaN));
  return status >= 200 && status < 600 ? status : null;
}

function readRow(json: unknown): Row {
  if (!isObject(json)) return { method: null, bulkId: null, location: null, answer: null };
  const status = statusOf(json.status);
  const location = textOf(json.location);
  const { response } = json;
  const text = response === undefined || response === null ? '' : JSON.stringify(response);
  return {
    method: textOf(json.method)?.toUpperCase() ?? null,
    bulkId: textOf(json.bulkId),
    location,
    answer: status === null ? null : { status, location, text },
  };
}

/** `PATCH Users/u1`: of an absolute location as of a path. Null where it names no resource. */
function nameOf(method: string | null, location: string | null): string | null {
  const [id, collection] = location?.split(/[?#]/)[0]?.split('/').reverse() ?? [];
  if (method === null || id === undefined || id === '' || collection === undefined) return null;
  try {
    return `${method} ${collection}/${decodeURIComponent(id)}`;
  } catch {
    return `${method} ${collection}/${id}`;
  }
}

function keyOf({ method, path, bulkId }: BulkOperation): string | null {
  return bulkId ?? nameOf(method, path);
}

/** The rows by what names them; several may name the same. */
function byName(rows: readonly Row[]): ReadonlyMap<string, Row[]> {
  const named = new Map<string, Row[]>();
  for (const row of rows) {
    const key = row.bulkId ?? nameOf(row.method, row.location);
    if (key === null) continue;
    const same = named.get(key);
    if (same === undefined) named.set(key, [row]);
    else same.push(row);
  }
  return named;
}

/**
 * What a BulkResponse tells of each operation that was asked for, in their order; null for one that it does not tell of.
 * A POST is known by its bulkId alone: taking another one's row for it would link a stranger's account. The others are
 * known by location, or by their place where every operation has a row. Null where it is no BulkResponse.
 */
export function readBulk(json: unknown, asked: readonly BulkOperation[]): readonly (OperationAnswer | null)[] | null {
  if (!isObject(json) || !Array.isArray(json.Operations)) return null;
  const rows = json.Operations.map(readRow);
  const named = byName(rows);
  const known = asked.map((operation) => named.get(keyOf(operation) ?? '')?.shift());
  const taken = new Set(known);
  return asked.map(({ method }, at) => {
    const there = method === 'POST' || rows.length !== asked.length ? undefined : rows[at];
    const row = known[at] ?? (there === undefined || taken.has(there) || (there.method ?? method) !== method ? undefined : there);
    return row?.answer ?? null;
  });
}
