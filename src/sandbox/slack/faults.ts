import type { Dict } from './json.ts';

/** What goes wrong. Times are milliseconds of the workspace's clock, `retryAfter` is seconds. */
export type Mishap =
  /** Answers as Slack refuses: HTTP 200, `{ok: false, error}`. */
  | { readonly error: string; readonly extra?: Dict }
  /** Bare HTTP. */
  | { readonly status: number; readonly retryAfter?: number }
  /** Cuts the connection, before the work is done or after it (a lost reply). */
  | { readonly drop: 'before' | 'after' }
  /** Holds the answer back. */
  | { readonly delay: number };

export type Fault = Mishap & {
  /** A Web API method, `response_url`, `upload`, `download`, or `*`. */
  readonly method: string;
  /** How many calls it hits; 1 when left out. */
  readonly times?: number;
  /** Only calls with such arguments. */
  readonly where?: (args: Dict) => boolean;
};

/** Scripted mishaps, first come, first served. */
export class Faults {
  #waiting: { readonly fault: Fault; left: number }[] = [];

  /** The answer takes back what has not happened yet. */
  add(fault: Fault): () => void {
    const entry = { fault, left: fault.times ?? 1 };
    this.#waiting.push(entry);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== entry);
    };
  }

  /** The mishap that this call meets, if any. */
  take(method: string, args: Dict): Mishap | undefined {
    const entry = this.#waiting.find(({ fault }) => (fault.method === '*' || fault.method === method) && (fault.where?.(args) ?? true));
    if (entry === undefined) return undefined;
    entry.left -= 1;
    if (entry.left <= 0) this.#waiting = this.#waiting.filter((other) => other !== entry);
    return entry.fault;
  }
}
