import type { ChainHead, Link } from '../../domain/audit/chain.ts';
import type { Kind, Log } from '../../ports/store.ts';
import { advanced, linkAfter } from './audit-chain.ts';
import type { KindDocuments, Memory } from './memory.ts';
import type { TailRow } from './segment.ts';
import type { Slices } from './slices.ts';
import { emptyTree, pageOf } from './tree.ts';
import type { Change, Erasure, Positions, Prepared, WrittenDocument, WrittenRow } from './transaction-line.ts';

interface DraftLog {
  last: number;
  rows: TailRow[];
  /** Partition → rows up to this one are erased. */
  readonly erased: Map<string, number>;
}

/** Changes on top of the memory that nobody sees until they are installed, or that are thrown away. */
export class Draft {
  readonly #memory: Memory;
  readonly #documents = new Map<Kind, KindDocuments>();
  readonly #logs = new Map<Log, DraftLog>();
  #seq: number;
  #head: ChainHead | null;

  constructor(memory: Memory) {
    this.#memory = memory;
    this.#seq = memory.seq;
    this.#head = memory.head;
  }

  get seq(): number {
    return this.#seq;
  }

  /** Whether every expected version holds, transactions drafted before counted in. */
  holds(expected: Prepared['expected']): boolean {
    return expected.every(({ kind, key, version }) => (this.#documentsOf(kind).tree.get(key)?.version ?? 0) === version);
  }

  /** Where the logs of a change stand now: the change's rows follow in order. */
  positions(change: Change): Positions {
    const positions: Positions = {};
    for (const { log } of change.rows) positions[log] ??= this.#logOf(log).last;
    for (const erasure of change.erase) if ('log' in erasure) positions[erasure.log] ??= this.#logOf(erasure.log).last;
    return positions;
  }

  /** The links of a change's rows of the audit, in order, when these follow `positions`. */
  links({ rows }: Change, positions: Positions): readonly Link[] {
    let head = this.#head;
    let seq = positions.audit ?? 0;
    return rows.flatMap(({ salted }) => {
      if (salted === undefined) return [];
      seq += 1;
      const link = linkAfter(head, seq, salted);
      head = advanced(head, seq, link);
      return [link];
    });
  }

  /** `positions` and `links` are those of the change's line: a replay must give rows the numbers and links they had. */
  async apply(change: Change, positions: Positions, links: readonly Link[], slices: Slices): Promise<void> {
    this.#seq += 1;
    for (const erasure of change.erase) await this.#erase(erasure, positions, slices);
    for (const put of change.puts) {
      this.#put(put);
      const pause = slices.due();
      if (pause) await pause;
    }
    const next = { ...positions };
    const linked = links.values();
    for (const row of change.rows) this.#append(row, next, row.log === 'audit' ? linked.next().value : undefined);
  }

  /** Makes the draft what readers see, at once. */
  install(): void {
    for (const [kind, documents] of this.#documents) this.#memory.replace(kind, documents);
    for (const [log, draft] of this.#logs) this.#installLog(log, draft);
    this.#memory.seq = this.#seq;
    this.#memory.head = this.#head;
  }

  #documentsOf(kind: Kind): KindDocuments {
    return this.#documents.get(kind) ?? this.#memory.documents(kind);
  }

  #writable(kind: Kind): KindDocuments {
    const drafted = this.#documents.get(kind);
    if (drafted !== undefined) return drafted;
    const { tree, floor, revision } = this.#memory.documents(kind);
    const copy = { tree: tree.clone(), floor, revision: revision + 1 };
    this.#documents.set(kind, copy);
    return copy;
  }

  #put({ kind, key, text }: WrittenDocument): void {
    const { tree, floor, revision } = this.#writable(kind);
    const before = tree.get(key)?.version;
    if (text !== null) tree.set(key, { version: (before ?? floor) + 1, text, value: undefined });
    else if (before !== undefined) {
      tree.delete(key);
      this.#documents.set(kind, { tree, floor: Math.max(floor, before), revision });
    }
  }

  async #erase(erasure: Erasure, positions: Positions, slices: Slices): Promise<void> {
    if ('log' in erasure) {
      const draft = this.#logOf(erasure.log);
      draft.erased.set(erasure.partition, positions[erasure.log] ?? draft.last);
      draft.rows = draft.rows.filter((row) => row.partition !== erasure.partition);
      return;
    }
    const { kind, prefix } = erasure;
    if (prefix === '') return this.#eraseAll(kind, slices);
    for (;;) {
      const page = pageOf(this.#documentsOf(kind).tree, prefix, undefined, 256);
      if (page.length === 0) return;
      for (const [key] of page) this.#put({ kind, key, text: null });
      const pause = slices.due();
      if (pause) await pause;
    }
  }

  async #eraseAll(kind: Kind, slices: Slices): Promise<void> {
    const { tree, floor, revision } = this.#documentsOf(kind);
    let highest = floor;
    for (const { version } of tree.values()) {
      highest = Math.max(highest, version);
      const pause = slices.due();
      if (pause) await pause;
    }
    this.#documents.set(kind, { tree: emptyTree(), floor: highest, revision: revision + 1 });
  }

  #logOf(log: Log): DraftLog {
    const found = this.#logs.get(log) ?? { last: this.#memory.log(log).last, rows: [], erased: new Map() };
    this.#logs.set(log, found);
    return found;
  }

  #append({ log, partition, at, text }: WrittenRow, next: Positions, link: Link | undefined): void {
    const draft = this.#logOf(log);
    const seq = (next[log] ?? draft.last) + 1;
    next[log] = seq;
    draft.last = Math.max(draft.last, seq);
    if (link !== undefined) this.#head = advanced(this.#head, seq, link);
    if (seq > this.#memory.log(log).flushed) draft.rows.push({ seq, partition, at, text, link });
  }

  #installLog(log: Log, { last, rows, erased }: DraftLog): void {
    const kept = this.#memory.log(log);
    for (const [partition, bound] of erased) {
      // In a replay, segments may already hold rows that were appended after the erasure.
      const left = (kept.segments.get(partition) ?? []).filter((segment) => segment.last > bound);
      if (left.length > 0) kept.segments.set(partition, left);
      else kept.segments.delete(partition);
      kept.tail = kept.tail.filter((row) => row.partition !== partition);
      kept.erased.add(partition);
    }
    if (erased.size > 0) {
      kept.epoch += 1;
      kept.tailSize = kept.tail.reduce((size, row) => size + row.text.length, 0);
    }
    for (const row of rows) {
      kept.tail.push(row);
      kept.tailSize += row.text.length;
    }
    kept.last = last;
  }
}
