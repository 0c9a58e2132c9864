import type { Changes } from './changes.ts';
import type { Dict } from './json.ts';

/** One Web API call of the app (or a post to a response URL, method `response_url`; or of bytes, method `upload`). */
export interface Call {
  readonly method: string;
  /** Parsed: JSON inside of forms is opened. Never the token. */
  readonly args: Dict;
  readonly answer: Dict;
  readonly status: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Every call, in the order of the answers; tests wait for them here. */
export class CallLog {
  readonly list: Call[] = [];
  readonly #heard = new Set<Call>();
  readonly #changes: Changes;

  constructor(changes: Changes) {
    this.#changes = changes;
  }

  record(call: Call): void {
    this.list.push(call);
    this.#changes.emit({ is: 'record' });
  }

  /** The first matching call that nobody has heard yet, and hands it out once. */
  take(method: string, where: (args: Dict, call: Call) => boolean): Call | undefined {
    const call = this.list.find((one) => one.method === method && !this.#heard.has(one) && where(one.args, one));
    if (call !== undefined) this.#heard.add(call);
    return call;
  }
}
