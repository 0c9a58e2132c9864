import { crc32 } from 'node:zlib';
import { z } from 'zod';
import type { Link } from '../../domain/audit/chain.ts';
import type { Kind, Log, Transaction } from '../../ports/store.ts';
import { type Salted, salted } from './audit-chain.ts';
import { Slices } from './slices.ts';

/** A document written, or removed (`null`). */
export interface WrittenDocument {
  readonly kind: Kind;
  readonly key: string;
  /** Its JSON. */
  readonly text: string | null;
}

export interface WrittenRow {
  readonly log: Log;
  readonly partition: string;
  readonly at: number;
  /** Its JSON. */
  readonly text: string;
  /** Of a new row of the audit. */
  readonly salted?: Salted;
}

export type Erasure = { readonly kind: Kind; readonly prefix: string } | { readonly log: Log; readonly partition: string };

/** What a transaction changes: first the erasures, then the documents, then the rows, each in order. */
export interface Change {
  readonly erase: readonly Erasure[];
  readonly puts: readonly WrittenDocument[];
  readonly rows: readonly WrittenRow[];
}

/** Where each log that a transaction touches stood before it. */
export type Positions = Partial<Record<Log, number>>;

/** A transaction ready to be written: its line lacks only what the order of commits decides. */
export interface Prepared {
  readonly change: Change;
  readonly expected: readonly { readonly kind: Kind; readonly key: string; readonly version: number }[];
  readonly body: readonly Buffer[];
  readonly bytes: number;
}

const CHUNK = 64 * 1024;

/** Turns values into JSON, in slices where there are many. Throws a TypeError for what JSON can't hold. */
export async function prepare(transaction: Transaction): Promise<Prepared> {
  const { puts = [], appends = [], erase = [] } = transaction;
  const slices = new Slices(1);
  const body: Buffer[] = [];
  const written: WrittenDocument[] = [];
  const rows: WrittenRow[] = [];
  let text = `"e":${JSON.stringify(erase)},"p":[`;
  const flush = () => {
    body.push(Buffer.from(text));
    text = '';
  };
  for (const [index, { kind, key, value }] of puts.entries()) {
    const json = jsonOf(value);
    written.push({ kind, key, text: value === null ? null : json });
    text += `${index === 0 ? '' : ','}["${kind}",${JSON.stringify(key)},${json}]`;
    if (text.length > CHUNK) flush();
    const pause = slices.due();
    if (pause) await pause;
  }
  text += '],"a":[';
  for (const [index, { log, partition, row }] of appends.entries()) {
    const json = jsonOf(row);
    rows.push({ log, partition, at: row.at, text: json, ...(log === 'audit' ? { salted: salted(json) } : {}) });
    text += `${index === 0 ? '' : ','}["${log}",${JSON.stringify(partition)},${json}]`;
    if (text.length > CHUNK) flush();
    const pause = slices.due();
    if (pause) await pause;
  }
  text += ']';
  flush();
  const expected = puts.flatMap(({ kind, key, expected: version }) => (version === undefined ? [] : [{ kind, key, version }]));
  return { change: { erase, puts: written, rows }, expected, body, bytes: body.reduce((sum, part) => sum + part.length, 0) };
}

function jsonOf(value: unknown): string {
  const json: string | undefined = JSON.stringify(value);
  if (json === undefined) throw new TypeError(`the store holds JSON, not ${typeof value}`);
  return json;
}

const CRC_LENGTH = ',"crc":"00000000"}'.length;

/** What the order of commits decides of a line. `block` is the offset where the lines that were flushed together begin: it tells a torn end, which nobody was told of, from damage. */
interface LineHead {
  readonly seq: number;
  readonly block: number;
  readonly positions: Positions;
  /** One link for each of its rows of the audit, in order. */
  readonly links: readonly Link[];
}

/** One line of the journal: `{"seq":12,"block":4096,"rows":{"audit":77},"chain":[[salt,digest,hash]],"e":[…],"p":[…],"a":[…],"crc":"0a1b2c3d"}`. */
export async function lineOf({ seq, block, positions, links }: LineHead, body: readonly Buffer[]): Promise<readonly Buffer[]> {
  const slices = new Slices(1);
  const chain = links.length === 0 ? '' : `"chain":${JSON.stringify(links.map(({ salt, digest, hash }) => [salt, digest, hash]))},`;
  const head = Buffer.from(`{"seq":${seq},"block":${block},"rows":${JSON.stringify(positions)},${chain}`);
  let crc = crc32(head);
  for (const part of body) {
    crc = crc32(part, crc);
    const pause = slices.due();
    if (pause) await pause;
  }
  return [head, ...body, Buffer.from(`,"crc":"${crc.toString(16).padStart(8, '0')}"}\n`)];
}

/** A line read back. */
export interface ReadLine extends LineHead {
  readonly change: Change;
}

const JournalLine = z.object({
  seq: z.number(),
  block: z.number(),
  rows: z.custom<Positions>(),
  chain: z.custom<readonly [string | null, string, string][]>(Array.isArray).default([]),
  e: z.custom<readonly Erasure[]>(Array.isArray),
  p: z.custom<readonly [Kind, string, unknown][]>(Array.isArray),
  a: z.custom<readonly [Log, string, { readonly at: number }][]>(Array.isArray),
});

/** The transaction of a line; undefined when the line is not exactly what was written. What its checksum vouches for is believed. */
export function readLine(line: Buffer): ReadLine | undefined {
  const end = line.length - CRC_LENGTH;
  if (end <= 0 || line.toString('latin1', end) !== `,"crc":"${crc32(line.subarray(0, end)).toString(16).padStart(8, '0')}"}`) return undefined;
  return parseLine(line);
}

/** The transaction of a line that nothing vouches for. Throws where it is none. */
export function parseLine(line: Buffer): ReadLine {
  const { seq, block, rows, chain, e, p, a } = JournalLine.parse(JSON.parse(line.toString()));
  return {
    seq,
    block,
    positions: rows,
    links: chain.map(([salt, digest, hash]) => ({ salt, digest, hash })),
    change: {
      erase: e,
      puts: p.map(([kind, key, value]) => ({ kind, key, text: value === null ? null : JSON.stringify(value) })),
      rows: a.map(([log, partition, row]) => ({ log, partition, at: row.at, text: JSON.stringify(row) })),
    },
  };
}
