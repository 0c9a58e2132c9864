import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { Low } from 'lowdb';
import type { Kind } from '../../ports/store.ts';
import { checkSeal, damaged, DurableJson, DurableStream } from './durable-file.ts';
import { faultOf } from './faults.ts';
import { readLines } from './lines.ts';
import type { KindSnapshot } from './manifest.ts';
import type { KindDocuments } from './memory.ts';
import type { Slices } from './slices.ts';
import { emptyTree } from './tree.ts';
import type { Tree } from './tree.ts';

/** Kinds of which there may be 100,000: one NDJSON file each, streamed. All others are lowdb documents. */
export const STREAMED: ReadonlySet<Kind> = new Set<Kind>(['person', 'account', 'sighting', 'reservation']);

/** Characters in one lowdb document (a single larger value has one to itself): small enough to be made and parsed within a slice. */
const DOCUMENT = 256 * 1024;

type Entry = readonly [key: string, version: number, value: unknown];
/** A lowdb document: a run of neighbours in key order, so that what belongs to one connector or organization stays together. */
interface Documents {
  readonly kind: Kind;
  readonly documents: readonly Entry[];
}

/** Writes all documents of a kind into new files of `folder`, durable but for the folder's own sync. */
export async function writeKind(folder: string, generation: number, kind: Kind, { tree, floor }: KindDocuments, slices: Slices): Promise<KindSnapshot> {
  const files = STREAMED.has(kind)
    ? [await writeStream(folder, `${kind}.${generation}.ndjson`, tree, slices)]
    : await writeDocuments(folder, generation, kind, tree, slices);
  return { kind, floor, files };
}

async function writeStream(folder: string, name: string, tree: Tree, slices: Slices): Promise<KindSnapshot['files'][number]> {
  const stream = await DurableStream.create(join(folder, name));
  try {
    let text = '';
    for (const [key, kept] of tree.entries()) {
      text += `[${JSON.stringify(key)},${kept.version},${kept.text}]\n`;
      if (text.length > 64 * 1024) {
        await stream.write(text);
        text = '';
      }
      const pause = slices.due();
      if (pause) await pause;
    }
    await stream.write(text);
  } catch (error) {
    await stream.abandon();
    throw error;
  }
  return { name, ...(await stream.finish()) };
}

async function writeDocuments(folder: string, generation: number, kind: Kind, tree: Tree, slices: Slices): Promise<KindSnapshot['files']> {
  const files: KindSnapshot['files'] = [];
  let documents: Entry[] = [];
  let size = 0;
  const write = async () => {
    const name = `${kind}.${generation}.${files.length + 1}.json`;
    const adapter = new DurableJson<Documents>(join(folder, name));
    await new Low(adapter, { kind, documents }).write();
    files.push({ name, ...adapter.written });
    documents = [];
    size = 0;
  };
  for (const [key, { version, text }] of tree.entries()) {
    if (size > 0 && size + text.length > DOCUMENT) await write();
    documents.push([key, version, JSON.parse(text)]);
    size += text.length;
    const pause = slices.due();
    if (pause) await pause;
  }
  if (documents.length > 0) await write();
  return files;
}

/** Reads a kind back. Throws a `StoreFault` when a file is missing or damaged. */
export async function readKind(folder: string, snapshot: KindSnapshot): Promise<KindDocuments> {
  const tree = emptyTree();
  for (const file of snapshot.files) {
    const path = join(folder, file.name);
    try {
      if (STREAMED.has(snapshot.kind)) await readStream(path, file, tree);
      else {
        const document = new Low<Documents>(new DurableJson(path, file), { kind: snapshot.kind, documents: [] });
        await document.read();
        for (const [key, version, value] of document.data.documents) tree.set(key, { version, text: JSON.stringify(value), value: undefined });
      }
    } catch (error) {
      throw error instanceof SyntaxError ? damaged(path) : faultOf(error, `${path} can't be read`);
    }
  }
  return { tree, floor: snapshot.floor, revision: 0 };
}

async function readStream(path: string, expected: KindSnapshot['files'][number], tree: Tree): Promise<void> {
  const newline = Buffer.from('\n');
  let crc = 0;
  let bytes = 0;
  for await (const lines of readLines(path)) {
    for (const { content } of lines) {
      crc = crc32(newline, crc32(content, crc));
      bytes += content.length + 1;
      const { key, version, text } = splitEntry(content);
      tree.set(key, { version, text, value: undefined });
    }
  }
  checkSeal(path, { bytes, crc }, expected);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

/** Takes `["key",version,value]` apart without parsing the value. What a damaged line gives does not matter: the seal won't match. */
function splitEntry(line: Buffer): { readonly key: string; readonly version: number; readonly text: string } {
  let end = 2;
  while (end < line.length && line[end] !== QUOTE) end += line[end] === BACKSLASH ? 2 : 1;
  const key: string = JSON.parse(line.toString('utf8', 1, end + 1));
  const comma = line.indexOf(COMMA, end + 2);
  return { key, version: Number(line.toString('latin1', end + 2, comma)), text: line.toString('utf8', comma + 1, line.length - 1) };
}
