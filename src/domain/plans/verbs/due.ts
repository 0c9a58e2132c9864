import type { Outside } from '../../../ports/outside.ts';
import { endPlan } from '../over.ts';
import { planCard, type StoredPlan } from '../plan.ts';
import { buildPlan, type Planning } from './make.ts';

/** Plans whose day is over expire: not applied, or not applied any further (S6). */
export async function expirePlans(outside: Pick<Outside, 'store' | 'clock' | 'chance' | 'cards'>): Promise<void> {
  const due: string[] = [];
  for await (const page of outside.store.scan('plan')) for (const { value } of page) if (isDue(value, outside.clock.now())) due.push(value.id);
  for (const id of due) {
    const at = outside.clock.now();
    await endPlan(outside, id, `Plan ${id} expired.`, (plan) => (isDue(plan, at) ? { ...plan, state: { is: 'expired', at } } : null));
  }
}

function isDue({ state, validUntil }: StoredPlan, now: number): boolean {
  return (state.is === 'open' || state.is === 'canary-done') && validUntil <= now;
}

/** At start: plans whose making a crash cut off are made anew. An undo's is its maker's to take up, and one that has no card is the run's that proposes it (S26). */
export async function takeUpPlans(outside: Planning & Pick<Outside, 'log'>): Promise<void> {
  const left: string[] = [];
  for await (const page of outside.store.scan('plan'))
    for (const { value } of page) if (value.state.is === 'making' && value.origin.is !== 'undo') left.push(value.id);
  for (const id of left) {
    if ((await outside.store.get('card', planCard(id))) === undefined) continue;
    await buildPlan(outside, id).catch((error: unknown) => outside.log.error({ planId: id, err: error }, 'a plan could not be made'));
  }
}
