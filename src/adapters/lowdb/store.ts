import { join } from 'node:path';
import type { ChainHead } from '../../domain/audit/chain.ts';
import type { Verification } from '../../domain/audit/verification.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log as Lines } from '../../ports/log.ts';
import { StoreFault } from '../../ports/store.ts';
import type { Documents, Kind, Log, Page, RowQuery, Rows, Store, Stored, Transaction } from '../../ports/store.ts';
import { verifyAuditFiles } from './audit-files.ts';
import { Committer } from './committer.ts';
import { Compaction } from './compaction.ts';
import type { Extent, WrittenKinds } from './compaction.ts';
import { faultOf } from './faults.ts';
import { layOut, settleFormat } from './format.ts';
import { Journal } from './journal.ts';
import { load } from './load.ts';
import { readManifest } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import type { Memory } from './memory.ts';
import { claim } from './owner-lock.ts';
import type { Ownership } from './owner-lock.ts';
import { replay } from './replay.ts';
import { queryRows } from './row-query.ts';
import type { AnyQuery } from './row-query.ts';
import { readSegment } from './segment-files.ts';
import { Slices } from './slices.ts';
import { STREAMED } from './snapshot.ts';
import { countPrefix, pageOf } from './tree.ts';
import type { Kept } from './tree.ts';
import { prepare } from './transaction-line.ts';

export interface JsonStoreOptions {
  /** Created where missing: 0700, its files 0600. One process owns it at a time. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Lines;
  /** When a compaction is due. Tests and benches set them lower. */
  readonly limits?: Partial<Limits>;
}

export interface Limits {
  /** The journal is folded into snapshots from this size on, in bytes, or from the snapshots' own size, whichever is more. */
  readonly journal: number;
  /** Log rows leave the memory from this size on, in characters. */
  readonly tail: number;
}

const LIMITS: Limits = { journal: 16 * 1024 * 1024, tail: 8 * 1024 * 1024 };

/** The store of one machine: documents in memory, one journal on disk, log rows in segments. */
export interface JsonStore extends Store {
  /** Folds the journal into snapshots and segments now, and removes what was erased from the disk. Throws a `StoreFault`. */
  compact(): Promise<void>;
  /** Finishes what was asked, compacts, and gives the folder up. */
  close(): Promise<void>;
}

/** Opens a data folder or makes a new one. Throws a `StoreFault`: in use, written by a newer Usher (X9), damaged, or not writable. */
export async function openJsonStore({ folder, clock, log, limits }: JsonStoreOptions): Promise<JsonStore> {
  const start = clock.now();
  await layOut(folder).catch((error: unknown) => {
    throw faultOf(error, `The data folder ${folder} can't be made`);
  });
  const ownership = await claim(folder);
  try {
    await settleFormat(folder);
    const manifest = await readManifest(folder);
    const { memory, written } = await load(folder, manifest);
    const end = await replay(folder, manifest.journal, memory);
    if (end.torn > 0) log.warn({ folder, bytes: end.torn }, 'The journal ended within a transaction that was never reported as done; it was left out.');
    const store = new OpenStore({
      folder,
      log,
      limits: { ...LIMITS, ...limits },
      ownership,
      memory,
      manifest,
      written,
      erased: end.erased,
      journal: await Journal.open(folder, end),
    });
    await store.begin();
    log.info(
      { folder, transactions: memory.seq, journalBytes: end.older + end.length, auditHead: memory.head, milliseconds: clock.now() - start },
      'The store is open.',
    );
    return store;
  } catch (error) {
    await ownership.release();
    throw faultOf(error, `The data folder ${folder} can't be opened`);
  }
}

interface Parts {
  readonly folder: string;
  readonly log: Lines;
  readonly limits: Limits;
  readonly ownership: Ownership;
  readonly memory: Memory;
  readonly manifest: Manifest;
  readonly written: WrittenKinds;
  readonly erased: boolean;
  readonly journal: Journal;
}

const PAGE = 256;

/** Large kinds are parsed at each reading, small ones once: screens read those again and again. */
function parsed<K extends Kind>(kind: K, kept: Kept): Documents[K] {
  // Only puts of this kind are in its tree, and they are typed.
  if (STREAMED.has(kind)) return JSON.parse(kept.text) as Documents[K];
  kept.value ??= JSON.parse(kept.text);
  return kept.value as Documents[K];
}

class OpenStore implements JsonStore {
  readonly #parts: Parts;
  readonly #committer: Committer;
  readonly #compaction: Compaction;
  /** Shared by all scans. */
  readonly #reading = new Slices(2);
  /** A compaction, or a verification: neither can have the other change files under it. */
  #compacting: Promise<void> | undefined;
  /** An erasure is not only forgotten but removed from the disk, soon. */
  #erased: boolean;
  /** After a failed compaction: not again before the journal has grown to this. */
  #notBefore = 0;
  #closed: Promise<void> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#erased = parts.erased;
    this.#committer = new Committer(parts.memory, parts.journal, () => this.#compactWhenDue());
    this.#compaction = new Compaction({ ...parts, committer: this.#committer });
  }

  async begin(): Promise<void> {
    await this.#compaction.sweep();
    this.#compactWhenDue();
  }

  async get<K extends Kind>(kind: K, key: string): Promise<Stored<Documents[K]> | undefined> {
    const kept = this.#parts.memory.documents(kind).tree.get(key);
    return kept && { version: kept.version, value: parsed(kind, kept) };
  }

  async *scan<K extends Kind>(kind: K, { prefix = '', after }: { readonly prefix?: string; readonly after?: string } = {}): AsyncGenerator<Page<Documents[K]>> {
    for (let last = after; ; ) {
      const page = pageOf(this.#parts.memory.documents(kind).tree, prefix, last, PAGE);
      if (page.length > 0) yield page.map(([key, kept]) => ({ key, version: kept.version, value: parsed(kind, kept) }));
      if (page.length < PAGE) return;
      last = page.at(-1)?.[0];
      const pause = this.#reading.due();
      if (pause) await pause;
    }
  }

  async count(kind: Kind, prefix = ''): Promise<number> {
    return countPrefix(this.#parts.memory.documents(kind).tree, prefix);
  }

  rows<L extends Log>(log: L, query: RowQuery<L>): AsyncIterable<Rows<L>> {
    const segments = join(this.#parts.folder, 'segments');
    const pages = queryRows(this.#parts.memory.log(log), (segment) => readSegment(segments, segment), query as AnyQuery);
    // Only appends to this log are among its rows, and they are typed.
    return pages as AsyncIterable<unknown> as AsyncIterable<Rows<L>>;
  }

  async transaction(change: Transaction): Promise<'committed' | 'conflict'> {
    const prepared = await prepare(change);
    this.#mustBeOpen();
    const verdict = await this.#committer.submit(prepared);
    if (verdict === 'committed' && prepared.change.erase.length > 0) {
      this.#erased = true;
      this.#compactWhenDue();
    }
    return verdict;
  }

  async auditHead(): Promise<ChainHead | null> {
    return this.#parts.memory.head;
  }

  async verifyAudit(noted?: string): Promise<Verification> {
    while (this.#compacting !== undefined) await this.#compacting;
    this.#mustBeOpen();
    const verifying = this.#verify(noted ?? null);
    this.#compacting = verifying.then(
      () => undefined,
      () => undefined,
    );
    return verifying;
  }

  async #verify(noted: string | null): Promise<Verification> {
    const { folder, memory, journal } = this.#parts;
    try {
      const now = await this.#committer.betweenBlocks(async () => ({ head: memory.head, journal: journal.number, length: journal.length }));
      return await verifyAuditFiles({ folder, noted, now, mustStop: () => this.#closed !== undefined });
    } catch (error) {
      throw faultOf(error, `The audit in ${folder} can't be read`);
    } finally {
      this.#compacting = undefined;
      this.#compactWhenDue();
    }
  }

  async compact(): Promise<void> {
    while (this.#compacting !== undefined) await this.#compacting;
    this.#mustBeOpen();
    await this.#compact('everything');
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#committer.idle();
    await this.#compacting;
    try {
      if (this.#parts.journal.size > 0) await this.#compact('everything');
    } catch {
      // Reported already; the journal holds everything.
    }
    await this.#parts.journal.close();
    await this.#parts.ownership.release();
    const { folder, log, memory } = this.#parts;
    log.info({ folder, auditHead: memory.head }, 'The store is closed.');
  }

  #mustBeOpen(): void {
    if (this.#closed !== undefined) throw new StoreFault('The store is closed: Usher is stopping. Try again when it is back.');
  }

  #compactWhenDue(): void {
    const extent = this.#due();
    if (extent === undefined || this.#compacting !== undefined || this.#closed !== undefined) return;
    void this.#compact(extent).catch(() => undefined);
  }

  #due(): Extent | undefined {
    const { journal, memory, limits } = this.#parts;
    if (journal.size < this.#notBefore) return undefined;
    if (this.#erased || journal.size > Math.max(limits.journal, this.#compaction.snapshotSize)) return 'everything';
    return memory.tailSize > limits.tail ? 'rows' : undefined;
  }

  #compact(extent: Extent): Promise<void> {
    const running = this.#runCompaction(extent);
    this.#compacting = running.then(
      () => undefined,
      () => undefined,
    );
    return running;
  }

  async #runCompaction(extent: Extent): Promise<void> {
    const { journal, log, folder } = this.#parts;
    const erased = this.#erased;
    if (extent === 'everything') this.#erased = false;
    try {
      await this.#compaction.run(extent);
      this.#notBefore = 0;
    } catch (error) {
      this.#erased ||= erased;
      this.#notBefore = journal.size + this.#parts.limits.tail;
      const fault = faultOf(error, `The journal in ${folder} can't be folded into snapshots; nothing is lost, but it grows`);
      log.error({ folder, error: fault.message }, 'A compaction failed.');
      throw fault;
    } finally {
      this.#compacting = undefined;
    }
    this.#compactWhenDue();
  }
}
