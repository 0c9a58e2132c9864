import type { Outside } from '../../../ports/outside.ts';
import { type VisibleConnector, visibleConnectors } from '../../connectors/verbs/find.ts';
import { Refusal } from '../../refusal.ts';
import type { Actor } from '../../rights/grant.ts';
import { concerns } from '../../sync/verbs/seen-run.ts';
import type { PlanId, StoredPlan } from '../plan.ts';

/** A plan of a connector that the actor may see, about people who are theirs. */
export interface SeenPlan {
  readonly plan: StoredPlan;
  readonly visible: VisibleConnector;
}

/** The plan of that id. Refuses as *not found*, in the same words, one that never was and one that is about others only (C3). */
export async function seenPlan(outside: Pick<Outside, 'store' | 'settings'>, actor: Actor, planId: PlanId): Promise<SeenPlan> {
  const all = await visibleConnectors(outside, actor);
  const plan = (await outside.store.get('plan', planId))?.value;
  const visible = all.find(({ connector, asPartner }) => connector.id === plan?.connectorId && !asPartner);
  if (plan === undefined || visible === undefined || !(await concerns(outside, visible, plan)))
    throw new Refusal({ is: 'not-found', what: 'plan', typed: planId, near: [] });
  return { plan, visible };
}
