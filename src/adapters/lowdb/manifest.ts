import { join } from 'node:path';
import { Low } from 'lowdb';
import { z } from 'zod';
import { StoreFault } from '../../ports/store.ts';
import type { Kind, Log } from '../../ports/store.ts';
import { DurableJson } from './durable-file.ts';

const Seal = { bytes: z.number(), crc: z.number() };
const SnapshotFile = z.object({ name: z.string(), ...Seal });
const KindSnapshot = z.object({ kind: z.custom<Kind>((kind) => typeof kind === 'string'), floor: z.number(), files: z.array(SnapshotFile) });
const LogSegment = z.object({
  name: z.string(),
  partition: z.string(),
  first: z.number(),
  last: z.number(),
  earliest: z.number(),
  latest: z.number(),
  ...Seal,
});
const LogSegments = z.object({ log: z.custom<Log>((log) => typeof log === 'string'), flushed: z.number(), segments: z.array(LogSegment) });

const Manifest = z.object({
  /** Counts compactions; in the names of the files that one wrote. */
  generation: z.number(),
  /** The first journal file to replay on top of the documents, and the last transaction before it. */
  journal: z.number(),
  seq: z.number(),
  documents: z.array(KindSnapshot),
  /** Rows up to `flushed` are in segments; a replay skips them. */
  logs: z.array(LogSegments),
  /** The end of the audit's chain when this was captured; null in a store that has no chain yet. */
  head: z.object({ first: z.number(), seq: z.number(), hash: z.string() }).nullable().default(null),
});

/** Which files make up the store; switched as a whole by a rename, so that a compaction happens or doesn't. */
export type Manifest = z.infer<typeof Manifest>;
export type KindSnapshot = Manifest['documents'][number];

const EMPTY: Manifest = { generation: 0, journal: 1, seq: 0, documents: [], logs: [], head: null };

function manifestPath(folder: string): string {
  return join(folder, 'manifest.json');
}

/** An empty one for a new folder. */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = manifestPath(folder);
  const file = new Low<unknown>(new DurableJson(path), null);
  try {
    await file.read();
    return file.data === null ? EMPTY : Manifest.parse(file.data);
  } catch (error) {
    throw new StoreFault(`${path} is damaged. Restore the data folder from a backup.`, { cause: error });
  }
}

export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await new Low(new DurableJson<Manifest>(manifestPath(folder)), manifest).write();
}
