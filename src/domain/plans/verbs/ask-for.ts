import type { Asking } from '../../approvals/action.ts';
import { submit } from '../../approvals/verbs/submit.ts';
import { redraw } from '../../cards/show.ts';
import { revise } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import { planCard, type PlanId } from '../plan.ts';
import { permittedPlan } from './apply.ts';

/** What pressing *Approve and run* came to: its run, or a request that waits for others. */
export type Pressed = { readonly is: 'done'; readonly runId: string } | { readonly is: 'asked'; readonly requestId: string };

/** Applies a plan through the approvals (P1): by the action `first-adoption` where it is one, else by `apply-plan`. The plan as it is shown now is what is asked for. */
export async function askForPlan(outside: Asking, actor: Actor, planId: PlanId, first: number | null): Promise<Pressed> {
  const { plan } = await permittedPlan(outside, actor, planId);
  const is = plan.origin.is === 'first-adoption' ? 'first-adoption' : 'apply-plan';
  const submitted = await submit(outside, actor, { is, connectorId: plan.connectorId, planId, hash: plan.hash, first }, null);
  if (submitted.is === 'done') return { is: 'done', runId: submitted.result.run.id };
  const { id } = submitted.request;
  await revise(outside.store, 'plan', planId, (present) => ({ ...present, requestId: id }));
  await redraw(outside.store, planCard(planId), true);
  outside.cards.changed([planCard(planId)]);
  return { is: 'asked', requestId: id };
}
