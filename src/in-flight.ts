/** Work that goes on after its request was acked; shutdown waits for it. */
export class InFlight {
  readonly #work = new Set<Promise<unknown>>();

  add(work: Promise<unknown>): void {
    const settled: Promise<unknown> = work.then(
      () => this.#work.delete(settled),
      () => this.#work.delete(settled),
    );
    this.#work.add(settled);
  }

  get size(): number {
    return this.#work.size;
  }

  async drained(): Promise<void> {
    while (this.#work.size > 0) await Promise.all(this.#work);
  }
}
