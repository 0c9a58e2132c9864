/** How many deliveries are remembered; Slack repeats one within minutes. */
const REMEMBERED = 5_000;

/** Which deliveries were seen already (X3, simple form: within this process). A repeated one has no second effect. */
export class Deliveries {
  readonly #seen = new Set<string>();

  readonly first = (deliveryId: string): boolean => {
    if (this.#seen.has(deliveryId)) return false;
    this.#seen.add(deliveryId);
    if (this.#seen.size > REMEMBERED)
      for (const oldest of this.#seen) {
        this.#seen.delete(oldest);
        break;
      }
    return true;
  };
}
