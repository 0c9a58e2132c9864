import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChainHead } from '../../domain/audit/chain.ts';
import type { Kind, Log } from '../../ports/store.ts';
import type { Committer } from './committer.ts';
import { syncFolder } from './durable-file.ts';
import type { Journal } from './journal.ts';
import { journalPath } from './journal.ts';
import { writeManifest } from './manifest.ts';
import type { KindSnapshot, Manifest } from './manifest.ts';
import type { KindDocuments, LogRows, Memory } from './memory.ts';
import { journalNumbers } from './replay.ts';
import type { TailRow } from './segment.ts';
import { rowsOf, SEGMENT, writeSegments } from './segment-files.ts';
import type { Flushed } from './segment-files.ts';
import { Slices } from './slices.ts';
import { writeKind } from './snapshot.ts';

/** `rows` moves the tails of the logs into segments; `everything` also writes the documents and lets old journal files go. */
export type Extent = 'rows' | 'everything';

interface Captured {
  readonly documents: ReadonlyMap<Kind, KindDocuments> | undefined;
  readonly journal: number;
  readonly seq: number;
  readonly head: ChainHead | null;
  readonly tails: ReadonlyMap<Log, { readonly rows: readonly TailRow[]; readonly last: number }>;
}

/** What is written of each kind, and the revision that it was written from. */
export type WrittenKinds = ReadonlyMap<Kind, { readonly revision: number; readonly snapshot: KindSnapshot }>;

export interface CompactionParts {
  readonly folder: string;
  readonly memory: Memory;
  readonly journal: Journal;
  readonly committer: Committer;
  readonly manifest: Manifest;
  readonly written: WrittenKinds;
}

/**
 * Moves what the journal holds into snapshots and segments, off the commit path. New files are written beside the old ones;
 * the manifest's rename makes them the store; then what it does not name is removed. A crash at any point leaves
 * either the old manifest with its files and the whole journal, or the new one.
 */
export class Compaction {
  readonly #folder: string;
  readonly #memory: Memory;
  readonly #journal: Journal;
  readonly #committer: Committer;
  #manifest: Manifest;
  #generation: number;
  #snapshotSize: number;
  /** An unchanged kind is not written again. */
  #written: WrittenKinds;

  constructor(parts: CompactionParts) {
    this.#folder = parts.folder;
    this.#memory = parts.memory;
    this.#journal = parts.journal;
    this.#committer = parts.committer;
    this.#manifest = parts.manifest;
    this.#written = parts.written;
    this.#generation = parts.manifest.generation;
    this.#snapshotSize = sizeOf(parts.manifest);
  }

  /** Of the documents' files, in bytes. */
  get snapshotSize(): number {
    return this.#snapshotSize;
  }

  /** Not while another is under way. Throws when a file can't be written: the store then goes on as it was. */
  async run(extent: Extent): Promise<void> {
    this.#generation += 1;
    const slices = new Slices(2);
    try {
      const captured = await this.#committer.betweenBlocks(() => this.#capture(extent));
      const flushed = await this.#writeRows(captured, slices);
      const written = captured.documents === undefined ? this.#written : await this.#writeDocuments(captured.documents, slices);
      await syncFolder(join(this.#folder, 'segments'));
      await syncFolder(join(this.#folder, 'documents'));
      this.#installRows(captured, flushed);
      const manifest: Manifest = {
        generation: this.#generation,
        journal: captured.documents === undefined ? this.#manifest.journal : captured.journal,
        seq: captured.documents === undefined ? this.#manifest.seq : captured.seq,
        documents: [...written.values()].map(({ snapshot }) => snapshot),
        logs: [...this.#memory.logs()].map(([log, { flushed, segments }]) => ({ log, flushed, segments: [...segments.values()].flat() })),
        head: captured.head,
      };
      await writeManifest(this.#folder, manifest);
      this.#manifest = manifest;
      this.#snapshotSize = sizeOf(manifest);
      this.#written = written;
      if (captured.documents !== undefined) this.#journal.forgetOlder();
    } finally {
      await this.sweep();
    }
  }

  /** Removes files that belong to no current compaction, and journal files that are not replayed any more. */
  async sweep(): Promise<void> {
    const documents = new Set(this.#manifest.documents.flatMap(({ files }) => files.map(({ name }) => name)));
    const segments = new Set(this.#manifest.logs.flatMap((log) => log.segments.map(({ name }) => name)));
    // After a manifest that could not be written, the memory already reads from segments that no manifest names.
    for (const log of this.#memory.logs().values()) for (const segment of [...log.segments.values()].flat()) segments.add(segment.name);
    await removeOthers(join(this.#folder, 'documents'), documents);
    await removeOthers(join(this.#folder, 'segments'), segments);
    for (const number of await journalNumbers(this.#folder)) if (number < this.#manifest.journal) await rm(journalPath(this.#folder, number), { force: true });
  }

  async #capture(extent: Extent): Promise<Captured> {
    if (extent === 'everything') await this.#journal.rotate();
    const tails = new Map<Log, { rows: readonly TailRow[]; last: number }>();
    for (const [log, { tail, last, erased }] of this.#memory.logs()) {
      erased.clear();
      tails.set(log, { rows: [...tail], last });
    }
    const { seq, head } = this.#memory;
    return { documents: extent === 'everything' ? this.#memory.capture() : undefined, journal: this.#journal.number, seq, head, tails };
  }

  async #writeRows({ tails }: Captured, slices: Slices): Promise<readonly Flushed[]> {
    const flushed: Flushed[] = [];
    const folder = join(this.#folder, 'segments');
    for (const [log, { rows }] of tails) {
      let count = 0;
      const name = () => `${log}.${this.#generation}.${++count}.ndjson`;
      for (const [partition, own] of byPartition(rows)) {
        const before = this.#memory.log(log).segments.get(partition)?.at(-1);
        const small = before !== undefined && before.bytes < SEGMENT / 2 ? before : undefined;
        // Erased meanwhile, or damaged: its own reader will say so.
        const taken = small === undefined ? undefined : await rowsOf(folder, small).catch(() => undefined);
        const segments = await writeSegments(folder, [...(taken ?? []), ...own], name, slices);
        flushed.push({ log, partition, replaces: taken === undefined ? undefined : small?.name, segments });
      }
    }
    return flushed;
  }

  async #writeDocuments(captured: ReadonlyMap<Kind, KindDocuments>, slices: Slices): Promise<WrittenKinds> {
    const written = new Map<Kind, { readonly revision: number; readonly snapshot: KindSnapshot }>();
    for (const [kind, documents] of captured) {
      const before = this.#written.get(kind);
      const isUnchanged = before !== undefined && before.revision === documents.revision;
      const snapshot = isUnchanged ? before.snapshot : await writeKind(join(this.#folder, 'documents'), this.#generation, kind, documents, slices);
      written.set(kind, { revision: documents.revision, snapshot });
    }
    return written;
  }

  #installRows({ tails }: Captured, flushed: readonly Flushed[]): void {
    for (const { log, partition, replaces, segments } of flushed) {
      const rows = this.#memory.log(log);
      if (rows.erased.has(partition)) continue;
      const kept = (rows.segments.get(partition) ?? []).filter(({ name }) => name !== replaces);
      rows.segments.set(partition, [...kept, ...segments]);
    }
    for (const [log, { last }] of tails) forgetTail(this.#memory.log(log), last);
  }
}

function sizeOf({ documents }: Manifest): number {
  return documents.flatMap(({ files }) => files).reduce((sum, { bytes }) => sum + bytes, 0);
}

function byPartition(rows: readonly TailRow[]): ReadonlyMap<string, readonly TailRow[]> {
  const groups = new Map<string, TailRow[]>();
  for (const row of rows) {
    const group = groups.get(row.partition) ?? [];
    group.push(row);
    groups.set(row.partition, group);
  }
  return groups;
}

function forgetTail(rows: LogRows, upTo: number): void {
  rows.tail = rows.tail.filter(({ seq }) => seq > upTo);
  rows.tailSize = rows.tail.reduce((size, { text }) => size + text.length, 0);
  rows.flushed = upTo;
  rows.epoch += 1;
}

async function removeOthers(folder: string, named: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(folder)) if (!named.has(name)) await rm(join(folder, name), { force: true });
}
