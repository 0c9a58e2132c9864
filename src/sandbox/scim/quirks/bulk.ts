import { type Answer, Refused, refusal } from './answer.ts';
import { isJson, type Json } from './patching.ts';

/** How a service takes Bulk requests (RFC 7644 §3.7); without it there is none: 404. */
export interface BulkQuirks {
  /** The whole request is answered so, and nothing of it is done. */
  readonly refuses?: number;
  /** Operations that one request may hold; more is 413. */
  readonly most?: number;
  /** Wraps each status in an object: `{"code":"201"}` (server B). */
  readonly wraps?: boolean;
  /** Every operation is answered so, and none is done. */
  readonly fails?: number;
  /** Methods that it has outside of Bulk only: 501. */
  readonly without?: string;
  /** Answers so many operations only, though it does all. */
  readonly tells?: number;
  /** Does so many operations and drops the connection. */
  readonly dropsAfter?: number;
  /** Answers in another order than asked. */
  readonly backwards?: boolean;
  /** Leaves bulkIds out. */
  readonly nameless?: boolean;
}

const RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse';

function answered(operation: Json, one: (operation: Json) => Answer): Answer {
  try {
    return one(operation);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return refusal(error);
  }
}

/** A row of the answer; successes without their resources, as most have it. */
function row({ method, path, bulkId }: Json, { status, body }: Answer, bulk: BulkQuirks): Json {
  const id = status === 201 && isJson(body) ? `/${String(body.id)}` : '';
  return {
    method,
    ...(bulkId === undefined || bulk.nameless === true ? {} : { bulkId }),
    ...(method === 'POST' && status >= 300 ? {} : { location: `https://quirky.invalid${String(path)}${id}` }),
    status: bulk.wraps === true ? { code: String(status) } : String(status),
    ...(status >= 300 ? { response: body } : {}),
  };
}

/** Carries out a BulkRequest, each operation by `one`. */
export function bulkAnswer(request: unknown, bulk: BulkQuirks | undefined, one: (operation: Json) => Answer): Answer {
  if (bulk === undefined) throw new Refused(404, 'no such endpoint');
  if (bulk.refuses !== undefined) throw new Refused(bulk.refuses, 'Bulk is out of order');
  const operations = isJson(request) && Array.isArray(request.Operations) ? request.Operations.filter(isJson) : [];
  if (operations.length > (bulk.most ?? 1_000)) throw new Refused(413, 'too many operations');
  const rows = operations.map((operation, at) => {
    if (at === bulk.dropsAfter) throw new Error('the connection is dropped');
    const { fails, without } = bulk;
    const status = fails ?? (without === operation.method ? 501 : undefined);
    return row(operation, status === undefined ? answered(operation, one) : { status }, bulk);
  });
  const told = rows.slice(0, bulk.tells ?? rows.length);
  return { status: 200, body: { schemas: [RESPONSE], Operations: bulk.backwards === true ? told.reverse() : told } };
}
