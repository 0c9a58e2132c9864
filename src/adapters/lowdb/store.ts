import { join } from 'node:path';
import type { ChainHead } from '../../domain/audit/chain.ts';
import type { Verification } from '../../domain/audit/verification.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log as Lines } from '../../ports/log.ts';
import type { Documents, Kind, Log, Page, RowQuery, Rows, Store, Stored, Transaction } from '../../ports/store.ts';
import { verifyAuditFiles } from './audit-files.ts';
import { Committer } from './committer.ts';
import type { WrittenKinds } from './compaction.ts';
import { closedFault, faultOf } from './faults.ts';
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
import { type Limits, LIMITS, Upkeep } from './upkeep.ts';

export interface JsonStoreOptions {
  /** Created where missing: 0700, its files 0600. One process owns it at a time. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Lines;
  /** When a compaction is due. Tests and benches set them lower. */
  readonly limits?: Partial<Limits>;
}

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
  readonly #upkeep: Upkeep;
  /** Shared by all scans. */
  readonly #reading = new Slices(2);
  readonly #listeners: ((change: Transaction) => void)[] = [];
  #closed: Promise<void> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#committer = new Committer(parts.memory, parts.journal, () => this.#upkeep.compactWhenDue());
    this.#upkeep = new Upkeep({ ...parts, committer: this.#committer, isOpen: () => this.#closed === undefined });
  }

  begin(): Promise<void> {
    return this.#upkeep.begin();
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
    if (this.#closed !== undefined) throw closedFault();
    const verdict = await this.#committer.submit(prepared);
    if (verdict === 'committed') for (const tell of this.#listeners) tell(change);
    if (verdict === 'committed' && prepared.change.erase.length > 0) this.#upkeep.removeErased();
    return verdict;
  }

  watch(listener: (change: Transaction) => void): void {
    this.#listeners.push(listener);
  }

  async auditHead(): Promise<ChainHead | null> {
    return this.#parts.memory.head;
  }

  async verifyAudit(noted?: string): Promise<Verification> {
    const { folder, memory, journal } = this.#parts;
    return this.#upkeep.alone(async () => {
      try {
        const now = await this.#committer.betweenBlocks(async () => ({ head: memory.head, journal: journal.number, length: journal.length }));
        return await verifyAuditFiles({ folder, noted: noted ?? null, now, mustStop: () => this.#closed !== undefined });
      } catch (error) {
        throw faultOf(error, `The audit in ${folder} can't be read`);
      }
    });
  }

  compact(): Promise<void> {
    return this.#upkeep.compact();
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#committer.idle();
    await this.#upkeep.end();
    await this.#parts.journal.close();
    await this.#parts.ownership.release();
    const { folder, log, memory } = this.#parts;
    log.info({ folder, auditHead: memory.head }, 'The store is closed.');
  }
}
