import type { Seat, Turn } from '../../ports/target.ts';
import type { Task } from './task.ts';

/** Who gives places and permits: the lanes of a run. */
interface Places {
  /** One of the places; undefined where it is there at once. */
  enter(): Promise<void> | undefined;
  leave(): void;
  /** Of one request, which counts as an attempt. Throws or rejects where the run was stopped meanwhile. */
  permit(task: Task, first: boolean): Promise<void> | undefined;
  /** Whether writes travel together at this moment (S7). */
  readonly gathers: boolean;
  /** Counts the attempt of who travels with another's request. Throws as `permit` does. */
  travel(task: Task): void;
  /** Resolves when all who could travel along right now have set out. */
  gathered(): Promise<void>;
  wait<T>(until: Promise<T>): Promise<T>;
}

/** There is no request any more that this one would have travelled in: it waits among all others again, and holds nothing meanwhile. */
export class Postponed extends Error {}

/** One attempt's place among the requests under way, kept from its first request until a success is in or the attempt is over. Who is served first needs none. */
export class Place implements Turn {
  readonly #places: Places;
  readonly #task: Task;
  readonly #first: boolean;
  #held = false;
  /** Who is served first waits for nobody. */
  readonly board: Turn['board'];

  constructor(places: Places, task: Task, first: boolean) {
    this.#places = places;
    this.#task = task;
    this.#first = first;
    this.board = first || !places.gathers ? undefined : (call) => this.#board(call);
  }

  take(): Promise<void> | undefined {
    const wait = this.#held || this.#first ? undefined : this.#places.enter();
    if (wait !== undefined) return this.#enter(wait);
    this.#held = !this.#first;
    return this.#places.permit(this.#task, this.#first);
  }

  free(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#places.leave();
  }

  wait<T>(until: Promise<T>): Promise<T> {
    return this.#places.wait(until);
  }

  async #board(call: Promise<Seat>): Promise<void> {
    switch (await this.#places.wait(call)) {
      case 'none':
        throw new Postponed();
      case 'carried':
        this.#places.travel(this.#task);
        return;
      case 'carries':
        await this.#places.gathered();
        await this.take();
    }
  }

  async #enter(wait: Promise<void>): Promise<void> {
    await wait;
    this.#held = true;
    const permit = this.#places.permit(this.#task, this.#first);
    if (permit !== undefined) await permit;
  }
}
