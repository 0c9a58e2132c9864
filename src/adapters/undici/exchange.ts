import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { type Limits, type Receiver, WireFault } from './wire.ts';
import { LimitReached } from './words.ts';

function single(header: string | string[] | undefined): string | null {
  return (Array.isArray(header) ? header[0] : header) ?? null;
}

/**
 * One request and its answer. It hangs on `dispatch` instead of `pool.request`, because that makes a stream, an abort
 * signal and several promises per request; this makes one object. The timer is Node's own, started once per request:
 * the limit guards a real socket, so it goes by real time and not by the Clock port.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #host: string;
  readonly #limits: Limits;
  readonly #receiver: Receiver;
  /** Called when it is over: before a success is handed on, and after anything else. */
  readonly #over: (success: boolean) => void;
  readonly #timer: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | null = null;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  readonly #chunks: Buffer[] = [];
  #size = 0;
  #isOver = false;

  constructor(host: string, limits: Limits, receiver: Receiver, over: (success: boolean) => void) {
    this.#host = host;
    this.#limits = limits;
    this.#receiver = receiver;
    this.#over = over;
    this.#timer = setTimeout(Exchange.#expire, limits.time, this);
  }

  static #expire(exchange: Exchange): void {
    exchange.fail(new LimitReached('time', `didn't answer within ${exchange.#limits.time / 1_000} s.`));
  }

  /** Ends it with a fault, once, and takes the socket down with it where there is one. */
  fail(cause: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#receiver.failed(WireFault.of(cause, this.#host, this.#controller !== null));
    this.#controller?.abort(cause);
    this.#over(false);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isOver) controller.abort(new Error('given up while it waited for a connection'));
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
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    const success = this.#status < 300;
    if (success) {
      this.#over(true);
      this.#receiver.succeeded?.();
    }
    this.#handOver();
    if (!success) this.#over(false);
  }

  #handOver(): void {
    const [first] = this.#chunks;
    const body = first === undefined || this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
    const { 'retry-after': retryAfter, location, etag } = this.#headers;
    const text = body?.toString('utf8') ?? '';
    this.#receiver.answered({ status: this.#status, retryAfter: single(retryAfter), location: single(location), etag: etag ?? null, text });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }
}
