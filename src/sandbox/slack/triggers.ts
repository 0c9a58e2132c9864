import type { SandboxClock } from './clock.ts';
import type { Failures } from './failures.ts';
import { secretPart } from './ids.ts';
import { Refused } from './refused.ts';

/** Whom a trigger belongs to, and the modal that it was minted in. */
export interface Trigger {
  readonly userId: string;
  /** Null when the click was outside of a modal. */
  readonly viewId: string | null;
}

const LIFE_MS = 3000;

/** Single-use permissions to open a view, dead after three seconds (interactivity/handling-user-interaction). */
export class Triggers {
  readonly #minted = new Map<string, Trigger & { readonly at: number; used: boolean }>();
  readonly #clock: SandboxClock;
  readonly #failures: Failures;

  constructor(clock: SandboxClock, failures: Failures) {
    this.#clock = clock;
    this.#failures = failures;
  }

  mint(trigger: Trigger): string {
    const at = this.#clock.now();
    const id = `${at}.${Math.floor(at / 1000)}.${secretPart()}`;
    this.#minted.set(id, { ...trigger, at, used: false });
    return id;
  }

  /** Spends a trigger. Refused: `invalid_trigger_id`, `exchanged_trigger_id`, `expired_trigger_id`. */
  use(id: string, method: string): Trigger {
    const trigger = this.#minted.get(id);
    if (trigger === undefined) throw this.#refusal('invalid_trigger_id', method);
    if (trigger.used) throw this.#refusal('exchanged_trigger_id', method);
    trigger.used = true;
    if (this.#clock.now() - trigger.at > LIFE_MS) throw this.#refusal('expired_trigger_id', method);
    return trigger;
  }

  #refusal(code: string, method: string): Refused {
    this.#failures.record('trigger', method, code);
    return new Refused(code);
  }
}
