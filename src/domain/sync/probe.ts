import type { Clock } from '../../ports/clock.ts';
import type { Pace } from '../../ports/pace.ts';
import type { Target } from '../../ports/target.ts';
import type { RehearsedSettings } from '../connectors/connector.ts';
import { type TargetError, TargetFault } from '../connectors/target-error.ts';
import { type Instant, MINUTE } from '../instant.ts';

/** An answer holds for this long: a thousand refused objects are not asked about a thousand times. */
const HOLDS = MINUTE;

/** What the probe asks with. */
interface Asking {
  readonly target: Target;
  readonly pace: Pace;
  readonly clock: Pick<Clock, 'now'>;
  readonly settings: Pick<RehearsedSettings, 'testEmail'>;
}

/**
 * Tells whose a 403 is (C18): one object's, or the token's. The target is asked for something of our own, the test
 * address: where it refuses that too, nothing else of the run can succeed.
 */
export class Probe {
  readonly #of: Asking;
  #last: { readonly at: Instant; readonly answer: Promise<TargetError | undefined> } | undefined;

  constructor(of: Asking) {
    this.#of = of;
  }

  /** Why the token is of no use any more; undefined where the error is the object's own, which it is for every status but 403. */
  async refusal(error: TargetError): Promise<TargetError | undefined> {
    if (error.status !== 403) return undefined;
    const now = this.#of.clock.now();
    if (this.#last === undefined || now - this.#last.at >= HOLDS) this.#last = { at: now, answer: this.#ask() };
    return await this.#last.answer;
  }

  async #ask(): Promise<TargetError | undefined> {
    const { target, pace, settings } = this.#of;
    await pace.permit(true);
    try {
      await target.lookUp('userName', settings.testEmail);
      return undefined;
    } catch (fault) {
      if (!(fault instanceof TargetFault)) throw fault;
      return fault.error.status === 401 || fault.error.status === 403 ? { ...fault.error, next: 'credentials' } : undefined;
    }
  }
}
