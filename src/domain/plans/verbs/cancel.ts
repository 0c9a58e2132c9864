import type { Outside } from '../../../ports/outside.ts';
import { audited } from '../../audit/row.ts';
import { Refusal } from '../../refusal.ts';
import type { Actor } from '../../rights/grant.ts';
import { isOpen } from '../closing.ts';
import { endPlan } from '../over.ts';
import type { PlanId, StoredPlan } from '../plan.ts';
import { stateWords } from '../state-words.ts';
import { permittedPlan } from './apply.ts';

type World = Pick<Outside, 'store' | 'settings' | 'clock' | 'chance' | 'cards'>;

/** Not applied (any further): nobody is touched any more. One that is being applied is cancelled with its run. */
export async function cancelPlan(outside: World, actor: Actor, planId: PlanId): Promise<StoredPlan> {
  const { connector } = await permittedPlan(outside, actor, planId);
  const plan = await endPlan(
    outside,
    planId,
    `Plan ${planId} was cancelled.`,
    (present) => {
      if (!isOpen(present)) throw new Refusal({ is: 'nothing-to-do', detail: `${planId} ${stateWords(present.state)}.` });
      return { ...present, state: { is: 'cancelled', at: outside.clock.now(), by: actor.userId } };
    },
    (before) => [
      audited(outside, actor, {
        ...{ action: 'sync.drop-plan', connectorId: connector.id, subject: planId, summary: `cancelled plan ${planId} of ${connector.name}` },
        ...{ before: { state: before.state.is }, after: { state: 'cancelled' } },
      }),
    ],
  );
  if (plan === undefined) throw new Refusal({ is: 'not-found', what: 'plan', typed: planId, near: [] });
  return plan;
}
