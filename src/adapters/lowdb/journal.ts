import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from './durable-file.ts';
import { faultOf } from './faults.ts';

/** Bytes per write; a larger block is written in several, before its one sync. */
const WRITE = 1024 * 1024;

export function journalPath(folder: string, number: number): string {
  return join(folder, 'journal', `${number}.ndjson`);
}

/** The file that commits wait for: blocks of lines are appended and synced. One caller at a time. */
export class Journal {
  readonly #folder: string;
  #number: number;
  #handle: FileHandle;
  /** Bytes of the current file that are whole lines and durable. */
  #length: number;
  /** Whether the file may hold more than `#length`: the left-over of a failed write. */
  #torn = false;
  /** Bytes of older files that a replay still needs. */
  #older: number;

  private constructor(folder: string, handle: FileHandle, { number, length, older }: { number: number; length: number; older: number }) {
    this.#folder = folder;
    this.#older = older;
    this.#number = number;
    this.#handle = handle;
    this.#length = length;
  }

  /** Goes on with file `number`, of which `length` bytes are good; whatever follows them is cut off. */
  static async open(folder: string, end: { readonly number: number; readonly length: number; readonly older: number }): Promise<Journal> {
    const handle = await open(journalPath(folder, end.number), end.length === 0 ? 'w' : 'r+', 0o600);
    const journal = new Journal(folder, handle, end);
    await journal.#mend();
    await syncFolder(join(folder, 'journal'));
    return journal;
  }

  get number(): number {
    return this.#number;
  }

  /** Of the current file, in bytes. */
  get length(): number {
    return this.#length;
  }

  /** Of all files that a replay would read, in bytes. */
  get size(): number {
    return this.#older + this.#length;
  }

  /** The files before the current one are not needed any more. */
  forgetOlder(): void {
    this.#older = 0;
  }

  /** Resolves when the lines are durable. Otherwise throws a `StoreFault`, and none of them is in the file. */
  async append(lines: readonly Buffer[]): Promise<void> {
    try {
      if (this.#torn) await this.#mend();
      this.#torn = true;
      let end = this.#length;
      for (const part of writes(lines)) end = await this.#write(part, end);
      await this.#handle.datasync();
      this.#torn = false;
      this.#length = end;
    } catch (error) {
      if (this.#torn) await this.#mend().catch(() => undefined);
      throw faultOf(error, `Nothing was saved: ${journalPath(this.#folder, this.#number)} can't be written`);
    }
  }

  /** Begins the next file. Throws with the current one still in use. */
  async rotate(): Promise<void> {
    if (this.#torn) await this.#mend();
    const handle = await open(journalPath(this.#folder, this.#number + 1), 'wx', 0o600);
    await syncFolder(join(this.#folder, 'journal'));
    await this.#handle.close();
    this.#handle = handle;
    this.#older += this.#length;
    this.#number += 1;
    this.#length = 0;
  }

  async close(): Promise<void> {
    if (this.#torn) await this.#mend().catch(() => undefined);
    await this.#handle.close();
  }

  async #write(part: Buffer, position: number): Promise<number> {
    for (let written = 0; written < part.length; ) {
      const { bytesWritten } = await this.#handle.write(part, written, part.length - written, position + written);
      written += bytesWritten;
    }
    return position + part.length;
  }

  /** Cuts off what a failed write left, durably: after a crash it must not look like a commit that was reported as failed. */
  async #mend(): Promise<void> {
    await this.#handle.truncate(this.#length);
    await this.#handle.sync();
    this.#torn = false;
  }
}

/** Joins small parts into few writes. */
function* writes(parts: readonly Buffer[]): Generator<Buffer> {
  let group: Buffer[] = [];
  let size = 0;
  for (const part of parts) {
    group.push(part);
    size += part.length;
    if (size < WRITE) continue;
    yield Buffer.concat(group);
    group = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(group);
}
