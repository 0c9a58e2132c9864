import express, { type ErrorRequestHandler, type Express, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import { addressOfLink } from '../domain/enrollment/invitation.ts';
import { ICON } from '../../views/enrollment-page/frame.ts';
import { STYLE } from '../../views/enrollment-page/style.ts';
import { ICON_IMAGE } from '../../views/enrollment-page/icon.ts';
import { sendSaying, STYLE_PATH } from './answer.ts';
import { isSameOrigin } from './same-origin.ts';
import { Recent } from './recent.ts';
import type { Seal } from './sealed.ts';
import { type PageOutside, showInvitation, takeForm } from './visit.ts';

export interface AppParts {
  readonly outside: () => PageOutside;
  readonly seal: Seal;
  /** The public address, without a slash at the end. */
  readonly url: string;
  /** Who may say in `X-Forwarded-For` which address asks: so many proxies, or those addresses; nobody where false. */
  readonly trustProxy: false | number | readonly string[];
  /** Requests that one address may make in a minute. */
  readonly requestsPerMinute: number;
}

const MINUTE = 60_000;
const LINK = addressOfLink('', ':secret');
/** A form is a proof, a type and a serial: far less than this. */
const LARGEST_FORM = '4kb';
const MOST_FIELDS = 8;

/** The page as an Express app. It answers everything that comes, and only a POST with the page's own form changes anything. */
export function createApp(parts: AppParts): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple').set('trust proxy', trusted(parts.trustProxy));
  app.use(headers(parts.url));
  app.get(STYLE_PATH, kept('css', STYLE));
  app.get(ICON, kept('svg', ICON_IMAGE));
  app.use(limited(parts.requestsPerMinute));
  app.get('/robots.txt', (_request, response) => void response.type('text').send('User-agent: *\nDisallow: /\n'));
  app.get('/', (request, response) => sendSaying(request, response, 200, (words) => words.root, { path: '/' }));
  const recent = new Recent();
  const visiting = () => ({ outside: parts.outside(), seal: parts.seal, recent });
  app.get(LINK, (request, response) => showInvitation(visiting(), request, response));
  const form = express.urlencoded({ extended: false, limit: LARGEST_FORM, parameterLimit: MOST_FIELDS });
  app.post(LINK, ownForm(parts.url), form, (request, response) => takeForm(visiting(), request, response));
  app.all(LINK, (request, response) => sendSaying(request, response.set('allow', 'GET, HEAD, POST'), 405, (words) => words.notAllowed));
  app.use((request, response) => sendSaying(request, response, 404, (words) => words.notFound, { path: '/' }));
  app.use(boundary(parts.outside));
  return app;
}

function trusted(trustProxy: AppParts['trustProxy']): false | number | string[] {
  return typeof trustProxy === 'object' ? [...trustProxy] : trustProxy;
}

/** What every answer carries: nothing is framed, sniffed, indexed, kept on the way or told to the next page; no script runs. */
function headers(url: string): RequestHandler[] {
  const secured = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: url.startsWith('https:') ? { maxAge: 31_536_000, includeSubDomains: false } : false,
  });
  return [
    secured,
    (_request, response, next) => {
      response.set({
        'cache-control': 'no-store',
        'x-robots-tag': 'noindex, nofollow, noarchive, nosnippet',
        'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
      });
      next();
    },
  ];
}

function kept(type: string, text: string): RequestHandler {
  return (_request, response) => void response.set('cache-control', 'public, max-age=31536000, immutable').type(type).send(text);
}

/** By address, an IPv6 one by its /56. Its own checks are off: they warn about settings that the configuration has checked. */
function limited(limit: number): RequestHandler {
  return rateLimit({
    windowMs: MINUTE,
    limit,
    legacyHeaders: false,
    standardHeaders: false,
    validate: false,
    handler: (request, response) => {
      const seconds = Number(response.getHeader('retry-after') ?? MINUTE / 1_000);
      sendSaying(request, response.set('retry-after', String(seconds)), 429, (words) => words.tooMany(seconds));
    },
  });
}

/** Turns forms of other pages away before anything of them is read (CSRF). */
function ownForm(url: string): RequestHandler {
  const { origin } = new URL(url);
  return (request, response, next) => {
    if (isSameOrigin(request.headers, origin)) next();
    else sendSaying(request, response, 403, (words) => words.forbidden, { path: null });
  };
}

/** The one place where something that went wrong becomes a page: with what to do, and the reference that finds it in the log (X7). */
function boundary(outside: () => PageOutside): ErrorRequestHandler {
  return (error: unknown, request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) return next(error);
    const status = clientFault(error);
    if (status !== null) return sendSaying(request, response, status, (words) => (status === 413 ? words.tooLarge : words.unreadable));
    const { chance, log } = outside();
    const reference = chance.reference();
    log.error({ reference, method: request.method, err: withoutLinks(error) }, 'the enrollment page could not answer');
    sendSaying(request, response, 500, (words) => words.apology(reference));
  };
}

/** The status of what Express and its parsers refuse (`http-errors`); null for everything else. */
function clientFault(error: unknown): number | null {
  const status = error instanceof Error && 'status' in error ? error.status : null;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null;
}

/** An error as it may stand in the log: a link lets somebody in, so none stands there, whatever the message quotes. */
function withoutLinks(error: unknown): { readonly name: string; readonly message: string; readonly stack: string } {
  const cut = (text: string): string => text.replace(/[A-Za-z0-9_-]{43,}/g, '[link]');
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  return { name, message: cut(message), stack: cut(stack ?? '') };
}
