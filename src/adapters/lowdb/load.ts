import { join } from 'node:path';
import type { Kind } from '../../ports/store.ts';
import type { WrittenKinds } from './compaction.ts';
import type { KindSnapshot, Manifest } from './manifest.ts';
import { Memory } from './memory.ts';
import { readKind } from './snapshot.ts';

/** The memory as of the last compaction; the journal comes on top of it. Throws a `StoreFault` where a snapshot is damaged. */
export async function load(folder: string, manifest: Manifest): Promise<{ readonly memory: Memory; readonly written: WrittenKinds }> {
  const memory = new Memory();
  const written = new Map<Kind, { revision: number; snapshot: KindSnapshot }>();
  memory.seq = manifest.seq;
  memory.head = manifest.head;
  for (const snapshot of manifest.documents) {
    const documents = await readKind(join(folder, 'documents'), snapshot);
    memory.replace(snapshot.kind, documents);
    written.set(snapshot.kind, { revision: documents.revision, snapshot });
  }
  for (const { log, flushed, segments } of manifest.logs) {
    const rows = memory.log(log);
    rows.last = flushed;
    rows.flushed = flushed;
    for (const segment of segments) rows.segments.set(segment.partition, [...(rows.segments.get(segment.partition) ?? []), segment]);
  }
  return { memory, written };
}
