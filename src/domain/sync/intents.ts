import type { PersonId } from '../directory/person.ts';
import type { Driver } from './driver.ts';
import type { Planned } from './plan.ts';
import { Queue } from './queue.ts';
import type { Task } from './task.ts';

/** How many intents become durable in one transaction, and how far that runs ahead of sending. */
const BLOCK = 256;
const AHEAD = 4 * BLOCK;

/** Who sends what is journalled: the lanes of a run. */
interface Sending {
  readonly stopped: boolean;
  /** Tasks whose intents are durable and that no lane has taken. */
  readonly ready: number;
  /** These are on their way into the journal. */
  open(block: readonly Task[]): void;
  /** Their intents are durable. */
  send(block: readonly Task[]): void;
  /** A block is made or written: what waits for that looks again. */
  advanced(): void;
  fail(fault: unknown): void;
}

/** The plan's way into the journal: in the order given, in blocks, as far ahead of sending as is needed and no further (S13). */
export class Intents {
  readonly #driver: Driver;
  readonly #sending: Sending;
  readonly #planned = new Queue<Planned>();
  /** Served out of turn: passed over when their turn comes. */
  readonly #promoted = new Set<PersonId>();
  #preparing = false;
  /** Blocks on their way into the journal, and the tasks in them. */
  #blocks = 0;
  #journalling = 0;

  constructor(driver: Driver, sending: Sending) {
    this.#driver = driver;
    this.#sending = sending;
  }

  /** Nothing is planned that is not in a block. */
  get isEmpty(): boolean {
    return this.#planned.length === 0 && !this.#preparing;
  }

  /** A block is being made or written. */
  get isBusy(): boolean {
    return this.#preparing || this.#blocks > 0;
  }

  feed(planned: readonly Planned[]): void {
    for (const each of planned) this.#planned.push(each);
    this.prepare();
  }

  /** The task of somebody who goes out of turn, its intent durable; undefined where there is nothing to do. */
  async promote(planned: Planned): Promise<Task | undefined> {
    const task = this.#driver.taskOf(planned, true);
    if (task === undefined) return undefined;
    this.#promoted.add(planned.change.personId);
    task.taken = true;
    this.#sending.open([task]);
    await this.#driver.journal(this.#driver.intents(task));
    return task;
  }

  /** Takes out what is in no block yet. */
  takePlanned(): readonly Planned[] {
    return this.#planned.takeAll().filter((each) => !this.#promoted.has(each.change.personId));
  }

  /** Makes the next blocks where they are due. */
  prepare(): void {
    if (!this.#preparing && this.#isDue()) void this.#prepare();
  }

  #isDue(): boolean {
    return !this.#sending.stopped && this.#planned.length > 0 && this.#sending.ready + this.#journalling <= AHEAD - BLOCK;
  }

  async #prepare(): Promise<void> {
    this.#preparing = true;
    try {
      while (this.#isDue()) {
        await this.#driver.beforeBlock();
        if (this.#sending.stopped) break;
        void this.#journal(this.#block());
      }
    } catch (fault) {
      this.#sending.fail(fault);
    } finally {
      this.#preparing = false;
      this.#sending.advanced();
    }
  }

  /** The next block is made while this one is being written. */
  async #journal(block: readonly Task[]): Promise<void> {
    this.#blocks += 1;
    this.#journalling += block.length;
    this.#sending.open(block);
    try {
      await this.#driver.journal(block.flatMap((task) => this.#driver.intents(task)));
      this.#sending.send(block);
    } catch (fault) {
      this.#sending.fail(fault);
    } finally {
      this.#blocks -= 1;
      this.#journalling -= block.length;
      this.#sending.advanced();
      this.prepare();
    }
  }

  #block(): readonly Task[] {
    const block: Task[] = [];
    while (block.length < BLOCK) {
      const planned = this.#planned.shift();
      if (planned === undefined) break;
      if (this.#promoted.has(planned.change.personId)) continue;
      const task = this.#driver.taskOf(planned, false);
      if (task !== undefined) block.push(task);
    }
    return block;
  }
}
