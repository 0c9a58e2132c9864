import type { Outside } from '../../ports/outside.ts';
import type { Put } from '../../ports/store.ts';
import type { ConnectorId } from '../connectors/connector.ts';
import { put } from '../revise.ts';
import { type Alert, type Condition, isLive } from './alert.ts';
import { cardIds, redrawnAlert } from './cards.ts';

/**
 * Closes a connector's open alerts of these conditions (all, where none is named) in the transaction that makes them pointless: no sync can recover them
 * any more, and nobody is told a second time. `drawn` are cards that the same transaction draws anew already.
 */
export async function closingAlerts(
  outside: Pick<Outside, 'store' | 'clock'>,
  connectorId: ConnectorId,
  because: string,
  { conditions, drawn = [] }: { readonly conditions?: readonly Condition[]; readonly drawn?: readonly Put[] } = {},
): Promise<{ readonly puts: readonly Put[]; readonly cards: readonly string[] }> {
  const already = new Set(cardIds(drawn));
  const puts: Put[] = [];
  for await (const page of outside.store.scan('alert')) {
    for (const { value, version } of page) {
      if (value.connectorId !== connectorId || !isLive(value) || !(conditions?.includes(value.condition) ?? true)) continue;
      const closed: Alert = { ...value, state: { is: 'closed', at: outside.clock.now(), because } };
      const redraws = await redrawnAlert(outside, value.id, true, { key: 'closed', text: because });
      puts.push(put('alert', value.id, closed, version), ...redraws.filter(({ key }) => !already.has(key)));
    }
  }
  return { puts, cards: cardIds(puts) };
}
