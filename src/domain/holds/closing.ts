import type { Outside } from '../../ports/outside.ts';
import { cardIds } from '../alerts/cards.ts';
import { audited } from '../audit/row.ts';
import type { ConnectorId } from '../connectors/connector.ts';
import { put } from '../revise.ts';
import type { HoldChange } from './after-run.ts';
import { redrawnHold } from './cards.ts';
import type { Hold } from './hold.ts';
import { latestHold } from './standing.ts';

/** Closes the connector's hold in the transaction that disconnects it (C13): what it held is not applied. */
export async function closingHold(outside: Pick<Outside, 'store' | 'clock' | 'chance'>, connectorId: ConnectorId, because: string): Promise<HoldChange> {
  const hold = await latestHold(outside.store, connectorId);
  const stored = hold === undefined ? undefined : await outside.store.get('hold', hold.id);
  if (stored === undefined || stored.value.state.is === 'settled' || stored.value.state.is === 'closed') return { puts: [], appends: [], cards: [] };
  const at = outside.clock.now();
  const next: Hold = { ...stored.value, updatedAt: at, state: { is: 'closed', at, because } };
  const redraws = await redrawnHold(outside.store, next, true);
  return {
    puts: [put('hold', next.id, next, stored.version), ...redraws],
    appends: [
      audited(outside, { userId: 'usher', way: 'job' }, { action: 'holds.close', connectorId, subject: next.id, summary: `closed ${next.id}: ${because}` }),
    ],
    cards: cardIds(redraws),
  };
}
