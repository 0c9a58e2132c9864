import type { Log as Lines } from '../../ports/log.ts';
import { Compaction, type CompactionParts, type Extent } from './compaction.ts';
import { closedFault, faultOf } from './faults.ts';

/** When a compaction is due. */
export interface Limits {
  /** The journal is folded into snapshots from this size on, in bytes, or from the snapshots' own size, whichever is more. */
  readonly journal: number;
  /** Log rows leave the memory from this size on, in characters. */
  readonly tail: number;
}

/** Those of a store in use. */
export const LIMITS: Limits = { journal: 16 * 1024 * 1024, tail: 8 * 1024 * 1024 };

interface UpkeepParts extends CompactionParts {
  readonly log: Lines;
  readonly limits: Limits;
  /** Something was erased since the last compaction. */
  readonly erased: boolean;
  readonly isOpen: () => boolean;
}

/** Begins compactions when they are due, one at a time, and keeps them from whoever reads the files. */
export class Upkeep {
  readonly #parts: UpkeepParts;
  readonly #compaction: Compaction;
  /** A compaction, or whoever must not have one change files under them. */
  #busy: Promise<void> | undefined;
  /** An erasure is not only forgotten but removed from the disk, soon. */
  #erased: boolean;
  /** After a failed compaction: not again before the journal has grown to this. */
  #notBefore = 0;

  constructor(parts: UpkeepParts) {
    this.#parts = parts;
    this.#erased = parts.erased;
    this.#compaction = new Compaction(parts);
  }

  /** Removes what a crash left over. */
  async begin(): Promise<void> {
    await this.#compaction.sweep();
    this.compactWhenDue();
  }

  compactWhenDue(): void {
    const extent = this.#due();
    if (extent === undefined || this.#busy !== undefined || !this.#parts.isOpen()) return;
    void this.#compact(extent).catch(() => undefined);
  }

  /** Something was erased from the memory. */
  removeErased(): void {
    this.#erased = true;
    this.compactWhenDue();
  }

  /** Throws a `StoreFault`. */
  async compact(): Promise<void> {
    await this.#inTurn(() => this.#run('everything'));
    this.compactWhenDue();
  }

  /** No compaction begins before `work` is over. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.#inTurn(work);
    } finally {
      this.compactWhenDue();
    }
  }

  /** The last compaction of a store that is being closed. */
  async end(): Promise<void> {
    while (this.#busy !== undefined) await this.#busy;
    // A failure is reported already, and the journal holds everything.
    if (this.#parts.journal.size > 0) await this.#compact('everything').catch(() => undefined);
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    while (this.#busy !== undefined) await this.#busy;
    if (!this.#parts.isOpen()) throw closedFault();
    return this.#hold(work);
  }

  #hold<T>(work: () => Promise<T>): Promise<T> {
    const running = work().finally(() => {
      this.#busy = undefined;
    });
    this.#busy = running.then(
      () => undefined,
      () => undefined,
    );
    return running;
  }

  #due(): Extent | undefined {
    const { journal, memory, limits } = this.#parts;
    if (journal.size < this.#notBefore) return undefined;
    if (this.#erased || journal.size > Math.max(limits.journal, this.#compaction.snapshotSize)) return 'everything';
    return memory.tailSize > limits.tail ? 'rows' : undefined;
  }

  async #compact(extent: Extent): Promise<void> {
    await this.#hold(() => this.#run(extent));
    this.compactWhenDue();
  }

  async #run(extent: Extent): Promise<void> {
    const { journal, log, folder, limits } = this.#parts;
    const erased = this.#erased;
    if (extent === 'everything') this.#erased = false;
    try {
      await this.#compaction.run(extent);
      this.#notBefore = 0;
    } catch (error) {
      this.#erased ||= erased;
      this.#notBefore = journal.size + limits.tail;
      const fault = faultOf(error, `The journal in ${folder} can't be folded into snapshots; nothing is lost, but it grows`);
      log.error({ folder, error: fault.message }, 'A compaction failed.');
      throw fault;
    }
  }
}
