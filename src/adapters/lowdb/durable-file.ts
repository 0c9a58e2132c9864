import { open, readFile, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Adapter } from 'lowdb';
import { StoreFault } from '../../ports/store.ts';
import { codeOf } from './faults.ts';

/** What a file must hold to be believed: its length in bytes and its CRC-32. */
export interface Seal {
  readonly bytes: number;
  readonly crc: number;
}

export function sealOf(content: Buffer): Seal {
  return { bytes: content.length, crc: crc32(content) };
}

/** Refuses a file that is not what was written. */
export function checkSeal(path: string, found: Seal, expected: Seal): void {
  if (found.bytes === expected.bytes && found.crc === expected.crc) return;
  throw damaged(path);
}

export function damaged(path: string): StoreFault {
  return new StoreFault(`${path} is damaged (its checksum does not match). Restore the data folder from a backup.`);
}

/** Makes created, renamed and removed names of a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Replaces a file as a whole: after a crash it holds the old content or the new, never a mixture. */
async function replaceFile(path: string, content: Buffer): Promise<void> {
  const temporary = `${path}.new`;
  try {
    const handle = await open(temporary, 'w', 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/**
 * A lowdb adapter for one JSON document. lowdb's own `JSONFile` renames but never syncs: after a power cut its file may be
 * empty. With `expected`, a file that is not exactly what was written is refused.
 */
export class DurableJson<T> implements Adapter<T> {
  readonly #path: string;
  readonly #expected: Seal | undefined;
  #written: Seal = { bytes: 0, crc: 0 };

  constructor(path: string, expected?: Seal) {
    this.#path = path;
    this.#expected = expected;
  }

  /** Of what was written last. */
  get written(): Seal {
    return this.#written;
  }

  async read(): Promise<T | null> {
    const content = await readFile(this.#path).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return null;
      throw error;
    });
    if (content === null) return null;
    if (this.#expected !== undefined) checkSeal(this.#path, sealOf(content), this.#expected);
    return JSON.parse(content.toString());
  }

  async write(data: T): Promise<void> {
    const content = Buffer.from(JSON.stringify(data));
    await replaceFile(this.#path, content);
    this.#written = sealOf(content);
  }
}

/** Bytes between two syncs: one large sync at the end would hold up every commit behind it in the file system's own journal. */
const SYNC_EVERY = 4 * 1024 * 1024;

/** Writes a new file as a stream and ends with its seal. The folder is synced by the caller. */
export class DurableStream {
  readonly #handle: FileHandle;
  #bytes = 0;
  #crc = 0;
  #unsynced = 0;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  static async create(path: string): Promise<DurableStream> {
    return new DurableStream(await open(path, 'wx', 0o600));
  }

  async write(text: string): Promise<void> {
    const content = Buffer.from(text);
    this.#crc = crc32(content, this.#crc);
    this.#bytes += content.length;
    this.#unsynced += content.length;
    await this.#handle.writeFile(content);
    if (this.#unsynced < SYNC_EVERY) return;
    await this.#handle.datasync();
    this.#unsynced = 0;
  }

  async finish(): Promise<Seal> {
    try {
      await this.#handle.sync();
    } finally {
      await this.#handle.close();
    }
    return { bytes: this.#bytes, crc: this.#crc };
  }

  /** After a failed write: gives the file up. */
  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
  }
}
