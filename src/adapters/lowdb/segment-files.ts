import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Link } from '../../domain/audit/chain.ts';
import type { Log } from '../../ports/store.ts';
import { checkSeal, DurableStream, sealOf } from './durable-file.ts';
import type { Segment, TailRow } from './segment.ts';
import type { Slices } from './slices.ts';

/** Characters in one segment (a single longer row has one to itself): what a reader holds at a time. */
export const SEGMENT = 512 * 1024;

/** The text of a segment, checked. Rejects with ENOENT when a compaction or an erasure has removed it meanwhile. */
export async function readSegment(folder: string, segment: Segment): Promise<string> {
  const path = join(folder, segment.name);
  const content = await readFile(path);
  checkSeal(path, sealOf(content), segment);
  return content.toString();
}

/** Of a row in the chain; a row's JSON is an object, so that nothing else begins like this. */
const LINKED = /^\[\d+,(?:null|"([0-9a-f]+)"),"([0-9a-f]{64})","([0-9a-f]{64})",/;

/** A row as it stands in a segment's line, its JSON not parsed. */
export interface SegmentLine {
  readonly seq: number;
  readonly text: string;
  readonly link: Link | undefined;
}

export function splitLine(line: string): SegmentLine {
  const comma = line.indexOf(',');
  const seq = Number(line.slice(1, comma));
  const linked = line[comma + 1] === '{' ? null : LINKED.exec(line);
  if (linked === null) return { seq, text: line.slice(comma + 1, -1), link: undefined };
  const [prefix, salt, digest = '', hash = ''] = linked;
  return { seq, text: line.slice(prefix.length, -1), link: { salt: salt ?? null, digest, hash } };
}

function lineOf({ seq, text, link }: TailRow): string {
  return link === undefined ? `[${seq},${text}]\n` : `[${seq},${JSON.stringify(link.salt)},"${link.digest}","${link.hash}",${text}]\n`;
}

/** The rows of a segment that is small enough to be written again together with what follows it. */
export async function rowsOf(folder: string, segment: Segment): Promise<readonly TailRow[]> {
  const lines = (await readSegment(folder, segment)).split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const { seq, text, link } = splitLine(line);
    const { at }: { readonly at: number } = JSON.parse(text);
    return { seq, partition: segment.partition, at, text, link };
  });
}

/** Writes rows of one partition into new segments, durable but for the folder's own sync. `name` gives each its name. */
export async function writeSegments(folder: string, rows: readonly TailRow[], name: () => string, slices: Slices): Promise<readonly Segment[]> {
  const segments: Segment[] = [];
  let begun: TailRow[] = [];
  let size = 0;
  for (const row of rows) {
    if (size > 0 && size + row.text.length > SEGMENT) {
      segments.push(await writeSegment(folder, name(), begun));
      begun = [];
      size = 0;
    }
    begun.push(row);
    size += row.text.length;
    const pause = slices.due();
    if (pause) await pause;
  }
  if (begun.length > 0) segments.push(await writeSegment(folder, name(), begun));
  return segments;
}

async function writeSegment(folder: string, name: string, rows: readonly TailRow[]): Promise<Segment> {
  const stream = await DurableStream.create(join(folder, name));
  try {
    await stream.write(rows.map(lineOf).join(''));
  } catch (error) {
    await stream.abandon();
    throw error;
  }
  const seal = await stream.finish();
  const times = rows.map(({ at }) => at);
  return {
    name,
    partition: rows[0]?.partition ?? '',
    first: rows[0]?.seq ?? 0,
    last: rows.at(-1)?.seq ?? 0,
    earliest: times.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY),
    latest: times.reduce((most, at) => Math.max(most, at), Number.NEGATIVE_INFINITY),
    ...seal,
  };
}

/** Where a log's rows of one partition go that leave the tail: new segments, and the last one before where that was small. */
export interface Flushed {
  readonly log: Log;
  readonly partition: string;
  /** The name of the small segment whose rows the new ones take over. */
  readonly replaces: string | undefined;
  readonly segments: readonly Segment[];
}
