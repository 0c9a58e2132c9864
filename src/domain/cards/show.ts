import type { Documents, Put, Store, Stored } from '../../ports/store.ts';
import { put } from '../revise.ts';
import type { CardContent, Place } from './card.ts';

/** The put that makes a new card: it is posted as soon as the transaction is durable and `cards.changed` was called. */
export function newCard(id: string, place: Place, content: CardContent, urgent = false): Put {
  return put('card', id, { id, place, content, wanted: 1, shown: 0, urgent, postingSince: null, posted: null, threadLines: [], givenUp: null }, 0);
}

/** The put that asks for a card to be drawn anew, because what it shows has changed. */
export function redrawn(stored: Stored<Documents['card']>, urgent: boolean, threadLine?: { readonly key: string; readonly text: string }): Put {
  const card = stored.value;
  const lines =
    threadLine === undefined || card.threadLines.some((line) => line.key === threadLine.key)
      ? card.threadLines
      : [...card.threadLines, { ...threadLine, sent: false }];
  return put('card', card.id, { ...card, wanted: card.wanted + 1, urgent: card.urgent || urgent, threadLines: lines }, stored.version);
}

/** Asks for a card to be drawn anew, alone in its transaction; nothing happens where there is no such card. */
export async function redraw(store: Store, id: string, urgent: boolean, threadLine?: { readonly key: string; readonly text: string }): Promise<void> {
  for (;;) {
    const stored = await store.get('card', id);
    if (stored === undefined || (await store.transaction({ puts: [redrawn(stored, urgent, threadLine)] })) === 'committed') return;
  }
}
