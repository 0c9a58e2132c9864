import { setImmediate as turn } from 'node:timers/promises';
import type { Memory } from './memory.ts';
import { Draft } from './draft.ts';
import type { Journal } from './journal.ts';
import { Slices } from './slices.ts';
import { lineOf } from './transaction-line.ts';
import type { Prepared } from './transaction-line.ts';

type Verdict = 'committed' | 'conflict';

interface Waiting {
  readonly prepared: Prepared;
  readonly resolve: (verdict: Verdict) => void;
  readonly reject: (reason: unknown) => void;
}

/** Bytes of transactions that share one write and one sync; a larger one goes alone. */
const BLOCK = 1024 * 1024;

/**
 * The one writer. It takes what waits as a block, decides it in order on a draft, writes its lines with one sync and
 * installs the draft; only then is anybody told. A block that can't be written is thrown away with its draft, conflicts
 * included: they may have been with a transaction of that block.
 */
export class Committer {
  readonly #memory: Memory;
  readonly #journal: Journal;
  readonly #afterBlock: () => void;
  readonly #waiting: Waiting[] = [];
  readonly #between: (() => Promise<void>)[] = [];
  #running: Promise<void> | undefined;

  constructor(memory: Memory, journal: Journal, afterBlock: () => void) {
    this.#memory = memory;
    this.#journal = journal;
    this.#afterBlock = afterBlock;
  }

  submit(prepared: Prepared): Promise<Verdict> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ prepared, resolve, reject });
      this.#wake();
    });
  }

  /** Runs `work` when no block is under way and everything submitted so far that is decided is also visible. */
  betweenBlocks<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#between.push(() => work().then(resolve, reject));
      this.#wake();
    });
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  #wake(): void {
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0 || this.#between.length > 0) {
      // What is submitted in the same turn of the event loop shares a block: those just answered mostly come again at once.
      await turn();
      for (const work of this.#between.splice(0)) await work();
      const block = this.#takeBlock();
      if (block.length === 0) continue;
      try {
        const verdicts = await this.#commit(block);
        for (const [index, { resolve }] of block.entries()) resolve(verdicts[index] ?? 'conflict');
      } catch (error) {
        for (const { reject } of block) reject(error);
      }
      this.#afterBlock();
    }
    // In the same turn as the last look at what waits: whoever comes later starts a new run.
    this.#running = undefined;
  }

  #takeBlock(): readonly Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { prepared } of this.#waiting) {
      bytes += prepared.bytes;
      if (count > 0 && bytes > BLOCK) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #commit(block: readonly Waiting[]): Promise<readonly Verdict[]> {
    const draft = new Draft(this.#memory);
    const slices = new Slices(1);
    const offset = this.#journal.length;
    const lines: Buffer[] = [];
    const verdicts: Verdict[] = [];
    for (const { prepared } of block) {
      const holds = draft.holds(prepared.expected);
      verdicts.push(holds ? 'committed' : 'conflict');
      if (!holds) continue;
      const positions = draft.positions(prepared.change);
      const links = draft.links(prepared.change, positions);
      await draft.apply(prepared.change, positions, links, slices);
      lines.push(...(await lineOf({ seq: draft.seq, block: offset, positions, links }, prepared.body)));
    }
    if (lines.length === 0) return verdicts;
    await this.#journal.append(lines);
    draft.install();
    return verdicts;
  }
}
