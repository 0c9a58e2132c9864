import type { Put, Store } from '../../ports/store.ts';
import type { ConnectorId } from '../connectors/connector.ts';
import { inTurn } from '../enrollment/seat-book.ts';
import { put } from '../revise.ts';
import { holdsSeat } from './account.ts';

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

/** As `keepingSeats`, of puts that take and free no seat: what is intended. */
export async function keepingGrants(store: Known, puts: readonly Put[]): Promise<readonly Put[]> {
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

/**
 * Where they are not counted, or are being counted, the book is written as it is: a count that has passed these accounts does not
 * stand then. One of this process ends first, since a run that writes without a pause would let none come to its end.
 */
async function bookPuts(store: Known, connectorId: ConnectorId, puts: readonly Put[]): Promise<readonly Put[]> {
  const instanceId = (await store.get('connector', connectorId))?.value.instanceId;
  if (instanceId === undefined || !puts.some(({ kind }) => kind === 'account' || kind === 'sighting')) return [];
  const read = () => store.get('seatBook', instanceId);
  const present = await read();
  const book = present?.value.taken === null ? await inTurn(store, instanceId, read) : present;
  const taken = book?.value.taken ?? null;
  if (taken === null) return [put('seatBook', instanceId, { instanceId, taken }, book?.version ?? 0)];
  let more = 0;
  const held = new Map<string, boolean>();
  for (const each of puts) {
    if (each.kind !== 'account' && each.kind !== 'sighting') continue;
    const place = `${each.kind}\n${each.key}`;
    const holds = isHeld(each);
    more += Number(holds) - Number(held.get(place) ?? (await wasHeld(store, each)));
    held.set(place, holds);
  }
  return more === 0 ? [] : [put('seatBook', instanceId, { instanceId, taken: taken + more }, book?.version ?? 0)];
}

/** Of an account of ours, or one of the target's own: that goes when it becomes ours. */
type Holder = Extract<Put, { kind: 'account' | 'sighting' }>;

function isHeld(each: Pick<Holder, 'kind' | 'value'>): boolean {
  if (each.value === null) return false;
  return 'personId' in each.value ? holdsSeat(each.value) : each.value.active;
}

async function wasHeld(store: Known, { kind, key }: Holder): Promise<boolean> {
  return isHeld({ kind, value: (await store.get(kind, key))?.value ?? null });
}
