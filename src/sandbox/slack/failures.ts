import type { Changes } from './changes.ts';
import type { SandboxClock } from './clock.ts';

/** What the app did that Slack would not have forgiven. */
export type FailureKind =
  | 'not-acked'
  | 'acked-twice'
  | 'unknown-envelope'
  | 'refused-delivery'
  | 'bad-ack'
  | 'bad-payload'
  | 'no-fallback-text'
  | 'missing-scope'
  | 'bad-token'
  | 'bad-arguments'
  | 'unknown-method'
  | 'trigger'
  | 'view-stack'
  | 'response-url'
  | 'upload';

export interface Failure {
  readonly is: FailureKind;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The Web API method, or the interaction, that it is about. */
  readonly where: string;
  /** A sentence, with a JSON pointer where there is one. */
  readonly detail: string;
}

/** The list that every test of the app expects to be empty. */
export class Failures {
  readonly list: Failure[] = [];
  readonly #clock: SandboxClock;
  readonly #changes: Changes;

  constructor(clock: SandboxClock, changes: Changes) {
    this.#clock = clock;
    this.#changes = changes;
  }

  record(is: FailureKind, where: string, detail: string): void {
    this.list.push({ is, at: this.#clock.now(), where, detail });
    this.#changes.emit({ is: 'record' });
  }
}
