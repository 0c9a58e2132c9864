import type { Dispatcher } from 'undici';
import { type TargetError, TargetFault } from '../../domain/connectors/target-error.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Turn } from '../../ports/target.ts';
import { faultOfAnswer, faultOfContent, isErrorBody, isPage, type Purpose, parseJson, withoutSecrets, writes } from '../../scim/fault.ts';
import { type Answer, type Limits, send, WireFault } from './wire.ts';
import { LimitReached, networkWords } from './words.ts';

/** Where requests go, or why none may go there (X5). */
export type Destination = { readonly is: 'open'; readonly url: URL; readonly pool: () => Dispatcher } | { readonly is: 'refused'; readonly objection: string };

/** A request's turn, and the version that it is about (RFC 7644 §3.14). */
export interface OneTurn extends Turn {
  readonly ifMatch?: string;
}

/** One request to the service provider; `path` begins with `/` and is put under the base URL. */
export interface Requester {
  /**
   * Sends and reads a success as `read` understands it: given the parsed body (`undefined` for none) and the answer,
   * it returns null where that is not what was asked for. Throws a `TargetFault`, or what `turn.take` throws.
   */
  ask<T>(
    purpose: Purpose,
    method: Dispatcher.HttpMethod,
    path: string,
    body: unknown,
    read: (json: unknown, answer: Answer) => T | null,
    turn?: OneTurn,
  ): Promise<T>;
  /** Reads an answer that came some other way as `ask` reads its own. */
  understand<T>(purpose: Purpose, answer: Answer, read: (json: unknown, answer: Answer) => T | null): T;
  /** The path under the host that a path under the base URL has. */
  readonly basePath: string;
}

/** A fault of ours, before anything is sent. */
function refusal(next: TargetError['next'], message: string): TargetFault {
  return new TargetFault({ next, status: null, scimType: null, message, maybeWritten: false, retryAfter: null });
}

/** Whether a success without JSON is none: a web page never is one; other words are, where a resource was asked for. */
function isUnusable(purpose: Purpose, text: string): boolean {
  return isPage(text) || (text.trim() !== '' && purpose !== 'change' && purpose !== 'remove');
}

/** What can't stand in a header (RFC 9110 §5.5): a pasted line break, say. */
const UNSENDABLE = /[^\x21-\x7e]/;

/** Binds a token to one origin: the headers are made once, and this is the only place that they are sent from. */
export function createRequester(destination: Destination, token: string, clock: Clock, limits: Limits): Requester {
  const common = ['accept', 'application/scim+json', 'authorization', `Bearer ${token}`, 'user-agent', 'usher/0.1 (SCIM 2.0 client)'];
  const withBody = [...common, 'content-type', 'application/scim+json'];
  const obstacle =
    destination.is === 'refused'
      ? refusal('unusable', destination.objection)
      : token === '' || UNSENDABLE.test(token)
        ? refusal('credentials', 'The token is empty or holds a space, a line break or a letter that cannot be sent. Enter it again.')
        : null;
  const basePath = destination.is === 'open' ? destination.url.pathname.replace(/\/+$/, '') : '';

  function networkFault(purpose: Purpose, fault: unknown): TargetFault {
    const { sent, cause } = fault instanceof WireFault ? fault : { sent: false, cause: fault };
    const words = networkWords(cause, destination.is === 'open' ? destination.url.hostname : '');
    const message = withoutSecrets(words.message, token);
    const error: TargetError = { next: words.next, status: null, scimType: null, message, maybeWritten: sent && writes(purpose), retryAfter: null };
    return new TargetFault(error, cause instanceof LimitReached ? { cause } : undefined);
  }

  async function exchange(purpose: Purpose, method: Dispatcher.HttpMethod, path: string, body: unknown, turn: OneTurn | undefined): Promise<Answer> {
    if (obstacle !== null || destination.is === 'refused') throw obstacle;
    const text = body === undefined ? null : JSON.stringify(body);
    const ifMatch = turn?.ifMatch;
    const usual = text === null ? common : withBody;
    const headers = ifMatch === undefined || UNSENDABLE.test(ifMatch) ? usual : [...usual, 'if-match', ifMatch];
    const request = { path: `${basePath}${path}`, method, headers, body: text };
    const wait = turn?.take();
    if (wait !== undefined) await wait;
    try {
      return await send(destination.pool(), request, limits, turn);
    } catch (fault) {
      throw networkFault(purpose, fault);
    }
  }

  function understand<T>(purpose: Purpose, answer: Answer, read: (json: unknown, answer: Answer) => T | null): T {
    const { status, text } = answer;
    const success = status >= 200 && status < 300;
    const json = success && text !== '' ? parseJson(text) : undefined;
    if (!success || isErrorBody(json)) throw new TargetFault(faultOfAnswer({ ...answer, purpose, token, now: clock.now() }));
    const result = json === undefined && isUnusable(purpose, text) ? null : read(json, answer);
    if (result === null) throw new TargetFault(faultOfContent(purpose, status, text, token));
    return result;
  }

  return {
    basePath,
    understand,
    ask: async (purpose, method, path, body, read, turn) => understand(purpose, await exchange(purpose, method, path, body, turn), read),
  };
}
