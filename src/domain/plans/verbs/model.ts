import type { Outside } from '../../../ports/outside.ts';
import { taskOfRun, type TaskOfRunShown } from '../../enrollment/verbs/of-run.ts';
import type { ApprovalRequest } from '../../approvals/request.ts';
import type { Freeze } from '../../holds/hold.ts';
import { standingOf } from '../../holds/standing.ts';
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
  readonly run: { readonly run: Run; readonly by: string /** That it made (E1). */; readonly task: TaskOfRunShown | null } | null;
  /** The request that waits for approval; null where none does. */
  readonly waits: string | null;
  /** How the last request for it ended, where it was not carried out: completes “Q-7 …”; null where there was none. */
  readonly turnedDown: { readonly requestId: string; readonly how: string } | null;
  /** The period in force in which nobody is removed (S21); null for none. */
  readonly freeze: Pick<Freeze, 'name' | 'until'> | null;
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
  const request = plan.requestId === null ? undefined : (await store.get('approval', plan.requestId))?.value;
  const denier = request?.state.is === 'denied' ? [request.state.by] : [];
  const names = await namesOf(outside, [plan.by, ...(run === undefined ? [] : [run.by]), ...denier]);
  const organization = (await store.get('organization', connector.organizationId))?.value;
  const { people, percent, absolute } = connector.operating.fuse;
  const removals = removalsIn(plan);
  return {
    ...{ plan, connector: { id: connector.id, name: connector.name }, by: plan.by === 'schedule' ? null : names(plan.by) },
    groups: connector.inForce?.manageGroups === true,
    overFuse: (removals > people && removals * 100 > percent * plan.accounts) || removals > absolute,
    run: run === undefined ? null : { run, by: names(run.by), task: await taskOfRun(outside, run) },
    waits: request?.state.is === 'open' ? request.id : null,
    turnedDown: request === undefined ? null : turnedDown(request, names),
    freeze: removals === 0 ? null : (await standingOf(store, connector.id, outside.clock.now())).freeze,
    ...{ timeZone: organization?.timeZone ?? outside.settings.timeZone, now: outside.clock.now(), mayName },
  };
}

function turnedDown({ id, state }: ApprovalRequest, nameOf: (userId: string) => string): PlanModel['turnedDown'] {
  switch (state.is) {
    // The reason is for whoever asked.
    case 'denied':
      return { requestId: id, how: `was denied by ${nameOf(state.by)}` };
    case 'expired':
      return { requestId: id, how: 'expired: not applied' };
    case 'withdrawn':
      return { requestId: id, how: 'was withdrawn' };
    case 'failed':
    case 'closed':
      return { requestId: id, how: `was not carried out: ${state.because}` };
    case 'open':
    case 'approved':
    case 'done':
      return null;
  }
}
