/** What comes back unsent is told so. */
interface Returnable {
  returned(): void;
}

/** As many at once as there is room for; the others lie ready, in the order of their coming. */
export class Gate<T extends Returnable> {
  readonly #send: (one: T) => void;
  #room: number;
  #ready: T[] = [];

  constructor(room: number, send: (one: T) => void) {
    this.#room = room;
    this.#send = send;
  }

  enter(one: T): void {
    if (this.#room === 0) {
      this.#ready.push(one);
      return;
    }
    this.#room -= 1;
    this.#send(one);
  }

  /** A success is in: the next one follows. */
  succeeded(): void {
    const next = this.#ready.shift();
    if (next === undefined) this.#room += 1;
    else this.#send(next);
  }

  /** Something else is in, which may concern those who lie ready: they come back. */
  refused(): void {
    this.#room += 1;
    this.recall();
  }

  recall(): void {
    const ready = this.#ready;
    this.#ready = [];
    for (const one of ready) one.returned();
  }
}
