import type { Put, Store } from '../../ports/store.ts';
import { put } from '../revise.ts';

/**
 * A run writes accounts as it planned them; a seat that was granted meanwhile stays granted (E10). Of invited accounts the
 * puts expect the version that was looked at, so after a `conflict` ask again.
 */
export async function keepingGrants(store: Pick<Store, 'get'>, puts: readonly Put[]): Promise<readonly Put[]> {
  let kept: Put[] | undefined;
  for (const [index, each] of puts.entries()) {
    if (each.kind !== 'account' || each.value?.invited === undefined) continue;
    const stored = await store.get('account', each.key);
    if (stored === undefined) continue;
    const granted = each.value.invited.granted ?? stored.value.invited?.granted ?? null;
    kept ??= [...puts];
    kept[index] = put('account', each.key, { ...each.value, invited: { ...each.value.invited, granted } }, stored.version);
  }
  return kept ?? puts;
}
