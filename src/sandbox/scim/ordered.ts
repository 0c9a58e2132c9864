/** What `Ordered` keeps: an id, and a number that grows with every new record and stays with it. */
export interface Numbered {
  readonly id: string;
  readonly seq: number;
}

/** Records in the order of their making, reached by id at once and by position without a scan, so that page 1,000 costs what page 1 does. */
export class Ordered<T extends Numbered> {
  readonly #byId = new Map<string, T>();
  readonly #inOrder: T[] = [];

  get size(): number {
    return this.#inOrder.length;
  }

  get(id: string): T | undefined {
    return this.#byId.get(id);
  }

  /** Replaces the record of the same id in its place; a new one, whose `seq` must be the highest so far, goes to the end. */
  put(record: T): void {
    if (this.#byId.has(record.id)) this.#inOrder[this.#position(record.seq)] = record;
    else this.#inOrder.push(record);
    this.#byId.set(record.id, record);
  }

  remove(id: string): void {
    const record = this.#byId.get(id);
    if (record === undefined) return;
    this.#inOrder.splice(this.#position(record.seq), 1);
    this.#byId.delete(id);
  }

  /** `offset` counts from 0. */
  slice(offset: number, count: number): readonly T[] {
    return this.#inOrder.slice(offset, offset + count);
  }

  all(): readonly T[] {
    return this.#inOrder;
  }

  clear(): void {
    this.#byId.clear();
    this.#inOrder.length = 0;
  }

  #position(seq: number): number {
    let low = 0;
    let high = this.#inOrder.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const record = this.#inOrder[middle];
      if (record !== undefined && record.seq < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Which ids hold a value; several may. */
export class ValueIndex {
  readonly #ids = new Map<string, Set<string>>();

  find(value: string): readonly string[] {
    return [...(this.#ids.get(value) ?? [])];
  }

  /** Takes `id` from the values `before` and gives it to those `after`. */
  move(id: string, before: readonly string[], after: readonly string[]): void {
    for (const value of before) {
      const ids = this.#ids.get(value);
      ids?.delete(id);
      if (ids?.size === 0) this.#ids.delete(value);
    }
    for (const value of after) {
      const ids = this.#ids.get(value);
      if (ids === undefined) this.#ids.set(value, new Set([id]));
      else ids.add(id);
    }
  }

  clear(): void {
    this.#ids.clear();
  }
}
