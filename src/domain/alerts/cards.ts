import type { Outside } from '../../ports/outside.ts';
import type { Put } from '../../ports/store.ts';
import type { Card } from '../cards/card.ts';
import { redrawn } from '../cards/show.ts';

/** The card that shows an alert in its channel. */
export function alertCard(alertId: string): string {
  return `alert/${alertId}`;
}

/** The card that tells a second channel or person of it (N3). */
export function escalationCard(alertId: string): string {
  return `alert-escalation/${alertId}`;
}

/** The puts that draw an alert anew wherever it is shown; the line goes into its own thread only. */
export async function redrawnAlert(
  outside: Pick<Outside, 'store'>,
  alertId: string,
  urgent: boolean,
  line?: { readonly key: Card['threadLines'][number]['key']; readonly text: string },
): Promise<readonly Put[]> {
  const shown = await outside.store.get('card', alertCard(alertId));
  const escalated = await outside.store.get('card', escalationCard(alertId));
  return [...(shown === undefined ? [] : [redrawn(shown, urgent, line)]), ...(escalated === undefined ? [] : [redrawn(escalated, urgent)])];
}

/** Ids of the cards among puts: for `cards.changed` after the commit. */
export function cardIds(puts: readonly Put[]): readonly string[] {
  return puts.filter(({ kind }) => kind === 'card').map(({ key }) => key);
}
