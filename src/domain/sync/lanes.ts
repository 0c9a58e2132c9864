import type { Pace } from '../../ports/pace.ts';
import type { PersonId } from '../directory/person.ts';
import type { Instant } from '../instant.ts';
import type { Driver } from './driver.ts';
import { Intents } from './intents.ts';
import { Place, Postponed } from './place.ts';
import type { Planned } from './plan.ts';
import { Queue } from './queue.ts';
import type { Task } from './task.ts';

/** While one lane's request is under way, another has its next one ready and records what the last one did. */
const LANES_PER_PLACE = 2;
/** Lanes where many wait for one request (S7). */
const MOST_LANES = 1_000;

/** The run was stopped while a task waited for its permit: nothing was sent. */
class Stopped extends Error {}

/** C concurrent lanes over one target (S12): intents are durable before their requests, waiting tasks hold no lane. */
export class Lanes {
  readonly #driver: Driver;
  readonly #pace: Pace;
  readonly #lanes: number;
  readonly #intents: Intents;
  readonly #ready = new Queue<Task>();
  /** Journalled and not finished. */
  readonly #open = new Set<Task>();
  readonly #abort = new AbortController();
  /** Requests that may still be under way at the same time. */
  #places: number;
  readonly #waitingForPlace: (() => void)[] = [];
  #running = 0;
  #waiting = 0;
  #stopped = false;
  #watchers: (() => void)[] = [];
  /** Who would carry others, and waits for those who are on their way. */
  readonly #carriers: (() => void)[] = [];

  constructor(driver: Driver, pace: Pace, lanes: number) {
    this.#driver = driver;
    this.#pace = pace;
    this.#lanes = Math.max(1, lanes);
    this.#places = this.#lanes;
    this.#intents = new Intents(driver, this);
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  get gathers(): boolean {
    return this.#driver.together() > 1;
  }

  /** Takes on a piece of the plan; in the order given, as far as lanes allow. */
  feed(planned: readonly Planned[]): void {
    this.#intents.feed(planned);
  }

  /** Serves one person ahead of all: under a permit that goes first, in a lane of its own (S1). */
  async expedite(personId: PersonId, planned: Planned | undefined): Promise<void> {
    for (const task of this.#open) {
      if (task.personId !== personId) continue;
      if (!task.taken) await this.#serve(task, true);
      return;
    }
    const task = planned === undefined || this.#stopped ? undefined : await this.#intents.promote(planned);
    if (task !== undefined) await this.#serve(task, true);
  }

  /** Resolves when everything fed so far is finished, or the lanes were stopped and no request is under way. */
  async drained(): Promise<void> {
    while (!(this.#stopped ? this.#quiet() : this.#empty())) await new Promise<void>((resolve) => this.#watchers.push(resolve));
  }

  /** No further request is begun; those under way finish and are recorded. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#abort.abort();
    this.#tell();
  }

  /** After `stop` and `drained`: what was begun or journalled, and what was only planned. */
  unfinished(): { readonly tasks: readonly Task[]; readonly planned: readonly Planned[] } {
    return { tasks: [...this.#open], planned: this.#intents.takePlanned() };
  }

  #empty(): boolean {
    return this.#open.size === 0 && this.#intents.isEmpty;
  }

  /** Lanes that wait for a place or a permit will find the run stopped and do nothing more. */
  #quiet(): boolean {
    return this.#running - this.#waiting === 0 && !this.#intents.isBusy;
  }

  #tell(): void {
    if (this.#watchers.length === 0 || !(this.#stopped ? this.#quiet() : this.#empty())) return;
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const watcher of watchers) watcher();
  }

  /** Tasks whose intents are durable and that wait for a lane. */
  get ready(): number {
    return this.#ready.length;
  }

  /** They are the run's from here on: unfinished until they are over. */
  open(block: readonly Task[]): void {
    for (const task of block) this.#open.add(task);
  }

  /** Their intents are durable: lanes may take them. */
  send(block: readonly Task[]): void {
    for (const task of block) this.#ready.push(task);
    this.#spread();
  }

  /** Something of the plan is made or journalled: whoever waits for that looks again. */
  advanced(): void {
    this.#tell();
    this.#letCarry();
  }

  /** Puts idle lanes to work. */
  #spread(): void {
    for (let idle = Math.min(this.#most() - this.#running, this.#ready.length); idle > 0; idle -= 1) void this.#lane();
  }

  /** Enough to have the next request of each place ready, with all who travel in it. Where that many wait for a place they travel alone, whatever the dialect says. */
  #most(): number {
    const alone = LANES_PER_PLACE * this.#lanes;
    if (this.#waitingForPlace.length >= alone) return alone;
    return Math.max(alone, Math.min(MOST_LANES, alone * this.#driver.together()));
  }

  #isOnTheWay(): boolean {
    return !this.#stopped && this.#intents.isBusy && this.#running < this.#most();
  }

  #letCarry(): void {
    for (const carrier of this.#carriers.splice(0)) carrier();
  }

  async gathered(): Promise<void> {
    while (this.#isOnTheWay()) await new Promise<void>((resolve) => this.#carriers.push(resolve));
  }

  async #lane(): Promise<void> {
    this.#running += 1;
    try {
      for (let task = this.#next(); task !== undefined && !this.#stopped; task = this.#running > this.#most() ? undefined : this.#next()) {
        await this.#try(task, task.first);
        this.#spread();
      }
    } catch (fault) {
      this.fail(fault);
    } finally {
      this.#running -= 1;
      this.#tell();
    }
  }

  #next(): Task | undefined {
    if (this.#stopped) return undefined;
    let task = this.#ready.shift();
    while (task?.taken) task = this.#ready.shift();
    if (task !== undefined) task.taken = true;
    this.#intents.prepare();
    return task;
  }

  /** Beside the lanes, not in one. */
  async #serve(task: Task, first: boolean): Promise<void> {
    task.taken = true;
    this.#running += 1;
    try {
      await this.#try(task, first);
    } catch (fault) {
      this.fail(fault);
    } finally {
      this.#running -= 1;
      this.#tell();
      this.#spread();
    }
  }

  async #try(task: Task, first: boolean): Promise<void> {
    const turn = new Place(this, task, first);
    try {
      const next = await this.#driver.attempt(task, turn);
      if (next.is === 'over') this.#open.delete(task);
      else if (next.is === 'again') this.#later(task, next.at);
    } catch (fault) {
      if (fault instanceof Postponed) this.#later(task, this.#driver.now());
      else if (!(fault instanceof Stopped)) throw fault;
    } finally {
      turn.free();
    }
  }

  /** One of the C places; undefined where it is there at once. */
  enter(): Promise<void> | undefined {
    if (this.#places === 0) return this.wait(new Promise<void>((resolve) => this.#waitingForPlace.push(resolve)));
    this.#places -= 1;
    return undefined;
  }

  /** The place goes to whoever waits longest. */
  leave(): void {
    const next = this.#waitingForPlace.shift();
    if (next === undefined) this.#places += 1;
    else next();
  }

  /** The permit of one request, which counts as an attempt. Throws `Stopped` where it shall not be sent any more. */
  permit(task: Task, first: boolean): Promise<void> | undefined {
    const wait = this.#stopped ? undefined : this.#pace.permit(first);
    if (wait !== undefined) return this.wait(wait).then(() => this.travel(task));
    this.travel(task);
    return undefined;
  }

  /** Its request goes, alone or in another's, which counts as an attempt. */
  travel(task: Task): void {
    if (this.#stopped) throw new Stopped();
    task.attempts += 1;
  }

  async wait<T>(until: Promise<T>): Promise<T> {
    this.#waiting += 1;
    if (this.#stopped) this.#tell();
    try {
      return await until;
    } finally {
      this.#waiting -= 1;
    }
  }

  /** A task that waits for its next try holds no lane. */
  #later(task: Task, at: Instant): void {
    task.taken = false;
    if (at <= this.#driver.now()) {
      this.#requeue(task);
      return;
    }
    this.#driver.until(at, this.#abort.signal).then(
      () => this.#requeue(task),
      () => undefined,
    );
  }

  #requeue(task: Task): void {
    this.#ready.push(task);
    this.#spread();
  }

  /** An error of ours: nothing more is sent, and the run learns of it. */
  fail(fault: unknown): void {
    this.stop();
    this.#driver.onFault(fault);
  }
}
