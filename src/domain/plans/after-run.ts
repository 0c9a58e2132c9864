import type { Outside } from '../../ports/outside.ts';
import type { Put } from '../../ports/store.ts';
import { put } from '../revise.ts';
import type { Run } from '../sync/run.ts';
import { changesIn, type PlanState, type StoredPlan } from './plan.ts';

/** What becomes of the plan that an ended run applied, in the same transaction as the run's end; nothing for any other run. */
export async function planAfter(outside: Pick<Outside, 'store'>, run: Run): Promise<readonly Put[]> {
  if (run.plan === undefined) return [];
  const stored = await outside.store.get('plan', run.plan.planId);
  if (stored === undefined || stored.value.state.is !== 'applying') return [];
  const next: StoredPlan = { ...stored.value, state: stateAfter(stored.value, run), skipped: (stored.value.skipped ?? 0) + (run.frozen.skipped ?? 0) };
  return [put('plan', next.id, next, stored.version)];
}

function stateAfter(plan: StoredPlan, { id, state, plan: part, askedBy, by }: Run): PlanState {
  if (state.is !== 'ended' || part === undefined) return plan.state;
  const { at, ending, detail } = state;
  if (part.voided !== undefined) return { is: 'voided', at, because: part.voided };
  switch (ending) {
    case 'completed':
    case 'held':
      return part.to !== null && part.to < changesIn(plan)
        ? { is: 'canary-done', runId: id, applied: part.to, ...(part.putOff === undefined ? {} : { putOff: part.putOff }) }
        : { is: 'applied', at, runId: id };
    case 'cancelled':
      return { is: 'cancelled', at, by: askedBy ?? by };
    // Whatever stopped it, what was left is not what was approved any more.
    case 'disconnected':
      return { is: 'voided', at, because: 'The connector was disconnected.' };
    case 'credentials':
    case 'failed':
    case 'crashed':
      return { is: 'voided', at, because: detail ?? `${id} failed.` };
  }
}
