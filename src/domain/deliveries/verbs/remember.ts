import type { Outside } from '../../../ports/outside.ts';
import { HOUR } from '../../instant.ts';
import { put } from '../../revise.ts';

/** Slack repeats within minutes, a signature is good for five, a trigger for three seconds: an hour is far beyond all of them. */
export const REMEMBERED_FOR = HOUR;

/**
 * True for one caller only, whichever process or connection hears of the delivery: a compare-and-set on a document
 * that outlives a crash (X3). A crash right after it leaves the effect undone rather than done twice. Throws a `StoreFault`.
 */
export async function isFirstDelivery(outside: Pick<Outside, 'store' | 'clock' | 'fingerprint'>, deliveryId: string): Promise<boolean> {
  const { store, clock, fingerprint } = outside;
  // The id comes from outside, of any length.
  const key = fingerprint.of(deliveryId);
  return (await store.transaction({ puts: [put('delivery', key, { at: clock.now() }, 0)] })) === 'committed';
}

/** Forgets deliveries older than `REMEMBERED_FOR`; called by the worker's tick. */
export async function forgetDeliveries(outside: Pick<Outside, 'store' | 'clock'>): Promise<void> {
  const { store, clock } = outside;
  const before = clock.now() - REMEMBERED_FOR;
  for await (const page of store.scan('delivery')) {
    const old = page.filter(({ value }) => value.at <= before);
    if (old.length > 0) await store.transaction({ puts: old.map(({ key }) => put('delivery', key, null)) });
  }
}
