import { join, relative } from 'node:path';
import { crc32 } from 'node:zlib';
import type { FoundLink } from '../../domain/audit/chain-check.ts';
import type { RowPlace } from '../../domain/audit/verification.ts';
import { codeOf } from './faults.ts';
import { journalPath } from './journal.ts';
import { type Line, readLines } from './lines.ts';
import { journalNumbers } from './replay.ts';
import type { Segment } from './segment.ts';
import { splitLine } from './segment-files.ts';
import { parseLine, type ReadLine, readLine } from './transaction-line.ts';

/** What stands where rows of the audit should: a row, or something that is none. `seq` says where it belongs among the others. */
export type Found = (FoundLink & { readonly is: 'row' }) | { readonly is: 'damage'; readonly seq: number; readonly place: RowPlace; readonly because: string };

/** Reads of one segment at a time: as many partitions are open side by side. */
const READ = 32 * 1024;

/** The rows of all partitions as they stand in their segments, merged by sequence number; nothing is believed, checksums included. */
export async function* segmentRows(folder: string, segments: readonly Segment[]): AsyncGenerator<Found> {
  const partitions = new Map<string, Segment[]>();
  for (const segment of segments) partitions.set(segment.partition, [...(partitions.get(segment.partition) ?? []), segment]);
  const open: Cursor[] = [];
  for (const own of partitions.values()) await advance(open, { batches: partitionRows(folder, own), batch: [], index: 0 });
  for (;;) {
    let nearest: Cursor | undefined;
    for (const cursor of open) if (nearest === undefined || seqOf(cursor) < seqOf(nearest)) nearest = cursor;
    const found = nearest?.batch[nearest.index];
    if (nearest === undefined || found === undefined) return;
    yield found;
    nearest.index += 1;
    if (nearest.index === nearest.batch.length) {
      open.splice(open.indexOf(nearest), 1);
      await advance(open, nearest);
    }
  }
}

interface Cursor {
  readonly batches: AsyncGenerator<readonly Found[]>;
  batch: readonly Found[];
  index: number;
}

const seqOf = ({ batch, index }: Cursor): number => batch[index]?.seq ?? Number.POSITIVE_INFINITY;

/** Puts a cursor among the open ones when it has a further row. */
async function advance(open: Cursor[], cursor: Cursor): Promise<void> {
  for (let next = await cursor.batches.next(); !next.done; next = await cursor.batches.next()) {
    if (next.value.length === 0) continue;
    cursor.batch = next.value;
    cursor.index = 0;
    open.push(cursor);
    return;
  }
}

async function* partitionRows(folder: string, segments: readonly Segment[]): AsyncGenerator<readonly Found[]> {
  for (const segment of segments) yield* fileRows(folder, segment);
}

async function* fileRows(folder: string, segment: Segment): AsyncGenerator<readonly Found[]> {
  const file = join('segments', segment.name);
  let number = 0;
  let crc = 0;
  let bytes = 0;
  let seq = segment.first;
  const damage = (because: string): Found => ({ is: 'damage', seq, place: { file, line: Math.max(number, 1) }, because });
  try {
    for await (const lines of readLines(join(folder, file), READ)) {
      const batch: Found[] = [];
      for (const { content, terminated } of lines) {
        number += 1;
        crc = crc32(terminated ? '\n' : '', crc32(content, crc));
        bytes += content.length + (terminated ? 1 : 0);
        const { text, link, ...line } = splitLine(content.toString());
        const isRow = Number.isSafeInteger(line.seq) && text.startsWith('{') && text.endsWith('}');
        if (isRow) seq = line.seq;
        batch.push(isRow ? { is: 'row', seq, text, link: link ?? null, place: { file, line: number } } : damage('The line is no row'));
      }
      yield batch;
    }
  } catch (error) {
    yield [damage(codeOf(error) === 'ENOENT' ? 'The file is missing' : `The file can't be read (${codeOf(error) ?? String(error)})`)];
    return;
  }
  if (crc !== segment.crc || bytes !== segment.bytes) yield [damage('The file is not as it was written (its checksum does not match)')];
}

/**
 * The rows that only the journal holds: those after `flushed`, from file `first` on. Up to `end` all is durable; without it, a torn
 * end of the last file counts as never written.
 */
export async function* journalRows(
  folder: string,
  first: number,
  flushed: number,
  end: { readonly journal: number; readonly length: number } | null,
): AsyncGenerator<Found> {
  const numbers = (await journalNumbers(folder)).filter((number) => number >= first && number <= (end?.journal ?? Number.POSITIVE_INFINITY));
  for (const number of numbers) {
    const path = journalPath(folder, number);
    const length = number === end?.journal ? end.length : Number.POSITIVE_INFINITY;
    const mayBeTorn = end === null && number === numbers.at(-1);
    yield* new JournalFile(relative(folder, path), flushed, mayBeTorn).rows(readLines(path, READ), length);
  }
}

class JournalFile {
  readonly #file: string;
  readonly #flushed: number;
  readonly #mayBeTorn: boolean;
  #line = 0;
  /** A line that is not as it was written, while it may still turn out to be a torn end. */
  #doubtful: { readonly line: Line; readonly number: number } | null = null;

  constructor(file: string, flushed: number, mayBeTorn: boolean) {
    this.#file = file;
    this.#flushed = flushed;
    this.#mayBeTorn = mayBeTorn;
  }

  async *rows(lines: AsyncIterable<readonly Line[]>, length: number): AsyncGenerator<Found> {
    for await (const batch of lines) {
      for (const line of batch) {
        if (line.offset >= length) return;
        this.#line += 1;
        const read = line.terminated ? readLine(line.content) : undefined;
        if (read === undefined) {
          if (this.#mayBeTorn) this.#doubtful ??= { line, number: this.#line };
          else yield* this.#damaged(line, this.#line);
          continue;
        }
        if (this.#doubtful !== null) {
          // A good line of a later block: what came before had been synced.
          if (read.block > this.#doubtful.line.offset) yield* this.#damaged(this.#doubtful.line, this.#doubtful.number);
          this.#doubtful = null;
        }
        yield* this.#rowsOf(read, this.#line);
      }
    }
    // A torn write leaves no whole transaction behind; a change by hand does.
    if (this.#doubtful !== null && leniently(this.#doubtful.line) !== undefined) yield* this.#damaged(this.#doubtful.line, this.#doubtful.number);
  }

  *#rowsOf({ change, positions, links }: ReadLine, line: number): Generator<Found> {
    const place = { file: this.#file, line };
    let seq = positions.audit ?? 0;
    const linked = links.values();
    for (const { log, text } of change.rows) {
      if (log !== 'audit') continue;
      seq += 1;
      const link = linked.next().value ?? null;
      if (seq > this.#flushed) yield { is: 'row', seq, text, link, place };
    }
  }

  /** First the rows that can still be read, so that the one that was changed is named; then the line itself. */
  *#damaged(line: Line, number: number): Generator<Found> {
    const read = leniently(line);
    if (read !== undefined) yield* this.#rowsOf(read, number);
    yield { is: 'damage', seq: 0, place: { file: this.#file, line: number }, because: 'The line is not as it was written (its checksum does not match)' };
  }
}

function leniently({ content, terminated }: Line): ReadLine | undefined {
  try {
    return terminated ? parseLine(content) : undefined;
  } catch {
    return undefined;
  }
}
