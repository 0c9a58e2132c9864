import type { Outside } from '../../ports/outside.ts';
import type { Append } from '../../ports/store.ts';
import { closingRequest } from '../approvals/closing.ts';
import { redrawn } from '../cards/show.ts';
import { put } from '../revise.ts';
import { type PlanId, planCard, type StoredPlan } from './plan.ts';

/**
 * Ends a plan, and closes the request that waited for its approval, in one transaction: nobody approves what is not applied any more. `end` gives the
 * plan as it is then, or null to leave it. Resolves with the plan that stands afterwards; undefined where there is none.
 */
export async function endPlan(
  outside: Pick<Outside, 'store' | 'clock' | 'chance' | 'cards'>,
  id: PlanId,
  because: string,
  end: (present: StoredPlan) => StoredPlan | null,
  rows: (before: StoredPlan) => readonly Append[] = () => [],
): Promise<StoredPlan | undefined> {
  for (;;) {
    const stored = await outside.store.get('plan', id);
    if (stored === undefined) return undefined;
    const next = end(stored.value);
    if (next === null) return stored.value;
    const request = await closingRequest(outside, stored.value.requestId, because);
    const card = await outside.store.get('card', planCard(id));
    const outcome = await outside.store.transaction({
      puts: [put('plan', id, next, stored.version), ...request.puts, ...(card === undefined ? [] : [redrawn(card, true)])],
      appends: [...rows(stored.value), ...request.appends],
    });
    if (outcome === 'conflict') continue;
    outside.cards.changed([...request.cards, planCard(id)]);
    return next;
  }
}
