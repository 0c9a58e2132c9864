import type { Link } from '../../domain/audit/chain.ts';
import type { Seal } from './durable-file.ts';

/** An immutable file of log rows of one partition, in the order of their sequence numbers; a line is `[seq,row]`, or of the audit `[seq,salt,digest,hash,row]`. */
export interface Segment extends Seal {
  readonly name: string;
  readonly partition: string;
  /** Sequence numbers of its first and last row. */
  readonly first: number;
  readonly last: number;
  /** The earliest and the latest `at` in it. */
  readonly earliest: number;
  readonly latest: number;
}

/** A row that is in the journal and in no segment yet. `text` is its JSON. */
export interface TailRow {
  readonly seq: number;
  readonly partition: string;
  readonly at: number;
  readonly text: string;
  readonly link?: Link | undefined;
}
