import type { Outside } from '../../../ports/outside.ts';
import { namesOf } from '../../rights/verbs/names.ts';
import type { Run } from '../../sync/run.ts';
import { type PlanId, removalsIn, type StoredPlan } from '../plan.ts';

/** Everything that a plan's card tells. */
export interface PlanModel {
  readonly plan: StoredPlan;
  readonly connector: { readonly id: string; readonly name: string };
  /** The plain name of whoever made it; null for the schedule. */
  readonly by: string | null;
  /** Groups are managed there: they follow with the next sync. */
  readonly groups: boolean;
  /** Whoever runs it without an approval by somebody else meets the fuse with so many removals. */
  readonly overFuse: boolean;
  /** What applies it, or applied it last. */
  readonly run: { readonly run: Run; readonly by: string } | null;
  /** The request that waits for approval; null where none does. */
  readonly waits: string | null;
  readonly timeZone: string;
  readonly now: number;
  /** Whether people may be named there (R3). */
  readonly mayName: boolean;
}

/** Null where the plan is gone. */
export async function planModel(
  outside: Pick<Outside, 'store' | 'settings' | 'clock' | 'workspace'>,
  planId: PlanId,
  mayName: boolean,
): Promise<PlanModel | null> {
  const { store } = outside;
  const plan = (await store.get('plan', planId))?.value;
  const connector = plan === undefined ? undefined : (await store.get('connector', plan.connectorId))?.value;
  if (plan === undefined || connector === undefined) return null;
  const runId = 'runId' in plan.state ? plan.state.runId : null;
  const run = runId === null ? undefined : (await store.get('run', runId))?.value;
  const names = await namesOf(outside, [plan.by, ...(run === undefined ? [] : [run.by])]);
  const request = plan.requestId === null ? undefined : (await store.get('approval', plan.requestId))?.value;
  const organization = (await store.get('organization', connector.organizationId))?.value;
  const { people, percent, absolute } = connector.operating.fuse;
  const removals = removalsIn(plan);
  return {
    ...{ plan, connector: { id: connector.id, name: connector.name }, by: plan.by === 'schedule' ? null : names(plan.by) },
    groups: connector.inForce?.manageGroups === true,
    overFuse: (removals > people && removals * 100 > percent * plan.accounts) || removals > absolute,
    run: run === undefined ? null : { run, by: names(run.by) },
    waits: request?.state.is === 'open' ? request.id : null,
    ...{ timeZone: organization?.timeZone ?? outside.settings.timeZone, now: outside.clock.now(), mayName },
  };
}
