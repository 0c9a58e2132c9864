import type { Outside } from '../../ports/outside.ts';
import type { Put } from '../../ports/store.ts';
import type { ConnectorId } from '../connectors/connector.ts';
import { redrawn } from '../cards/show.ts';
import { put } from '../revise.ts';
import { planCard, type StoredPlan } from './plan.ts';

/** Every plan of a connector. */
export async function plansOf(outside: Pick<Outside, 'store'>, connectorId: ConnectorId): Promise<readonly StoredPlan[]> {
  const found: StoredPlan[] = [];
  for await (const page of outside.store.scan('plan')) for (const { value } of page) if (value.connectorId === connectorId) found.push(value);
  return found;
}

/** A plan that waits, or is being made: it closes with its connector (C13). */
export function isOpen({ state }: StoredPlan): boolean {
  return state.is === 'making' || state.is === 'open' || state.is === 'canary-done';
}

/** What voids a connector's waiting plans in the transaction that disconnects it; `cards` for `cards.changed` afterwards. */
export async function closingPlans(
  outside: Pick<Outside, 'store' | 'clock'>,
  connectorId: ConnectorId,
  because: string,
): Promise<{ readonly puts: readonly Put[]; readonly cards: readonly string[] }> {
  const puts: Put[] = [];
  const cards: string[] = [];
  for (const { id } of (await plansOf(outside, connectorId)).filter(isOpen)) {
    const stored = await outside.store.get('plan', id);
    const card = await outside.store.get('card', planCard(id));
    if (stored === undefined || !isOpen(stored.value)) continue;
    puts.push(put('plan', id, { ...stored.value, state: { is: 'voided', at: outside.clock.now(), because } }, stored.version));
    if (card === undefined) continue;
    puts.push(redrawn(card, true));
    cards.push(planCard(id));
  }
  return { puts, cards };
}
