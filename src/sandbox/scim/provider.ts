import { timingSafeEqual } from 'node:crypto';
import express from 'express';
import type { ErrorRequestHandler, Express, Request, RequestHandler } from 'express';
import SCIMMYRouters, { SCIMMY } from 'scimmy-routers';
import { gate, scimError } from './gate.ts';
import { ProviderState } from './provider-state.ts';
import { BODY_LIMIT } from './resources.ts';

/** Where SCIM is served. */
export const SCIM_BASE = '/scim/v2';

export interface ProviderOptions {
  /** The bearer token that clients must send. */
  readonly token: string;
  /** Milliseconds since 1970; the machine's clock by default. */
  readonly clock?: () => number;
  /** The seat total of `/Seats`; 500 by default. */
  readonly seats?: number;
  /** Of everything that mischief draws; 1 by default. */
  readonly seed?: number;
}

/** The SCIM side of the stand-in as an Express app (SCIM below `SCIM_BASE`), and what it remembers. */
export interface Provider {
  readonly app: Express;
  readonly state: ProviderState;
}

/** Express 5 parses the query anew at every look, so that scimmy-routers' numbers for `startIndex` and `count` are lost: parsed once and kept. */
const keptQuery: RequestHandler = (req, _res, next) => {
  Object.defineProperty(req, 'query', { value: { ...req.query }, writable: true, configurable: true, enumerable: true });
  next();
};

function isAuthorized(req: Request, token: string): boolean {
  const sent = Buffer.from(req.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return sent.length === wanted.length && timingSafeEqual(sent, wanted);
}

function authorized(req: Request, token: string): string {
  if (isAuthorized(req, token)) return '';
  req.res?.set('WWW-Authenticate', 'Bearer');
  throw new Error('Authorization failed: the bearer token is missing or wrong');
}

/** The seat total and how many are used, for rule E12: all active users. */
function seats(state: ProviderState): RequestHandler {
  return (req, res) => {
    if (!isAuthorized(req, state.token)) scimError(res.set('WWW-Authenticate', 'Bearer'), 401, 'Authorization failed: the bearer token is missing or wrong');
    else res.json({ total: state.seats, used: state.accounts.active });
  };
}

function routers(state: ProviderState): SCIMMYRouters {
  // The list of schemes is the process's: a second provider would add its own to it.
  SCIMMY.Config.set({ authenticationSchemes: [] });
  return new SCIMMYRouters({
    type: 'bearer',
    handler: (req) => authorized(req, state.token),
    context: () => state,
    baseUri: (req) => `${req.protocol}://${req.headers.host ?? 'localhost'}`,
  });
}

/** What went wrong before scimmy saw the request (a broken or too large body); what scimmy has answered is left alone. */
const faulty: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  if (res.headersSent || res.destroyed) return;
  const status = typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number' ? error.status : 500;
  if (status >= 500) next(error);
  else scimError(res, status, error instanceof Error ? error.message : 'Bad request', status === 400 ? 'invalidSyntax' : undefined);
};

/**
 * A SCIM 2.0 service provider in memory, by scimmy and scimmy-routers: Users (core and enterprise), Groups, filters,
 * paging, PATCH, Bulk, `/Seats`. ETags are Express's content hashes and `If-Match` is not looked at, as scimmy leaves it.
 */
export function createProvider(options: ProviderOptions): Provider {
  const { token, clock = Date.now, seats: total = 500, seed = 1 } = options;
  const state = new ProviderState({ token, clock, seats: total, seed });
  const app = express();
  app.disable('x-powered-by');
  const scim = express.Router();
  scim.use(keptQuery, gate(state, express.json({ type: ['application/scim+json', 'application/json'], limit: BODY_LIMIT })));
  scim.get('/Seats', seats(state));
  scim.use(routers(state));
  app.use(SCIM_BASE, scim, faulty);
  return { app, state };
}
