import { type ChainHead, digestOf, GENESIS, hashOf, type Link, type Sha256 } from './chain.ts';
import type { ChainFault, RowPlace, Traces, Verification } from './verification.ts';

/** A row as it was found where it is kept. */
export interface FoundLink {
  readonly seq: number;
  /** Its JSON. */
  readonly text: string;
  readonly link: Link | null;
  readonly place: RowPlace | null;
}

export interface ChainExpectation {
  /** What is recorded beside the rows; null where nothing is. */
  readonly head: ChainHead | null;
  /** A hash that somebody noted elsewhere: a row must have it. */
  readonly noted: string | null;
}

const SHOWN = 10;

/** Checks rows in the order in which they stand, in constant memory, and keeps the first fault (X2). */
export class ChainCheck {
  readonly #sha256: Sha256;
  readonly #expected: ChainExpectation;
  #previous = GENESIS;
  /** The last row taken. */
  #last = 0;
  #first = 0;
  #rows = 0;
  #unchained = 0;
  #sealed = 0;
  readonly #shown: number[] = [];
  #noted: number | null = null;
  #fault: ChainFault | null = null;

  constructor(sha256: Sha256, expected: ChainExpectation) {
    this.#sha256 = sha256;
    this.#expected = expected;
  }

  /** Whether reading on can tell nothing more: a missing row may still turn up in another place. */
  get isDone(): boolean {
    return this.#fault !== null && this.#fault.is !== 'missing';
  }

  /** `limit`: no row behind it has been written to the place that this one comes from. */
  take(row: FoundLink, limit: number): void {
    if (this.#fault === null) this.#check(row, limit);
    else if (this.#fault.is === 'missing' && row.seq === this.#fault.seq)
      this.#fault = { is: 'reordered', seq: row.seq, row: tracesOf(row.text), place: row.place };
  }

  /** Something in a file that is no row, before row `seq`. */
  damaged(place: RowPlace, because: string): void {
    this.#fault ??= { is: 'damaged', seq: this.#last + 1, place, because };
  }

  finish(): Verification {
    const { head, noted } = this.#expected;
    if (head !== null && this.#last < head.seq) this.#fault ??= { is: 'cut', seq: this.#last + 1, until: head.seq };
    if (noted !== null && this.#noted === null) this.#fault ??= { is: 'unknown-head', noted };
    return {
      rows: this.#rows,
      unchained: this.#unchained,
      sealed: { count: this.#sealed, first: this.#shown },
      head: this.#rows === 0 ? null : { first: this.#first, seq: this.#last, hash: this.#previous },
      noted: this.#noted,
      fault: this.#fault,
    };
  }

  #check(row: FoundLink, limit: number): void {
    this.#fault = this.#faultOf(row, limit);
    if (this.#fault !== null) return;
    if (row.link === null) this.#unchained += 1;
    else this.#accept(row.seq, row.link);
    this.#last = row.seq;
  }

  #faultOf({ seq, text, link, place }: FoundLink, limit: number): ChainFault | null {
    const about = () => ({ seq, row: tracesOf(text), place });
    if (seq > this.#last + 1) return { ...about(), is: 'missing', seq: this.#last + 1, until: seq - 1 };
    if (seq <= this.#last) return { ...about(), is: 'reordered' };
    if (seq > limit) return { ...about(), is: 'forged' };
    const because = link === null ? this.#unlinked(seq) : this.#broken(seq, text, link);
    return because === null ? null : { ...about(), is: 'altered', because };
  }

  #unlinked(seq: number): string | null {
    const { head } = this.#expected;
    return this.#rows > 0 || (head !== null && seq >= head.first) ? 'its link in the chain was removed' : null;
  }

  #broken(seq: number, text: string, { salt, digest, hash }: Link): string | null {
    const { head } = this.#expected;
    if (salt !== null && digestOf(this.#sha256, salt, text) !== digest) return 'its text is not what was written';
    if (hashOf(this.#sha256, this.#previous, seq, digest) !== hash) return 'its hash does not follow from the row before';
    return head !== null && seq === head.seq && hash !== head.hash ? 'its hash is not the one recorded for the end of the log' : null;
  }

  #accept(seq: number, link: Link): void {
    if (this.#rows === 0) this.#first = seq;
    this.#rows += 1;
    this.#previous = link.hash;
    if (link.hash === this.#expected.noted) this.#noted = seq;
    if (link.salt !== null) return;
    this.#sealed += 1;
    if (this.#shown.length < SHOWN) this.#shown.push(seq);
  }
}

/** What can be read of a row that may have been tampered with. */
function tracesOf(text: string): Traces {
  const field = (name: string): string | null => {
    const said = new RegExp(`"${name}":"((?:[^"\\\\]|\\\\.){0,200})"`).exec(text)?.[1];
    return said ?? null;
  };
  const at = /"at":(\d{1,15})/.exec(text)?.[1];
  return { id: field('id'), at: at === undefined ? null : Number(at), by: field('by'), action: field('action') };
}
