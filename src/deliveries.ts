import { isFirstDelivery } from './domain/deliveries/verbs/remember.ts';
import type { Outside } from './ports/outside.ts';
import { StoreFault } from './ports/store.ts';

/** How many deliveries are remembered here besides the store: a repeated one costs no write. */
const REMEMBERED = 5_000;
/** Answers hold whole views: fewer of them. */
const ANSWERS = 100;

/**
 * Which deliveries were heard already (X3): over all connections of this process, and, by the store, over restarts.
 * A repeated one has no second effect.
 */
export class Deliveries {
  readonly #outside: () => Pick<Outside, 'store' | 'clock' | 'fingerprint' | 'log'>;
  readonly #heard = new Map<string, null>();
  readonly #answers = new Map<string, Promise<unknown>>();

  constructor(outside: () => Pick<Outside, 'store' | 'clock' | 'fingerprint' | 'log'>) {
    this.#outside = outside;
  }

  /** True the first time that anybody hears of a delivery. */
  async first(deliveryId: string): Promise<boolean> {
    if (!keep(this.#heard, deliveryId, null, REMEMBERED)) return false;
    const outside = this.#outside();
    try {
      return await isFirstDelivery(outside, deliveryId);
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      // What can't be written has no lasting effect either; what only reads is still answered.
      outside.log.warn({ err: error }, 'a delivery could not be remembered');
      return true;
    }
  }

  /** Does the work once a delivery. A repeated one gets the same answer, also while the work goes on; where that is gone with an earlier process, `repeated`. */
  async once<Answer>(deliveryId: string, work: () => Promise<Answer>, repeated: () => Answer): Promise<Answer> {
    const before = this.#answers.get(deliveryId);
    // What is kept under an id was made by this same method for the same kind of request.
    if (before !== undefined) return before as Promise<Answer>;
    const answer = this.first(deliveryId).then((isFirst) => (isFirst ? work() : repeated()));
    keep(this.#answers, deliveryId, answer, ANSWERS);
    return answer;
  }
}

/** False where the key is there already. The oldest goes when there are too many. */
function keep<Value>(map: Map<string, Value>, key: string, value: Value, most: number): boolean {
  if (map.has(key)) return false;
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
  return true;
}
