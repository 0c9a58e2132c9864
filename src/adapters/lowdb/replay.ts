import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StoreFault } from '../../ports/store.ts';
import { Draft } from './draft.ts';
import { journalPath } from './journal.ts';
import { readLines } from './lines.ts';
import type { Line } from './lines.ts';
import type { Memory } from './memory.ts';
import { Slices } from './slices.ts';
import { readLine } from './transaction-line.ts';
import type { ReadLine } from './transaction-line.ts';

/** Where the journal goes on after a replay. */
export interface JournalEnd {
  readonly number: number;
  /** Good bytes of that file. */
  readonly length: number;
  /** Bytes of the files before it. */
  readonly older: number;
  /** Bytes after the good ones: a block that was being written when the process ended, reported to nobody. */
  readonly torn: number;
  /** Whether a transaction in it erases: the erased is still on the disk. */
  readonly erased: boolean;
}

/** Numbers of the journal files, ascending. */
export async function journalNumbers(folder: string): Promise<readonly number[]> {
  const names = await readdir(join(folder, 'journal'));
  return names.flatMap((name) => (/^\d+\.ndjson$/.test(name) ? [Number.parseInt(name, 10)] : [])).sort((a, b) => a - b);
}

/**
 * Repeats the journal's transactions from file `first` on. A torn end of the last file is left out; damage anywhere else
 * throws a `StoreFault` that names file and line.
 */
export async function replay(folder: string, first: number, memory: Memory): Promise<JournalEnd> {
  const numbers = (await journalNumbers(folder)).filter((number) => number >= first);
  const last = numbers.at(-1) ?? first;
  let older = 0;
  let erased = false;
  for (let number = first; number <= last; number++) {
    // A new folder has none yet; otherwise the manifest and each file vouch for the next.
    if (!numbers.includes(number)) {
      if (numbers.length === 0 && memory.seq === 0) break;
      throw new StoreFault(`${journalPath(folder, number)} is missing. Restore the data folder from a backup.`);
    }
    const file = await replayFile(journalPath(folder, number), number === last, memory);
    erased ||= file.erased;
    if (number === last) return { number, length: file.length, older, torn: file.torn, erased };
    older += file.length;
  }
  return { number: first, length: 0, older: 0, torn: 0, erased: false };
}

async function replayFile(path: string, isLast: boolean, memory: Memory): Promise<Pick<JournalEnd, 'length' | 'torn' | 'erased'>> {
  const file = new FileReplay(path, isLast, memory);
  for await (const lines of readLines(path)) for (const line of lines) await file.take(line);
  return file.finish();
}

class FileReplay {
  readonly #path: string;
  readonly #isLast: boolean;
  readonly #draft: Draft;
  readonly #slices = new Slices(20);
  #lines = 0;
  #end = 0;
  #length = 0;
  #erased = false;
  /** The first line that is not as it was written. */
  #bad: { readonly line: number; readonly offset: number } | undefined;

  constructor(path: string, isLast: boolean, memory: Memory) {
    this.#path = path;
    this.#isLast = isLast;
    this.#draft = new Draft(memory);
  }

  async take(line: Line): Promise<void> {
    this.#lines += 1;
    this.#end = line.offset + line.content.length + (line.terminated ? 1 : 0);
    const read = line.terminated ? readLine(line.content) : undefined;
    if (this.#bad !== undefined) {
      // A good line of a later block: what came before had been synced and reported, so this is no torn end.
      if (read !== undefined && read.block > this.#bad.offset) throw damagedLine(this.#path, this.#bad.line);
    } else if (read === undefined) {
      if (!this.#isLast) throw damagedLine(this.#path, this.#lines);
      this.#bad = { line: this.#lines, offset: line.offset };
    } else await this.#repeat(read);
  }

  finish(): Pick<JournalEnd, 'length' | 'torn' | 'erased'> {
    this.#draft.install();
    return { length: this.#length, torn: this.#end - this.#length, erased: this.#erased };
  }

  async #repeat({ seq, change, positions, links }: ReadLine): Promise<void> {
    const next = this.#draft.seq + 1;
    if (seq !== next) {
      throw new StoreFault(
        `${this.#path} line ${this.#lines} is transaction ${seq}, but ${next} should follow: a part of the journal is missing. Restore the data folder from a backup.`,
      );
    }
    await this.#draft.apply(change, positions, links, this.#slices);
    this.#erased ||= change.erase.length > 0;
    this.#length = this.#end;
  }
}

function damagedLine(path: string, line: number): StoreFault {
  return new StoreFault(`${path} line ${line} is damaged (its checksum does not match). Restore the data folder from a backup.`);
}
