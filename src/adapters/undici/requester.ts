import { setImmediate as nextTurn } from 'node:timers/promises';
import { type TargetError, TargetFault } from '../../domain/connectors/target-error.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Turn } from '../../ports/target.ts';
import { faultOfAnswer, faultOfContent, isErrorBody, isPage, type Purpose, parseJson, withoutSecrets, writes } from '../../scim/fault.ts';
import { type Answer, type Line, type Receiver, WireFault, type WireRequest } from './wire.ts';

/** Where requests go, or why none may go there (X5). */
export type Destination = { readonly is: 'open'; readonly url: URL; readonly line: Line } | { readonly is: 'refused'; readonly objection: string };

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
    method: WireRequest['method'],
    path: string,
    body: unknown,
    read: (json: unknown, answer: Answer) => T | null,
    turn?: OneTurn,
  ): Promise<T>;
  /** Reads an answer that came some other way as `ask` reads its own. */
  understand<T>(purpose: Purpose, answer: Answer, read: (json: unknown, answer: Answer) => T | null): T;
  /** The path under the host that a path under the base URL has. */
  readonly basePath: string;
  /** What lies ready comes back, and asks for its turn again. */
  recall(): void;
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

/** One request's answer, on its way to whoever asked. */
class Reply implements Receiver {
  readonly #turn: Turn | undefined;
  readonly #resolve: (answer: Answer | 'returned') => void;
  readonly #reject: (fault: WireFault) => void;

  constructor(turn: Turn | undefined, resolve: (answer: Answer | 'returned') => void, reject: (fault: WireFault) => void) {
    this.#turn = turn;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  waited(milliseconds: number): void {
    this.#turn?.waited?.(milliseconds);
  }

  succeeded(): void {
    this.#turn?.free();
  }

  answered(answer: Answer): void {
    this.#resolve(answer);
  }

  failed(fault: WireFault): void {
    this.#reject(fault);
  }

  returned(): void {
    this.#resolve('returned');
  }
}

/** Sends to one target, and reads what it answers. `token` is looked at only: it goes where the line goes. */
export function createRequester(destination: Destination, token: string, clock: Clock): Requester {
  const obstacle =
    destination.is === 'refused'
      ? refusal('unusable', destination.objection)
      : token === '' || UNSENDABLE.test(token)
        ? refusal('credentials', 'The token is empty or holds a space, a line break or a letter that cannot be sent. Enter it again.')
        : null;
  const basePath = destination.is === 'open' ? destination.url.pathname.replace(/\/+$/, '') : '';

  function networkFault(purpose: Purpose, fault: unknown): unknown {
    if (!(fault instanceof WireFault)) return fault;
    const { next, message } = fault.words;
    const maybeWritten = fault.sent && writes(purpose);
    return new TargetFault({ next, status: null, scimType: null, message: withoutSecrets(message, token), maybeWritten, retryAfter: null }, { cause: fault });
  }

  /** What came back unsent keeps its turn until what it came back for is read, and takes it again. */
  async function turned(line: Line, request: WireRequest, turn: OneTurn | undefined): Promise<Answer> {
    for (;;) {
      const wait = turn?.take();
      if (wait !== undefined) await wait;
      const answer = await new Promise<Answer | 'returned'>((resolve, reject) => {
        line.send(request, turn?.back !== undefined, new Reply(turn, resolve, reject));
      });
      if (answer !== 'returned') return answer;
      await nextTurn();
      turn?.back?.();
    }
  }

  async function exchange(purpose: Purpose, method: WireRequest['method'], path: string, body: unknown, turn: OneTurn | undefined): Promise<Answer> {
    if (obstacle !== null || destination.is === 'refused') throw obstacle;
    const ifMatch = turn?.ifMatch === undefined || UNSENDABLE.test(turn.ifMatch) ? null : turn.ifMatch;
    const request = { method, path: `${basePath}${path}`, body: body === undefined ? null : JSON.stringify(body), ifMatch };
    try {
      return await turned(destination.line, request, turn);
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
    recall: () => {
      if (destination.is === 'open') destination.line.recall();
    },
    ask: async (purpose, method, path, body, read, turn) => understand(purpose, await exchange(purpose, method, path, body, turn), read),
  };
}
