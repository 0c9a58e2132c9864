import { ChainCheck } from '../../domain/audit/chain-check.ts';
import type { ChainHead } from '../../domain/audit/chain.ts';
import type { Verification } from '../../domain/audit/verification.ts';
import { StoreFault } from '../../ports/store.ts';
import { sha256 } from './audit-chain.ts';
import { journalRows, type Found, segmentRows } from './audit-rows.ts';
import { settledFormat } from './format.ts';
import { readManifest } from './manifest.ts';
import { claim } from './owner-lock.ts';
import { Slices } from './slices.ts';

/** How far the files are to be read. */
export interface Reading {
  readonly folder: string;
  /** A hash that somebody noted; null where nobody did. */
  readonly noted: string | null;
  /** Of a store in use: its newest head and the end of its journal. Null: nobody writes, and the files say it all. */
  readonly now: { readonly head: ChainHead | null; readonly journal: number; readonly length: number } | null;
  /** Asked now and then; the reading then ends with a `StoreFault`. */
  readonly mustStop: () => boolean;
}

/**
 * Checks the audit as it stands on the disk, row by row in the order of the chain: the segments of all partitions side by
 * side, then what only the journal holds. No compaction may run meanwhile.
 */
export async function verifyAuditFiles({ folder, noted, now, mustStop }: Reading): Promise<Verification> {
  const manifest = await readManifest(folder);
  const audit = manifest.logs.find(({ log }) => log === 'audit');
  const flushed = audit?.flushed ?? 0;
  const check = new ChainCheck(sha256, { head: now === null ? manifest.head : now.head, noted });
  const slices = new Slices(5);
  const parts: readonly (readonly [AsyncIterable<Found>, limit: number])[] = [
    [segmentRows(folder, audit?.segments ?? []), flushed],
    [journalRows(folder, manifest.journal, flushed, now), now?.head?.seq ?? Number.POSITIVE_INFINITY],
  ];
  for (const [rows, limit] of parts) {
    for await (const found of rows) {
      if (found.is === 'row') check.take(found, limit);
      else check.damaged(found.place, found.because);
      if (check.isDone) return check.finish();
      const pause = slices.due();
      if (pause === undefined) continue;
      await pause;
      if (mustStop()) throw new StoreFault('Usher is stopping. Verify the audit when it is back, or now from its files: `usher audit verify`.');
    }
  }
  return check.finish();
}

/** Checks the audit of a folder that no Usher uses; none can start meanwhile. Throws a `StoreFault` where one is alive, or a newer one wrote it. */
export async function verifyStoppedAudit(folder: string, noted: string | null): Promise<Verification> {
  const ownership = await claim(folder);
  try {
    await settledFormat(folder);
    return await verifyAuditFiles({ folder, noted, now: null, mustStop: () => false });
  } finally {
    await ownership.release();
  }
}
