import { z } from 'zod';

/** Which requests a fault aims at; `lists` and `lookups` are `GET /Users` or `/Groups` without and with a filter. */
export const AIMS = ['everything', 'reads', 'lists', 'lookups', 'writes', 'creates', 'changes', 'deletes', 'groups'] as const;
export type Aim = (typeof AIMS)[number];

/** When a fault strikes, counted over the requests it aims at. `share` is drawn from the seed. */
export const when = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('always') }),
  z.strictObject({ is: z.literal('every'), nth: z.int().min(1) }),
  z.strictObject({ is: z.literal('next'), requests: z.int().min(1) }),
  z.strictObject({ is: z.literal('after'), requests: z.int().min(0) }),
  z.strictObject({ is: z.literal('share'), of: z.number().min(0).max(1) }),
]);
export type When = z.output<typeof when>;

const always: When = { is: 'always' };
const struck = (aim: Aim) => ({ when: when.default(always), aim: z.enum(AIMS).default(aim) });
const seconds = z.int().min(0).max(86_400);

/** `Retry-After` of RFC 9110 §10.2.3: a number of seconds, an HTTP date that many seconds ahead, or none. */
const retryAfter = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('seconds'), seconds }),
  z.strictObject({ is: z.literal('date'), seconds }),
  z.strictObject({ is: z.literal('none') }),
]);
export type RetryAfter = z.output<typeof retryAfter>;

/** Everything that can be made to go wrong, each seen on a real SCIM service. One of a kind can be on at a time. */
export const fault = z.discriminatedUnion('is', [
  /** 429. */
  z.strictObject({ is: z.literal('too-many-requests'), ...struck('everything'), retryAfter: retryAfter.default({ is: 'seconds', seconds: 1 }) }),
  /** The answer comes late; what was asked is done. */
  z.strictObject({ is: z.literal('slow'), ...struck('everything'), ms: z.int().min(1).max(120_000) }),
  /** 409 without `scimType`, and nothing is a duplicate. */
  z.strictObject({ is: z.literal('conflict'), ...struck('creates'), detail: z.string().default('Profile is required') }),
  /** 400 invalidValue where the attribute is written: `phoneNumbers`, `name.middleName`, `urn:…:2.0:User:costCenter`. */
  z.strictObject({ is: z.literal('rejected-attribute'), attribute: z.string().min(1) }),
  /** 400 invalidValue for e-mail addresses of the domain. */
  z.strictObject({ is: z.literal('unverified-domain'), domain: z.string().min(1) }),
  /** 404 for these users, or for a share of all users drawn from the seed; they are missing in lists and look-ups. */
  z.strictObject({ is: z.literal('vanishing'), ids: z.array(z.string()).default([]), share: z.number().min(0).max(1).default(0) }),
  /** What was asked is done, then the connection is destroyed instead of an answer. */
  z.strictObject({ is: z.literal('lost-reply'), ...struck('writes') }),
  /** What was asked is done, and half of the answer's body comes: then the connection is destroyed, or the answer ends as if that were all. */
  z.strictObject({ is: z.literal('truncated-body'), ...struck('everything'), end: z.enum(['hangs-up', 'short']).default('hangs-up') }),
  /** The connection is destroyed and nothing is done. */
  z.strictObject({ is: z.literal('dropped-connection'), ...struck('everything') }),
  z.strictObject({
    is: z.literal('server-error'),
    ...struck('everything'),
    status: z.union([z.literal(500), z.literal(502), z.literal(503), z.literal(504)]).default(500),
    retryAfter: retryAfter.default({ is: 'none' }),
  }),
  /** An HTML page in place of SCIM JSON, as proxies and sign-in pages send. */
  z.strictObject({ is: z.literal('html-body'), ...struck('everything'), status: z.union([z.literal(200), z.literal(403), z.literal(502)]).default(502) }),
  z.strictObject({ is: z.literal('cannot-delete'), status: z.union([z.literal(403), z.literal(405), z.literal(501)]).default(405) }),
  /** 401; with `after` a token that dies in the middle of a run. */
  z.strictObject({ is: z.literal('token-expired'), when: when.default(always) }),
  /** Pages hold half of the rows asked for; `totalResults` stays true. */
  z.strictObject({ is: z.literal('half-pages') }),
  /** `totalResults` is the number of rows on the page, or one page too many, or half. */
  z.strictObject({ is: z.literal('wrong-total'), total: z.enum(['page', 'more', 'half']).default('page') }),
  /** No page holds more rows than this, whatever was asked. */
  z.strictObject({ is: z.literal('page-cap'), rows: z.int().min(1) }),
  /** `startIndex` is ignored: every page is the first one. */
  z.strictObject({ is: z.literal('stuck-pages') }),
  /** Deactivated users are not found by reading, though their userName stays taken. */
  z.strictObject({ is: z.literal('inactive-hidden') }),
  /** Look-ups compare letter case, creates do not (scimmy's own filter does this). */
  z.strictObject({ is: z.literal('case-exact') }),
]);
export type Fault = z.output<typeof fault>;
/** A fault as it is written: everything with a default may be left out. */
export type FaultInput = z.input<typeof fault>;
export type FaultName = Fault['is'];
export type FaultOf<N extends FaultName> = Extract<Fault, { is: N }>;

export const FAULT_NAMES: readonly FaultName[] = fault.options.map((option) => option.shape.is.value);
