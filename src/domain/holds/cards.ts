import type { Put, Store } from '../../ports/store.ts';
import type { Condition } from '../alerts/alert.ts';
import { redrawnAlert } from '../alerts/cards.ts';
import { redrawn } from '../cards/show.ts';
import type { Hold } from './hold.ts';

/** Alerts that a run which holds can raise: a channel is told of the most exact word that it subscribed to. */
export const TELLS_OF_HOLD: readonly Condition[] = ['fuse', 'quarantine', 'partial'];

/** The key of a hold's card at a channel or person. */
export function holdCard(holdId: string, placeId: string): string {
  return `hold/${holdId}/${placeId}`;
}

/** The puts that draw a hold anew wherever it is shown: its own cards, and the alerts of the runs that made and updated it. */
export async function redrawnHold(store: Store, hold: Hold, urgent: boolean): Promise<readonly Put[]> {
  const puts: Put[] = [];
  for (const id of hold.cards) {
    const stored = await store.get('card', id);
    if (stored !== undefined) puts.push(redrawn(stored, urgent));
  }
  for await (const page of store.scan('alert'))
    for (const { value } of page)
      if (value.connectorId === hold.connectorId && TELLS_OF_HOLD.includes(value.condition) && value.lastAt >= hold.openedAt)
        puts.push(...(await redrawnAlert({ store }, value.id, urgent)));
  return puts;
}
