import express, { type Request, type Router } from 'express';
import { type Answer, answering, plain } from './answering.ts';
import { COVERAGE, type Covered, type Scope } from './coverage.ts';
import { type Dict, dictOf, parsed, textOf } from './json.ts';
import type { Parts } from './parts.ts';
import { Refused } from './refused.ts';
import { answerResponseUrl } from './responses.ts';
import { needScope } from './web-api/access.ts';
import { METHODS } from './web-api/index.ts';

const ROWS: ReadonlyMap<string, Covered> = new Map(COVERAGE.map((row) => [row.method, row]));
/** Methods that Slack throttles harder when they are called without `limit`. */
const PAGED: ReadonlySet<string> = new Set([
  'conversations.list',
  'conversations.members',
  'conversations.history',
  'conversations.replies',
  'users.list',
  'users.conversations',
]);

/** Arguments as they came: a form, JSON or a query. The token is not one of them. */
function argumentsOf(request: Request): Dict {
  const { token: _token, ...args } = { ...request.query, ...dictOf(request.body) };
  return args;
}

function tokenOf(request: Request): string {
  const header = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  return header ?? textOf(dictOf(request.body).token);
}

/** Refused: `not_authed`, `invalid_auth`, `not_allowed_token_type`, `missing_scope`. */
function checkToken(parts: Parts, method: string, scope: Scope, token: string): void {
  const { botToken, appToken } = parts.settings;
  if (method === 'api.test') return;
  if (token === '') throw new Refused('not_authed');
  if (token !== botToken && token !== appToken) throw new Refused('invalid_auth');
  if ((scope.is === 'app') !== (token === appToken)) {
    parts.failures.record('bad-token', method, scope.is === 'app' ? 'wants the app-level token' : 'wants the bot token');
    throw new Refused('not_allowed_token_type');
  }
  if (scope.is === 'bot') needScope(parts, method, scope.needs);
}

/** The log keeps what a test reads: JSON inside of forms opened. */
function opened(args: Dict): Dict {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [name, typeof value === 'string' && /^[[{]/.test(value) ? (parsed(value) ?? value) : value]),
  );
}

async function run(parts: Parts, request: Request, method: string, args: Dict): Promise<Answer> {
  const row = ROWS.get(method);
  const handler = METHODS[method];
  if (row === undefined || handler === undefined) {
    parts.failures.record('unknown-method', method, 'the stand-in does not play it');
    return plain({ ok: false, error: 'unknown_method', req_method: method });
  }
  try {
    checkToken(parts, method, row.scope, tokenOf(request));
    if (method === 'files.getUploadURLExternal' && typeof request.is('application/json') === 'string') throw new Refused('invalid_arguments');
    const cost = PAGED.has(method) && args.limit === undefined ? 2 : 1;
    const wait = parts.rateLimits.wait(method, row.tier, textOf(args.channel), cost);
    if (wait > 0) return { status: 429, body: { ok: false, error: 'ratelimited' }, headers: { 'retry-after': String(wait) } };
    return plain({ ok: true, ...(await handler(args, parts)) });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return plain({ ok: false, error: error.code, ...error.extra });
  }
}

/** `/api/<method>`: forms with JSON strings inside, or JSON; Bearer tokens. */
export function apiRoutes(parts: Parts): Router {
  const router = express.Router();
  router.use(express.urlencoded({ extended: false, limit: '20mb' }), express.json({ limit: '20mb' }));
  router.all('/:method', (request, response) => {
    const method = textOf(request.params.method);
    const args = argumentsOf(request);
    response.set('x-oauth-scopes', [...parts.settings.scopes].join(','));
    return answering(parts, response, method, opened(args), () => run(parts, request, method, args));
  });
  return router;
}

/** `/response/<secret>`: JSON without a token; recorded as the method `response_url`. */
export function responseRoutes(parts: Parts): Router {
  const router = express.Router();
  router.post('/:secret', express.json({ limit: '20mb', type: () => true }), (request, response) =>
    answering(parts, response, 'response_url', dictOf(request.body), () => ({
      ...answerResponseUrl(parts, textOf(request.params.secret), request.body),
      headers: {},
    })),
  );
  return router;
}
