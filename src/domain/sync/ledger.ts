import type { Outside } from '../../ports/outside.ts';
import type { Put } from '../../ports/store.ts';
import { redraw } from '../cards/show.ts';
import { type Instant, SECOND } from '../instant.ts';
import { put } from '../revise.ts';
import { type Entry, type Written, written } from './entry.ts';
import { keepingSeats } from './grants.ts';
import { redrawTraces } from './retrace.ts';
import type { Run } from './run.ts';
import { cardShowing } from './run-card.ts';
import { type Numbers, Tally } from './tally.ts';

const CARD_EVERY_OPERATIONS = 500;
/** A commit takes what this long, or this many entries, brought together: a fast target is not slowed by the disk. */
const COMMIT_EVERY = 100;
const COMMIT_AT_MOST = 512;

/** Told of the run's numbers as they change. */
export type Progress = (run: Run) => void;

type Books = Pick<Outside, 'store' | 'clock' | 'cards' | 'breath'>;

/**
 * The run's document and everything that it records. What is recorded shortly after a commit goes into the next one;
 * the run's heartbeat calls `flush`, so that nothing lies about when no more comes. The run's own document is always written by
 * compare-and-set: what others ask of the run (`asked`, `expedite`) is theirs, the numbers are ours.
 */
export class Ledger {
  readonly #outside: Books;
  readonly #progress: Progress | undefined;
  /** Begun before, by this process or by one that is no more. */
  readonly isTakenUp: boolean;
  #run: Run;
  #version: number;
  readonly #tally: Tally;
  #recorded: Entry[] = [];
  #dirty = false;
  #committedAt: Instant = 0;
  #writing: Promise<void> | undefined;
  #fault: unknown;
  #drawn: { at: Instant; done: number };
  readonly #served = new Set<string>();
  /** Called when something new was asked of the run, or a commit failed. */
  onNews: (() => void) | undefined;

  private constructor(outside: Books, run: Run, version: number, progress: Progress | undefined) {
    this.#outside = outside;
    this.#progress = progress;
    this.isTakenUp = run.startedAt !== null;
    this.#run = run;
    this.#version = version;
    this.#tally = new Tally(run);
    this.#drawn = { at: outside.clock.now(), done: run.done };
  }

  static async open(outside: Books, runId: string, progress: Progress | undefined): Promise<Ledger | undefined> {
    const stored = await outside.store.get('run', runId);
    return stored === undefined ? undefined : new Ledger(outside, stored.value, stored.version, progress);
  }

  /** The run as it will be written next. */
  get run(): Run {
    return { ...this.#run, ...this.#tally.numbers() };
  }

  get asked(): Run['asked'] {
    return this.#run.asked;
  }

  get fault(): unknown {
    return this.#fault;
  }

  /** Changes the run's own fields; written with the next commit. */
  amend(fields: Partial<Pick<Run, 'startedAt' | 'state' | 'total' | 'held' | 'frozen' | 'plan'>>): void {
    this.#run = { ...this.#run, ...fields };
    this.#touch();
  }

  unchanged(count: number): void {
    this.#tally.unchanged(count);
    this.#touch();
  }

  /** Records one finished operation. */
  record(entry: Entry): void {
    this.#recorded.push(entry);
    if (entry.count !== undefined) this.#tally.count(entry.count);
    if (entry.cause !== undefined) this.#tally.blame(entry.cause);
    this.#touch();
  }

  /** One operation of the plan is over. */
  step(): void {
    this.#tally.step();
  }

  /** So much was read so far, where nothing is planned (S20). */
  progressed(done: number): void {
    this.#tally.progressed(done);
    this.#touch();
  }

  /** Resolves when everything recorded so far is durable; throws the `StoreFault` where that failed. */
  async flush(): Promise<void> {
    while (this.#dirty || this.#writing !== undefined) {
      this.#start();
      await this.#writing;
      this.#rethrow();
    }
    this.#rethrow();
  }

  /** Reads what others asked of the run since. */
  async refresh(): Promise<void> {
    // A commit under way finds out by itself: its compare-and-set fails.
    if (this.#writing !== undefined) return;
    const stored = await this.#outside.store.get('run', this.#run.id);
    if (stored !== undefined && stored.version !== this.#version && this.#writing === undefined) this.#takeOver(stored.value, stored.version);
  }

  /** The people to serve ahead of all others; each is given out once. */
  takeExpedited(): readonly string[] {
    const ids = (this.#run.expedite ?? []).filter((id) => !this.#served.has(id));
    if (ids.length === 0) return ids;
    for (const id of ids) this.#served.add(id);
    this.#run = { ...this.#run, expedite: [] };
    this.#touch();
    return ids;
  }

  /** Somebody who can't be served out of turn by this run: asked for still, when it is over. */
  handBack(personId: string): void {
    this.#served.delete(personId);
    this.#run = { ...this.#run, expedite: [...(this.#run.expedite ?? []).filter((id) => id !== personId), personId] };
    this.#touch();
  }

  /** Asks for the run's card to be drawn anew, at most once a second or every 500 operations. */
  async draw(): Promise<void> {
    const now = this.#outside.clock.now();
    if (now - this.#drawn.at < SECOND && this.#tally.done - this.#drawn.done < CARD_EVERY_OPERATIONS) return;
    this.#drawn = { at: now, done: this.#tally.done };
    this.#progress?.(this.run);
    await redraw(this.#outside.store, cardShowing(this.#run), false);
    this.#outside.cards.changed([cardShowing(this.#run)]);
  }

  /** The messages of somebody who went first show what became of it (S16). */
  async retrace(personId: string): Promise<void> {
    await this.flush();
    await redrawTraces(this.#outside, this.#run.id, personId);
  }

  /**
   * The run as it is to be put last, with the version to expect; `change` sees what others asked until then. Nothing
   * may be recorded afterwards.
   */
  async last(change: (run: Run) => Run): Promise<{ readonly run: Run; readonly put: Put }> {
    await this.flush();
    const stored = await this.#outside.store.get('run', this.#run.id);
    if (stored !== undefined && stored.version !== this.#version) this.#takeOver(stored.value, stored.version);
    const run = change(this.run);
    return { run, put: put('run', run.id, run, this.#version) };
  }

  #touch(): void {
    this.#dirty = true;
    if (this.#recorded.length >= COMMIT_AT_MOST || this.#outside.clock.now() - this.#committedAt >= COMMIT_EVERY) this.#start();
  }

  #start(): void {
    if (this.#fault === undefined) this.#writing ??= this.#write();
  }

  async #write(): Promise<void> {
    try {
      // What the same turn of the event loop records belongs to the same commit.
      await this.#outside.breath.turn();
      do {
        const recorded = this.#recorded;
        const numbers = this.#tally.numbers();
        this.#recorded = [];
        this.#dirty = false;
        this.#committedAt = this.#outside.clock.now();
        await this.#commit(await written(recorded, this.#outside.breath), numbers);
        await this.draw();
      } while (this.#recorded.length >= COMMIT_AT_MOST);
    } catch (fault) {
      this.#fault = fault;
      this.onNews?.();
    } finally {
      this.#writing = undefined;
    }
  }

  /** `numbers` are those of the moment when the entries were taken: they count no operation that is not durable with them. */
  async #commit({ puts, appends }: Written, numbers: Numbers): Promise<void> {
    for (;;) {
      const run = put('run', this.#run.id, { ...this.#run, ...numbers }, this.#version);
      const kept = await keepingSeats(this.#outside.store, this.#run.connectorId, puts);
      const outcome = await this.#outside.store.transaction({ puts: [...kept, run], appends });
      if (outcome === 'committed') {
        this.#version += 1;
        return;
      }
      const stored = await this.#outside.store.get('run', this.#run.id);
      if (stored === undefined) throw new Error(`run ${this.#run.id} is gone from the store`);
      this.#takeOver(stored.value, stored.version);
    }
  }

  /** Somebody else wrote the run: what is asked of it is theirs. */
  #takeOver(stored: Run, version: number): void {
    this.#version = version;
    const { askedBy: _, ...mine } = this.#run;
    const expedite = (stored.expedite ?? []).filter((id) => !this.#served.has(id));
    this.#run = { ...mine, asked: stored.asked, expedite, ...(stored.askedBy === undefined ? {} : { askedBy: stored.askedBy }) };
    this.onNews?.();
  }

  #rethrow(): void {
    if (this.#fault !== undefined) throw this.#fault;
  }
}
