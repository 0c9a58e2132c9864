import { isDeepStrictEqual } from 'node:util';
import type { Link } from '../../domain/audit/chain.ts';
import type { Log, RowQuery } from '../../ports/store.ts';
import { codeOf, faultOf } from './faults.ts';
import type { LogRows } from './memory.ts';
import type { Segment } from './segment.ts';
import { splitLine } from './segment-files.ts';
import { Slices } from './slices.ts';

const PAGE = 256;

/** A query without the type of its log. */
export type AnyQuery = Omit<RowQuery<Log>, 'match'> & { readonly match?: Readonly<Record<string, unknown>> };

export interface FoundRow {
  readonly seq: number;
  readonly row: { readonly at: number };
  readonly link?: Link;
}

interface Candidate {
  readonly seq: number;
  readonly text: string;
  readonly link?: Link | undefined;
}

/** Rows in the asked order from one place, opened only when its first row may be next. */
interface Place {
  /** A segment; null is the tail in memory. */
  readonly segment: Segment | null;
  /** No row of it comes before this one in the asked order. */
  readonly bound: number;
}

interface OpenPlace {
  readonly segment: Segment | null;
  readonly rows: Iterator<Candidate>;
  head: Candidate;
}

/** Pages of matching rows. Rows appended after the query began are not part of it. */
export async function* queryRows(log: LogRows, read: (segment: Segment) => Promise<string>, query: AnyQuery): AsyncGenerator<readonly FoundRow[]> {
  const search = new Search(log, read, query);
  const slices = new Slices(5);
  for (let left = query.limit ?? Number.POSITIVE_INFINITY; left > 0; ) {
    const page = await search.page(Math.min(PAGE, left));
    if (page.length === 0) return;
    left -= page.length;
    yield page;
    const pause = slices.due();
    if (pause) await pause;
  }
}

class Search {
  readonly #log: LogRows;
  readonly #read: (segment: Segment) => Promise<string>;
  readonly #query: AnyQuery;
  readonly #newest: boolean;
  /** Each is in the JSON text of every matching row: most rows are ruled out without parsing. */
  readonly #needles: readonly string[];
  readonly #match: readonly (readonly [key: string, value: unknown])[];
  readonly #end: number;
  /** Every row up to this one, in the asked order, has been looked at. */
  #position: number;
  /** Segments without a further matching row. */
  readonly #done = new Set<string>();
  #epoch = -1;
  #waiting: Place[] = [];
  #open: OpenPlace[] = [];

  constructor(log: LogRows, read: (segment: Segment) => Promise<string>, query: AnyQuery) {
    this.#log = log;
    this.#read = read;
    this.#query = query;
    this.#newest = query.order === 'newest';
    this.#end = log.last;
    this.#position = query.after ?? (this.#newest ? this.#end + 1 : 0);
    this.#match = Object.entries(query.match ?? {});
    this.#needles = this.#match
      .filter(([, value]) => value === null || ['string', 'number', 'boolean'].includes(typeof value))
      .map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  }

  /** The next `size` matching rows; fewer only at the end. */
  async page(size: number): Promise<readonly FoundRow[]> {
    const page: FoundRow[] = [];
    while (page.length < size) {
      if (this.#epoch !== this.#log.epoch) this.#plan();
      const nearest = this.#nearest();
      const due = this.#due(nearest);
      if (due !== undefined) await this.#openPlace(due);
      else if (nearest === undefined) break;
      else {
        const row = this.#matching(this.#take(nearest));
        if (row !== undefined) page.push(row);
      }
    }
    return page;
  }

  #plan(): void {
    this.#epoch = this.#log.epoch;
    this.#open = [];
    const places: Place[] = [{ segment: null, bound: this.#newest ? this.#end : this.#log.flushed + 1 }];
    const { partition } = this.#query;
    for (const segments of partition === undefined ? this.#log.segments.values() : [this.#log.segments.get(partition) ?? []]) {
      for (const segment of segments) if (this.#mayHold(segment)) places.push({ segment, bound: this.#newest ? segment.last : segment.first });
    }
    // The nearest is last, where it is taken from.
    this.#waiting = places.sort((a, b) => (this.#newest ? a.bound - b.bound : b.bound - a.bound));
  }

  #mayHold({ name, first, last, earliest, latest }: Segment): boolean {
    const { from, until } = this.#query;
    if (this.#done.has(name) || first > this.#end) return false;
    if (this.#newest ? first >= this.#position : last <= this.#position) return false;
    return (from === undefined || latest >= from) && (until === undefined || earliest < until);
  }

  /** A place that may hold a row before the nearest open one. */
  #due(nearest: OpenPlace | undefined): Place | undefined {
    const place = this.#waiting.at(-1);
    return place === undefined || (nearest !== undefined && !this.#before(place.bound, nearest.head.seq)) ? undefined : place;
  }

  async #openPlace({ segment }: Place): Promise<void> {
    const text = segment === null ? null : await this.#textOf(segment);
    // Rows have moved: the next round plans anew.
    if (text === undefined) return;
    this.#waiting.pop();
    const rows = text === null ? this.#tailRows() : this.#lines(text);
    const first = rows.next();
    if (!first.done) this.#open.push({ segment, rows, head: first.value });
    else if (segment !== null) this.#done.add(segment.name);
  }

  /** Undefined when a compaction or an erasure has removed it. */
  async #textOf(segment: Segment): Promise<string | undefined> {
    try {
      return await this.#read(segment);
    } catch (error) {
      if (codeOf(error) === 'ENOENT' && this.#epoch !== this.#log.epoch) return undefined;
      throw faultOf(error, `The log segment ${segment.name} can't be read`);
    }
  }

  #before(a: number, b: number): boolean {
    return this.#newest ? a > b : a < b;
  }

  #nearest(): OpenPlace | undefined {
    let nearest: OpenPlace | undefined;
    for (const place of this.#open) if (nearest === undefined || this.#before(place.head.seq, nearest.head.seq)) nearest = place;
    return nearest;
  }

  #take(place: OpenPlace): Candidate {
    const taken = place.head;
    this.#position = taken.seq;
    const next = place.rows.next();
    if (!next.done) place.head = next.value;
    else {
      this.#open = this.#open.filter((other) => other !== place);
      if (place.segment !== null) this.#done.add(place.segment.name);
    }
    return taken;
  }

  #isWanted(seq: number, text: string): boolean {
    return this.#before(this.#position, seq) && seq <= this.#end && this.#needles.every((needle) => text.includes(needle));
  }

  *#tailRows(): Generator<Candidate> {
    const { tail } = this.#log;
    const { partition } = this.#query;
    for (let step = 0; step < tail.length; step++) {
      const row = tail[this.#newest ? tail.length - 1 - step : step];
      if (row !== undefined && (partition === undefined || row.partition === partition) && this.#isWanted(row.seq, row.text)) yield row;
    }
  }

  *#lines(text: string): Generator<Candidate> {
    if (!this.#needles.every((needle) => text.includes(needle))) return;
    for (let [start, end] = this.#newest ? lineBefore(text, text.length) : lineFrom(text, 0); start < end; ) {
      const candidate = splitLine(text.slice(start, end));
      if (this.#isWanted(candidate.seq, candidate.text)) yield candidate;
      [start, end] = this.#newest ? lineBefore(text, start) : lineFrom(text, end + 1);
    }
  }

  #matching({ seq, text, link }: Candidate): FoundRow | undefined {
    const row: { readonly at: number } & Readonly<Record<string, unknown>> = JSON.parse(text);
    const { from, until } = this.#query;
    if ((from !== undefined && row.at < from) || (until !== undefined && row.at >= until)) return undefined;
    return this.#match.every(([key, value]) => isDeepStrictEqual(row[key], value)) ? { seq, row, ...(link === undefined ? {} : { link }) } : undefined;
  }
}

/** Start and end of the line that begins at an offset; both are the offset at the end of the text. */
function lineFrom(text: string, offset: number): [start: number, end: number] {
  const end = text.indexOf('\n', offset);
  return end === -1 ? [offset, offset] : [offset, end];
}

/** Start and end of the line whose end stands before an offset; both are 0 when there is none. */
function lineBefore(text: string, offset: number): [start: number, end: number] {
  const end = offset - 1;
  return end <= 0 ? [0, 0] : [text.lastIndexOf('\n', end - 1) + 1, end];
}
