import type { Put, Store } from '../../ports/store.ts';
import type { ConnectorId } from '../connectors/connector.ts';
import { put } from '../revise.ts';
import { type Account, holdsSeat } from './account.ts';

type Known = Pick<Store, 'get'>;

/**
 * A run writes accounts as it planned them; a seat that was granted meanwhile stays granted (E10), and the seats that it
 * takes or frees are taken and freed in the book with them (E12). Of invited accounts and of the book the puts expect
 * the version that was looked at, so after a `conflict` ask again.
 */
export async function keepingSeats(store: Known, connectorId: ConnectorId, puts: readonly Put[]): Promise<readonly Put[]> {
  const kept = await keepingGrants(store, puts);
  return [...kept, ...(await bookPuts(store, connectorId, kept))];
}

async function keepingGrants(store: Known, puts: readonly Put[]): Promise<readonly Put[]> {
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

/** Nothing where no seats were given out yet, or they are being counted: the run's end has them counted anew. */
async function bookPuts(store: Known, connectorId: ConnectorId, puts: readonly Put[]): Promise<readonly Put[]> {
  const connector = (await store.get('connector', connectorId))?.value;
  const book = connector === undefined ? undefined : await store.get('seatBook', connector.instanceId);
  if (connector === undefined || book === undefined || book.value.taken === null) return [];
  let more = 0;
  const held = new Map<string, boolean>();
  for (const each of puts) {
    if (each.kind === 'account') {
      const before = held.get(each.key) ?? holds((await store.get('account', each.key))?.value);
      const after = holds(each.value ?? undefined);
      held.set(each.key, after);
      more += Number(after) - Number(before);
    }
    // An account of the target's own that becomes ours: as such it was counted, where the target was listed.
    if (each.kind === 'sighting' && each.value === null && connector.listing !== null && (await store.get('sighting', each.key))?.value.active === true)
      more -= 1;
  }
  return more === 0 ? [] : [put('seatBook', connector.instanceId, { ...book.value, taken: book.value.taken + more }, book.version)];
}

function holds(account: Account | undefined): boolean {
  return account !== undefined && holdsSeat(account);
}
