import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Turn } from '../../ports/target.ts';
import { LimitReached } from './words.ts';

/** An HTTP answer, whole; only the headers that Usher reads. */
export interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly location: string | null;
  /** As it was given: weak tags must be echoed as such. */
  readonly etag: string | null;
  readonly text: string;
}

/** The network failed; `sent` tells whether the request had been handed to a connected socket. */
export class WireFault extends Error {
  override readonly name = 'WireFault';
  readonly sent: boolean;
  constructor(cause: unknown, sent: boolean) {
    super('no answer', { cause });
    this.sent = sent;
  }
}

export interface Limits {
  /** Milliseconds from the asking to the last byte of the answer, waiting for a socket included. */
  readonly time: number;
  /** Bytes of the answer's body. */
  readonly size: number;
}

function single(header: string | string[] | undefined): string | null {
  return (Array.isArray(header) ? header[0] : header) ?? null;
}

/**
 * One request and its answer. It hangs on `dispatch` instead of `pool.request`, because that makes a stream, an abort
 * signal and several promises per request; this makes one object. The timer is Node's own, started once per request:
 * the limit guards a real socket, so it goes by real time and not by the Clock port.
 */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #limits: Limits;
  readonly #resolve: (answer: Answer) => void;
  readonly #reject: (fault: WireFault) => void;
  readonly #turn: Turn | undefined;
  readonly #timer: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | null = null;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  readonly #chunks: Buffer[] = [];
  #size = 0;
  #over = false;

  constructor(limits: Limits, turn: Turn | undefined, resolve: (answer: Answer) => void, reject: (fault: WireFault) => void) {
    this.#limits = limits;
    this.#turn = turn;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#timer = setTimeout(Exchange.#expire, limits.time, this);
  }

  static #expire(exchange: Exchange): void {
    exchange.fail(new LimitReached('time', `didn't answer within ${exchange.#limits.time / 1_000} s.`));
  }

  /** Ends it with a fault, once, and takes the socket down with it where there is one. */
  fail(cause: Error): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#reject(new WireFault(cause, this.#controller !== null));
    this.#controller?.abort(cause);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#over) controller.abort(new Error('given up while it waited for a connection'));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size <= this.#limits.size) this.#chunks.push(chunk);
    else this.fail(new LimitReached('size', `answered with more than ${this.#limits.size / 1_048_576} MiB.`));
  }

  onResponseEnd(): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    if (this.#status < 300) this.#turn?.free();
    answered.push(this);
    if (answered.length === 1) setImmediate(readAnswered);
  }

  /** Hands the whole answer over. */
  read(): void {
    const [first] = this.#chunks;
    const body = first === undefined || this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
    const { 'retry-after': retryAfter, location, etag } = this.#headers;
    const text = body?.toString('utf8') ?? '';
    this.#resolve({ status: this.#status, retryAfter: single(retryAfter), location: single(location), etag: etag ?? null, text });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }
}

/**
 * Exchanges whose answer is in and not read yet. Answers arrive in bunches: all sockets of a bunch get their next
 * request before the first answer is read, so that reading falls into the time in which the target works.
 */
let answered: Exchange[] = [];

function readAnswered(): void {
  const bunch = answered;
  answered = [];
  for (const exchange of bunch) exchange.read();
}

/** Sends one request through the pool and reads the whole answer. Redirects are answers. Rejects with a `WireFault`. */
export function send(pool: Dispatcher, request: Dispatcher.DispatchOptions, limits: Limits, turn?: Turn): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const exchange = new Exchange(limits, turn, resolve, reject);
    try {
      pool.dispatch(request, exchange);
    } catch (error) {
      exchange.fail(error instanceof Error ? error : new Error(String(error)));
    }
  });
}
