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
  const draft = new Draft(memory);
  const slices = new Slices(20);
  let lines = 0;
  let length = 0;
  let bad: { readonly line: number; readonly offset: number } | undefined;
  let end = 0;
  let erased = false;
  for await (const batch of readLines(path)) {
    for (const line of batch) {
      lines += 1;
      end = line.offset + line.content.length + (line.terminated ? 1 : 0);
      const read = believable(line);
      if (bad !== undefined) {
        // A good line of a later block: what came before had been synced and reported, so this is no torn end.
        if (read !== undefined && read.block > bad.offset) throw damagedLine(path, bad.line);
      } else if (read === undefined) {
        if (!isLast) throw damagedLine(path, lines);
        bad = { line: lines, offset: line.offset };
      } else {
        if (read.seq !== draft.seq + 1)
          throw new StoreFault(
            `${path} line ${lines} is transaction ${read.seq}, but ${draft.seq + 1} should follow: a part of the journal is missing. Restore the data folder from a backup.`,
          );
        await draft.apply(read.change, read.positions, slices);
        erased ||= read.change.erase.length > 0;
        length = end;
      }
    }
  }
  draft.install();
  return { length, torn: end - length, erased };
}

function believable({ content, terminated }: Line) {
  return terminated ? readLine(content) : undefined;
}

function damagedLine(path: string, line: number): StoreFault {
  return new StoreFault(`${path} line ${line} is damaged (its checksum does not match). Restore the data folder from a backup.`);
}
