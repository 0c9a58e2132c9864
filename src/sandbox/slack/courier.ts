import type { SandboxClock } from './clock.ts';
import type { Delivery, Kind, Outgoing, Reply } from './delivery.ts';
import type { Failures } from './failures.ts';
import type { Dict } from './json.ts';

/** What came of a request within the time that the app has. */
export type Outcome = Reply | { readonly is: 'late' };

/** A payload that went to the app, and what came of it. */
export interface Delivered {
  readonly payload: Dict;
  readonly outcome: Outcome;
}

/** When Slack tries an event again: at once, after a minute, after five (apis/events-api). */
const RETRY_AFTER_MS = [0, 60_000, 300_000];

/** Brings payloads to the app, holds it to its three seconds, repeats what must be repeated. */
export class Courier {
  /** Everything that was brought to the app, in the order of the answers. */
  readonly delivered: Delivered[] = [];
  readonly #delivery: Delivery;
  readonly #clock: SandboxClock;
  readonly #failures: Failures;
  readonly #doubled: (Kind | 'any')[] = [];
  readonly #timers = new Set<() => void>();
  #ackWithin: number;
  #closed = false;

  constructor(delivery: Delivery, clock: SandboxClock, failures: Failures, ackWithin: number) {
    this.#delivery = delivery;
    this.#clock = clock;
    this.#failures = failures;
    this.#ackWithin = ackWithin;
  }

  connected(): boolean {
    return this.#delivery.connected();
  }

  /** Milliseconds that the app has from now on. */
  ackWithin(ms: number): void {
    this.#ackWithin = ms;
  }

  /** The next payload (of that kind) is delivered a second time. */
  deliverTwice(kind: Kind | 'any'): void {
    this.#doubled.push(kind);
  }

  /** One request and its answer. A late or refused one is a failure of the app; an unreachable app is not. */
  async ask(kind: Kind, what: string, payload: Dict): Promise<Outcome> {
    const outgoing: Outgoing = { kind, what, payload, retry: null };
    const first = this.#timed(outgoing);
    if (this.#takeDouble(kind)) void this.#timed({ ...outgoing, retry: { num: 1, reason: 'http_timeout' } });
    return first;
  }

  /** Delivers an event, again up to three times while the app does not answer. Resolves with the first outcome. */
  async announce(what: string, payload: Dict): Promise<Outcome> {
    const outcome = await this.ask('events_api', what, payload);
    if (shouldRetry(outcome)) this.#retryLater({ kind: 'events_api', what, payload, retry: null }, 0, outcome);
    return outcome;
  }

  /** Stops retrying, and whoever still waits for an ack learns that the app is gone. */
  close(): void {
    this.#closed = true;
    for (const cancel of [...this.#timers]) cancel();
  }

  #retryLater(outgoing: Outgoing, attempt: number, last: Outcome): void {
    const delay = RETRY_AFTER_MS[attempt];
    if (delay === undefined || this.#closed) return;
    const cancel = this.#clock.after(delay, () => {
      this.#timers.delete(cancel);
      void this.#timed({ ...outgoing, retry: { num: attempt + 1, reason: reasonOf(last) } }).then((outcome) => {
        if (shouldRetry(outcome)) this.#retryLater(outgoing, attempt + 1, outcome);
      });
    });
    this.#timers.add(cancel);
  }

  #takeDouble(kind: Kind): boolean {
    const index = this.#doubled.findIndex((wanted) => wanted === 'any' || wanted === kind);
    if (index >= 0) this.#doubled.splice(index, 1);
    return index >= 0;
  }

  #timed(outgoing: Outgoing): Promise<Outcome> {
    const limit = this.#ackWithin;
    return new Promise<Outcome>((resolve) => {
      const stop = this.#clock.after(limit, () => {
        this.#timers.delete(giveUp);
        this.#failures.record('not-acked', outgoing.what, `no answer within ${limit} ms`);
        resolve({ is: 'late' });
      });
      const giveUp = (): void => {
        stop();
        resolve({ is: 'unreachable' });
      };
      this.#timers.add(giveUp);
      void this.#delivery.send(outgoing).then((reply) => {
        // The limit came first: what happens now is too late for the person.
        if (!this.#timers.delete(giveUp)) return;
        stop();
        if (reply.is === 'refused') this.#failures.record('refused-delivery', outgoing.what, `HTTP ${reply.status}`);
        resolve(reply);
      });
    }).then((outcome) => {
      this.delivered.push({ payload: outgoing.payload, outcome });
      return outcome;
    });
  }
}

function shouldRetry(outcome: Outcome): boolean {
  return outcome.is === 'late' || outcome.is === 'unreachable' || (outcome.is === 'refused' && outcome.retryWanted);
}

function reasonOf(outcome: Outcome): string {
  if (outcome.is === 'late') return 'http_timeout';
  return outcome.is === 'unreachable' ? 'connection_failed' : 'http_error';
}
