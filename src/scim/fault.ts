import { z } from 'zod';
import type { TargetError } from '../domain/connectors/target-error.ts';
import type { Instant } from '../domain/instant.ts';
import { isObject } from './user.ts';

const ERROR_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:Error';
const LONGEST_MESSAGE = 8_000;

/** What a request wanted; the same status means different things to each. */
export type Purpose =
  /** A look-up or listing of a collection, or any other reading that knows no id. */
  | 'search'
  | 'create'
  /** A PATCH of an id we knew. */
  | 'change'
  /** A GET of an id we knew. */
  | 'read'
  | 'remove';

/** Whether the request may have an effect that a lost reply hides. */
export function writes(purpose: Purpose): boolean {
  return purpose === 'create' || purpose === 'change' || purpose === 'remove';
}

/** An HTTP answer that is no success, and what is needed to name it. */
export interface FailedAnswer {
  readonly purpose: Purpose;
  readonly status: number;
  readonly retryAfter: string | null;
  readonly location: string | null;
  readonly text: string;
  /** Cut out of every message: some providers echo the request. */
  readonly token: string;
  readonly now: Instant;
}

/** The error of RFC 7644 §3.12, and the shapes that other providers use instead; anything misshapen is left out. */
const errorBody = z.looseObject({
  status: z.union([z.string(), z.number()]).optional().catch(undefined),
  scimType: z.string().optional().catch(undefined),
  detail: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  error_description: z.string().optional().catch(undefined),
  errorSummary: z.string().optional().catch(undefined),
  error: z
    .union([z.string(), z.looseObject({ message: z.string() }).transform((error) => error.message)])
    .optional()
    .catch(undefined),
  Errors: z.looseObject({ description: z.string() }).optional().catch(undefined),
});

/** Whether parsed JSON is a SCIM Error, which some servers send with status 200. */
export function isErrorBody(json: unknown): boolean {
  return isObject(json) && Array.isArray(json.schemas) && json.schemas.includes(ERROR_SCHEMA);
}

/** `undefined` where the text is no JSON; servers label JSON as text/html and the reverse, so the label is not read. A byte order mark is. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch {
    return undefined;
  }
}

/** Cuts the token and anything after `Bearer` out of a provider's words, and the words to length. */
export function withoutSecrets(text: string, token: string): string {
  const cut = token === '' ? text : text.replaceAll(token, '[secret]');
  return cut.replace(/\bBearer\s+[\w.~+/=-]+/gi, 'Bearer [secret]').slice(0, LONGEST_MESSAGE);
}

/** `Retry-After` (RFC 9110 §10.2.3) in milliseconds from now: seconds, or an HTTP date; null where it is neither. */
export function retryAfterOf(header: string | null, now: Instant): number | null {
  if (header === null) return null;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1_000);
  const date = /[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/** What a web page says: its title, else its text. */
function wordsOfPage(html: string): string {
  const title = /<title[^>]*>([^<]*)/i.exec(html)?.[1]?.trim();
  const text = title !== undefined && title !== '' ? title : html.replace(/<(script|style)[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' ');
  return text.replace(/\s+/g, ' ').trim().slice(0, 500);
}

/** Whether the text is a web page rather than an answer of a SCIM service. */
export function isPage(text: string): boolean {
  return /^\s*</.test(text);
}

interface Words {
  readonly status: number;
  readonly scimType: string | null;
  readonly message: string;
  readonly scim: boolean;
}

/** Reads the body. The status inside counts only where the outer one claimed success. */
function wordsOf(answer: FailedAnswer): Words {
  const { status, text } = answer;
  const json = parseJson(text);
  const body = errorBody.safeParse(json);
  if (!body.success) {
    const said = isPage(text) ? `answered ${status} with a web page: ${wordsOfPage(text)}` : text.trim();
    return { status, scimType: null, message: said === '' ? `answered ${status} without saying why` : said, scim: false };
  }
  const { detail, message, error_description, errorSummary, error, Errors, scimType } = body.data;
  const said = detail ?? message ?? error_description ?? errorSummary ?? error ?? Errors?.description;
  const inner = Number(body.data.status ?? Number.NaN);
  const claimed = status < 300 && inner >= 300 && inner < 600 ? inner : status;
  const empty = `answered ${claimed} without saying why`;
  return { status: claimed, scimType: scimType === undefined || scimType === '' ? null : scimType, message: said?.trim() || empty, scim: isErrorBody(json) };
}

/** 409 is uniqueness unless it says otherwise; some servers say uniqueness with 400. */
function isTaken(purpose: Purpose, status: number, scimType: string | null): boolean {
  if (purpose !== 'create' && purpose !== 'change') return false;
  return scimType === null ? status === 409 : scimType.toLowerCase() === 'uniqueness' && (status === 409 || status === 400);
}

function nextOf(purpose: Purpose, { status, scimType, scim }: Words): TargetError['next'] {
  if (status === 401) return 'credentials';
  if (status === 429 || status >= 500) return 'again';
  if (status >= 300 && status < 400) return 'unusable';
  if (isTaken(purpose, status, scimType)) return 'taken';
  if (status !== 404 && status !== 410) return 'refused';
  if (purpose === 'change' || purpose === 'read' || purpose === 'remove') return 'gone';
  return scim ? 'refused' : 'unusable';
}

function messageOf(answer: FailedAnswer, words: Words, next: TargetError['next']): string {
  if (words.status >= 300 && words.status < 400) {
    const to = answer.location === null ? 'elsewhere' : `to ${answer.location}`;
    return `The address redirects ${to} (${words.status}). Usher does not follow redirects: enter the address of the SCIM service itself.`;
  }
  if (next === 'unusable') return `There is no SCIM service at this address (${words.status}): check the base URL. It said: ${words.message}`;
  return words.message;
}

/** 429 and 503 were turned away unheard; any other 5xx may have come after the write. */
function maybeWritten(purpose: Purpose, status: number): boolean {
  return writes(purpose) && status >= 500 && status !== 503 && status !== 501;
}

/** Names an HTTP answer that is no success by what to do next (S12, S9, S24). */
export function faultOfAnswer(answer: FailedAnswer): TargetError {
  const words = wordsOf(answer);
  const next = nextOf(answer.purpose, words);
  return {
    next,
    status: words.status,
    scimType: words.scimType,
    message: withoutSecrets(messageOf(answer, words, next), answer.token),
    maybeWritten: maybeWritten(answer.purpose, words.status),
    retryAfter: next === 'again' ? retryAfterOf(answer.retryAfter, answer.now) : null,
  };
}

/**
 * Names a 2xx answer that holds no SCIM resource. A web page is a sign-in page or a wrong address; anything else
 * after a create may still have created, so the same operation is tried again after a look-up.
 */
export function faultOfContent(purpose: Purpose, status: number, text: string, token: string): TargetError {
  const lost = purpose === 'create' && !isPage(text);
  const what = isPage(text) ? `a web page: ${wordsOfPage(text)}` : text.trim() === '' ? 'nothing' : `something else: ${text.trim().slice(0, 500)}`;
  const message = `It answered ${status}, but instead of SCIM with ${what}. Check the base URL.`;
  return {
    next: lost ? 'again' : 'unusable',
    status,
    scimType: null,
    message: withoutSecrets(message, token),
    maybeWritten: writes(purpose),
    retryAfter: null,
  };
}
