/** How many deliveries are remembered; Slack repeats one within minutes. */
const REMEMBERED = 5_000;
/** Answers hold whole views: fewer of them. */
const ANSWERS = 100;

/** Which deliveries were seen already (X3, simple form: within this process, over all its connections). A repeated one has no second effect. */
export class Deliveries {
  readonly #seen = new Map<string, null>();
  readonly #answers = new Map<string, Promise<unknown>>();

  /** True the first time it hears of a delivery. */
  first(deliveryId: string): boolean {
    return keep(this.#seen, deliveryId, null, REMEMBERED);
  }

  /** Does the work once a delivery; a repeated one gets the same answer, also while the work goes on. */
  async once<Answer>(deliveryId: string, work: () => Promise<Answer>): Promise<Answer> {
    const before = this.#answers.get(deliveryId);
    // What is kept under an id was made by this same method for the same kind of request.
    if (before !== undefined) return before as Promise<Answer>;
    const answer = work();
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
