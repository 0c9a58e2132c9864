import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { FaultName, RetryAfter } from './faults.ts';
import type { Kind } from './requests.ts';
import { kindOf, nameOf } from './requests.ts';
import type { ProviderState } from './provider-state.ts';
import { addressesOf, writtenAttributes } from './written.ts';

/** Bodies longer than this are not remembered with the exchange. */
const REMEMBERED_BODY = 65_536;

/** A SCIM error (RFC 7644 §3.12); scimmy's own message class refuses statuses such as 429. */
export function scimError(res: Response, status: number, detail: string, scimType?: string): void {
  const body = { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: String(status), ...(scimType === undefined ? {} : { scimType }), detail };
  res.status(status).type('application/scim+json').send(JSON.stringify(body));
}

/** One request on its way through the faults. */
interface Passage {
  readonly state: ProviderState;
  readonly req: Request;
  readonly res: Response;
  readonly kind: Kind;
  readonly struck: FaultName[];
}

/** The token stands in one header and nowhere else. */
function headersOf(req: Request): Record<string, string> {
  const { authorization: _, ...rest } = req.headers;
  return Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)]));
}

/** Counts the request and remembers how it ended. */
function witness({ state, req, res, kind, struck }: Passage): void {
  const at = state.clock();
  const begun = performance.now();
  // Taken now: routers further in shorten `req.url`.
  const path = req.url;
  res.once('close', () => {
    const long = Number(req.headers['content-length'] ?? 0) > REMEMBERED_BODY;
    const status = res.writableFinished ? res.statusCode : null;
    const body: unknown = long ? null : (req.body ?? null);
    const ms = Math.round(performance.now() - begun);
    state.traffic.add({ at, method: req.method, path, kind: nameOf(kind), headers: headersOf(req), body, status, ms, faults: [...struck] });
    state.changed();
  });
}

function sendRetryAfter({ state, res }: Passage, retry: RetryAfter): void {
  switch (retry.is) {
    case 'seconds':
      res.set('Retry-After', String(retry.seconds));
      return;
    case 'date':
      res.set('Retry-After', new Date(state.clock() + retry.seconds * 1_000).toUTCString());
      return;
    case 'none':
      return;
  }
}

/** A fault that answers in the provider's place: true when it struck. */
type Stand = (passage: Passage) => boolean;

/** In this order, so that what a network or a proxy does comes before what an application does. */
const STANDS: readonly (readonly [FaultName, Stand])[] = [
  ['dropped-connection', dropped],
  ['too-many-requests', tooMany],
  ['server-error', serverError],
  ['html-body', htmlBody],
  ['token-expired', tokenExpired],
  ['cannot-delete', cannotDelete],
  ['vanishing', vanished],
  ['inactive-hidden', inactiveHidden],
  ['conflict', conflict],
  ['rejected-attribute', rejectedAttribute],
  ['unverified-domain', unverifiedDomain],
];

function dropped({ state, req, kind }: Passage): boolean {
  if (state.mischief.strikes('dropped-connection', kind) === undefined) return false;
  req.socket.destroy();
  return true;
}

function tooMany(passage: Passage): boolean {
  const fault = passage.state.mischief.strikes('too-many-requests', passage.kind);
  if (fault === undefined) return false;
  sendRetryAfter(passage, fault.retryAfter);
  scimError(passage.res, 429, 'Too many requests');
  return true;
}

function serverError(passage: Passage): boolean {
  const fault = passage.state.mischief.strikes('server-error', passage.kind);
  if (fault === undefined) return false;
  sendRetryAfter(passage, fault.retryAfter);
  scimError(passage.res, fault.status, fault.status === 503 ? 'Service unavailable' : 'Internal error');
  return true;
}

function htmlBody({ state, res, kind }: Passage): boolean {
  const fault = state.mischief.strikes('html-body', kind);
  if (fault === undefined) return false;
  res.status(fault.status).type('html').send('<!doctype html><html><head><title>Sorry</title></head><body><h1>We will be right back</h1></body></html>');
  return true;
}

function tokenExpired({ state, res, kind }: Passage): boolean {
  if (state.mischief.strikes('token-expired', kind) === undefined) return false;
  res.set('WWW-Authenticate', 'Bearer error="invalid_token"');
  scimError(res, 401, 'The access token expired');
  return true;
}

function cannotDelete({ state, req, res, kind }: Passage): boolean {
  const fault = req.method === 'DELETE' ? state.mischief.strikes('cannot-delete', kind) : undefined;
  if (fault === undefined) return false;
  scimError(res, fault.status, 'Deleting is not supported');
  return true;
}

function userOf({ state, kind }: Passage) {
  return kind.path === '/Users/{id}' && kind.id !== null ? state.accounts.users.get(kind.id) : undefined;
}

function vanished(passage: Passage): boolean {
  const user = userOf(passage);
  if (user === undefined || !passage.state.mischief.vanished(user)) return false;
  passage.state.mischief.strikes('vanishing', passage.kind);
  scimError(passage.res, 404, `Resource ${user.id} not found`);
  return true;
}

function inactiveHidden(passage: Passage): boolean {
  const user = passage.req.method === 'GET' ? userOf(passage) : undefined;
  if (user === undefined || user.attributes.active || passage.state.mischief.strikes('inactive-hidden', passage.kind) === undefined) return false;
  scimError(passage.res, 404, `Resource ${user.id} not found`);
  return true;
}

function conflict({ state, res, kind }: Passage): boolean {
  const fault = state.mischief.strikes('conflict', kind);
  if (fault === undefined) return false;
  scimError(res, 409, fault.detail);
  return true;
}

function rejectedAttribute({ state, req, res, kind }: Passage): boolean {
  const asked = state.mischief.on('rejected-attribute')?.attribute.replace(/\[[^\]]*\]/g, '');
  if (asked === undefined || !writtenAttributes(req.body).has(asked.toLowerCase())) return false;
  state.mischief.strikes('rejected-attribute', kind);
  scimError(res, 400, `Attribute '${asked}' is not supported`, 'invalidValue');
  return true;
}

function unverifiedDomain({ state, req, res, kind }: Passage): boolean {
  const domain = state.mischief.on('unverified-domain')?.domain;
  if (domain === undefined || addressesOf(req.body, domain).length === 0) return false;
  state.mischief.strikes('unverified-domain', kind);
  scimError(res, 400, 'email domain not verified', 'invalidValue');
  return true;
}

/** Lets the handler do its work and destroys the connection when it begins to answer. */
function loseReply({ req, res }: Passage): void {
  const lose = () => {
    req.socket.destroy();
    return res;
  };
  Object.assign(res, { writeHead: lose, write: () => false, end: lose });
}

/** Lets the handler do its work and sends half of the body that it answers with. */
function truncate({ req, res }: Passage, end: 'hangs-up' | 'short'): void {
  const whole = res.end.bind(res);
  const half = (body?: unknown) => {
    if (typeof body !== 'string' && !Buffer.isBuffer(body)) return whole();
    const bytes = Buffer.from(body);
    const part = bytes.subarray(0, Math.floor(bytes.length / 2));
    res.setHeader('Content-Length', end === 'short' ? part.length : bytes.length);
    if (end === 'short') return whole(part);
    res.write(part, () => req.socket.destroy());
    return res;
  };
  Object.assign(res, { end: half });
}

/** Middleware in front of the SCIM routers: counts every request, parses its body, and lets the faults that are on strike. */
export function gate(state: ProviderState, parse: RequestHandler): RequestHandler {
  return (req: Request, res: Response, next: NextFunction) => {
    const passage: Passage = { state, req, res, kind: kindOf(req), struck: [] };
    witness(passage);
    parse(req, res, (error?: unknown) => {
      if (error === undefined) pass(passage, next).catch(next);
      else next(error);
    });
  };
}

async function pass(passage: Passage, next: NextFunction): Promise<void> {
  const { state } = passage;
  const slow = state.mischief.strikes('slow', passage.kind);
  if (slow !== undefined) {
    passage.struck.push('slow');
    await new Promise((resolve) => setTimeout(resolve, slow.ms));
  }
  for (const [name, stand] of STANDS) {
    if (!stand(passage)) continue;
    passage.struck.push(name);
    return;
  }
  if (state.mischief.strikes('lost-reply', passage.kind) !== undefined) {
    passage.struck.push('lost-reply');
    loseReply(passage);
    next();
    return;
  }
  const truncated = state.mischief.strikes('truncated-body', passage.kind);
  if (truncated !== undefined) {
    passage.struck.push('truncated-body');
    truncate(passage, truncated.end);
  }
  next();
}
