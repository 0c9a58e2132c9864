import type { ChainHead } from '../../domain/audit/chain.ts';
import type { Kind, Log } from '../../ports/store.ts';
import type { Segment, TailRow } from './segment.ts';
import { emptyTree } from './tree.ts';
import type { Tree } from './tree.ts';

/** Documents of one kind. `floor` is the highest version that a removed document had: whatever is put anew starts above it. */
export interface KindDocuments {
  readonly tree: Tree;
  readonly floor: number;
  /** Counts changes, so that a snapshot knows an unchanged kind without holding on to its old tree. */
  readonly revision: number;
}

/** One log: what is in segments on disk, and the tail that only the journal holds. */
export interface LogRows {
  /** The last sequence number given. */
  last: number;
  /** Rows up to this one have left the tail. */
  flushed: number;
  /** By partition, in ascending order. */
  segments: Map<string, readonly Segment[]>;
  tail: TailRow[];
  /** Characters in the tail. */
  tailSize: number;
  /** Raised when rows move or disappear, so that a reader looks again where they are. */
  epoch: number;
  /** Partitions erased since the running compaction began. */
  readonly erased: Set<string>;
}

/** What readers see: everything that is durable, and nothing else. Only an installed `Draft` and a compaction change it. */
export class Memory {
  /** The last transaction's sequence number. */
  seq = 0;
  /** The end of the audit's chain. */
  head: ChainHead | null = null;
  readonly #documents = new Map<Kind, KindDocuments>();
  readonly #logs = new Map<Log, LogRows>();

  documents(kind: Kind): KindDocuments {
    const found = this.#documents.get(kind) ?? { tree: emptyTree(), floor: 0, revision: 0 };
    this.#documents.set(kind, found);
    return found;
  }

  replace(kind: Kind, documents: KindDocuments): void {
    this.#documents.set(kind, documents);
  }

  log(log: Log): LogRows {
    const found = this.#logs.get(log) ?? { last: 0, flushed: 0, segments: new Map(), tail: [], tailSize: 0, epoch: 0, erased: new Set() };
    this.#logs.set(log, found);
    return found;
  }

  /** All documents as they are now; later transactions do not change what this returns. */
  capture(): ReadonlyMap<Kind, KindDocuments> {
    return new Map(this.#documents);
  }

  logs(): ReadonlyMap<Log, LogRows> {
    return this.#logs;
  }

  /** Characters of log rows held in memory. */
  get tailSize(): number {
    let size = 0;
    for (const { tailSize } of this.#logs.values()) size += tailSize;
    return size;
  }
}
