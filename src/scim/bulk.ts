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
  /** Of whom it tells, as in `keyOf`; null where it does not say. */
  readonly key: string | null;
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
  if (!isObject(json)) return { method: null, key: null, answer: null };
  const method = textOf(json.method)?.toUpperCase() ?? null;
  const status = statusOf(json.status);
  const location = textOf(json.location);
  const { response } = json;
  const text = response === undefined || response === null ? '' : JSON.stringify(response);
  const id = isObject(response) ? textOf(response.id) : null;
  const bulkId = textOf(json.bulkId);
  // One that can't be read names somebody all the same.
  const named = location ?? (id === null ? null : `/Users/${encodeURIComponent(id)}`);
  return {
    method,
    key: method === null || method === 'POST' ? (bulkId ?? named) : (nameOf(method, named) ?? named ?? bulkId),
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
    if (row.key === null) continue;
    const same = named.get(row.key);
    if (same === undefined) named.set(row.key, [row]);
    else same.push(row);
  }
  return named;
}

/** Whether it makes no difference which of the rows is whose. */
function agree([first, ...others]: readonly Row[]): boolean {
  const one = first?.answer;
  if (one == null) return false;
  return others.every(({ answer }) => answer !== null && (one.status < 300 ? answer.status < 300 : answer.status === one.status && answer.text === one.text));
}

/**
 * What a BulkResponse tells of each operation that was asked for, in their order; null for one that it does not tell of.
 * A POST is known by its bulkId alone: taking another one's row for it would link a stranger's account. The others are
 * known by location, which each row of theirs must have. Rows that name nobody are those of the operations that are left, where they all say the same: their
 * place proves nothing, and another one's 404 would make an account twice, or end one that is still active. Null where it is no BulkResponse.
 */
export function readBulk(json: unknown, asked: readonly BulkOperation[]): readonly (OperationAnswer | null)[] | null {
  if (!isObject(json) || !Array.isArray(json.Operations)) return null;
  const rows = json.Operations.map(readRow);
  const named = byName(rows);
  const known = asked.map((operation) => named.get(keyOf(operation) ?? '')?.shift());
  const left = asked.filter(({ method }, at) => known[at] === undefined && method !== 'POST');
  const nameless = rows.filter(({ key, method }) => key === null && method !== 'POST');
  const isTheirs = rows.length === asked.length && nameless.length === left.length && agree(nameless);
  const rest = isTheirs && left.every(({ method }, at) => (nameless[at]?.method ?? method) === method) ? [...nameless] : [];
  return asked.map(({ method }, at) => (known[at] ?? (method === 'POST' ? undefined : rest.shift()))?.answer ?? null);
}
