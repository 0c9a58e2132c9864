import { networkWords, type NetworkWords } from './words.ts';

/** One HTTP request of a line; `path` is all that follows the host. */
export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** JSON; null for none. */
  readonly body: string | null;
  /** The tag that it is about (RFC 9110 §13.1.1); null for none. */
  readonly ifMatch: string | null;
}

/** An HTTP answer, whole; only the headers that Usher reads. */
export interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly location: string | null;
  /** As it was given: weak tags must be echoed as such. */
  readonly etag: string | null;
  readonly text: string;
}

/** The network failed, in words that begin with the host. */
export class WireFault extends Error {
  override readonly name = 'WireFault';
  /** The request had been handed to a connected socket. */
  readonly sent: boolean;
  readonly words: NetworkWords;

  constructor(words: NetworkWords, sent: boolean) {
    super(words.message);
    this.words = words;
    this.sent = sent;
  }

  static of(cause: unknown, host: string, sent: boolean): WireFault {
    return new WireFault(networkWords(cause, host), sent);
  }
}

export interface Limits {
  /** Milliseconds from the moment when only a socket of the pool is lacking, to the last byte of the answer. */
  readonly time: number;
  /** Bytes of the answer's body. */
  readonly size: number;
}

/** Who waits for an answer. One of `answered`, `failed` and `returned` is called, once; `succeeded` before `answered`, as early as can be. */
export interface Receiver {
  /** A success is in, and will be read. */
  succeeded?(): void;
  answered(answer: Answer): void;
  failed(fault: WireFault): void;
  /** It was not sent, and will not be. */
  returned(): void;
  /** For whoever measures: milliseconds that it lay ready before it went; called before the others, where it went. */
  waited?(milliseconds: number): void;
}

/** Where the requests of one target go, and with which credentials. */
export interface LineOptions {
  readonly url: URL;
  /** Bearer. */
  readonly token: string;
  /** How many sockets it may use at once. */
  readonly concurrency: number;
}

/** The way to one target. */
export interface Line {
  /**
   * Sends and reads the whole answer. Redirects are answers. What is `patient` lies ready while `concurrency` patient ones are under way: it follows a
   * success at once, in the order given, and comes back as `returned` where anything else than a success comes in, since that may concern it too.
   */
  send(request: WireRequest, patient: boolean, receiver: Receiver): void;
  /** Everything that lies ready comes back. */
  recall(): void;
}

/** Sockets, kept alive and shared by all lines to the same origin. */
export interface Wire {
  open(options: LineOptions): Line;
  /** Lets the requests under way finish. */
  close(): Promise<void>;
}
