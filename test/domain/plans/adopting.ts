import type { Asking } from '../../../src/domain/approvals/action.ts';
import { applyPlan } from '../../../src/domain/plans/verbs/apply.ts';
import type { Actor } from '../../../src/domain/rights/grant.ts';
import type { Run } from '../../../src/domain/sync/run.ts';
import { type Engine, executeRun } from '../../../src/domain/sync/verbs/execute.ts';
import { CLEARED } from '../approvals/cleared.ts';

/** An admin approves the first adoption that waits (S26), and it is carried out. Its approvals need nobody else: Slack is never asked. */
export async function adopt(outside: Engine & Pick<Asking, 'settings'>, admin: Actor, connectorId: string): Promise<Run> {
  for await (const page of outside.store.scan('plan'))
    for (const { value: plan } of page) {
      if (plan.connectorId !== connectorId || plan.origin.is !== 'first-adoption' || plan.state.is !== 'open') continue;
      const { run } = await applyPlan(parts(outside), admin, { connectorId, planId: plan.id, hash: plan.hash, first: null }, CLEARED);
      const done = await executeRun(outside, run.id);
      if (done !== undefined) return done;
    }
  throw new Error('no first adoption waits');
}

function parts(outside: Engine & Pick<Asking, 'settings'>): Asking {
  const never = async (): Promise<never> => {
    throw new Error('Slack was asked');
  };
  const workspace = {
    member: never,
    group: never,
    groups: never,
    channelName: never,
    postingProblem: never,
    mayHoldNames: never,
    upload: never,
    download: never,
  };
  return { ...outside, workspace, sources: [] };
}
