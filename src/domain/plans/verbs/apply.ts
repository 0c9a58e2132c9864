import type { Outside } from '../../../ports/outside.ts';
import type { Put } from '../../../ports/store.ts';
import type { Asking } from '../../approvals/action.ts';
import type { Clearance } from '../../approvals/clearance.ts';
import type { Described } from '../../approvals/request.ts';
import type { Connector } from '../../connectors/connector.ts';
import { redraw } from '../../cards/show.ts';
import { badInput, Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import { requireRight } from '../../rights/verbs/who.ts';
import { cardShowing } from '../../sync/run-card.ts';
import type { Run } from '../../sync/run.ts';
import { createRun } from '../../sync/verbs/create-run.ts';
import { permittedScope } from '../../sync/verbs/permit.ts';
import { requireActive } from '../../sync/verbs/start.ts';
import { type ApplyPlan, changesIn, type PlanId, removalsIn, type StoredPlan } from '../plan.ts';
import { seenPlan } from './seen-plan.ts';
import { stateWords } from '../state-words.ts';

export interface AppliedPlan {
  readonly plan: StoredPlan;
  readonly run: Run;
}

/** What applying it would do (P1); refuses like `applyPlan`. */
export async function describePlan(outside: Pick<Asking, 'store' | 'settings' | 'clock'>, actor: Actor, wanted: ApplyPlan): Promise<Described> {
  const { plan, connector } = await permittedPlan(outside, actor, wanted.planId);
  requireOpen(outside, plan, wanted);
  const removals = removalsIn(plan);
  const { create, adopt, update, reactivate } = plan.counts;
  const changes = [
    [create, 'created'],
    [adopt, 'adopted'],
    [update, 'changed'],
    [reactivate, 're-activated'],
    [plan.counts.deactivate, 'deactivated'],
    [plan.counts.delete, 'deleted'],
  ] as const;
  return {
    title: plan.origin.is === 'first-adoption' ? `adopt what ${connector.name} has (${plan.id})` : `apply plan ${plan.id} to ${connector.name}`,
    lines: [
      ...changes.filter(([count]) => count > 0).map(([count, words]) => `${count} ${count === 1 ? 'account' : 'accounts'} ${words}.`),
      ...(removals > 0
        ? [
            `${removals === 1 ? 'That removal' : `Those ${removals} removals`}, of ${plan.accounts} active accounts, then ${removals === 1 ? 'passes' : 'pass'} the fuse.`,
          ]
        : []),
      ...(wanted.first === null ? [] : [`The first ${wanted.first} now, the rest when somebody presses Continue.`]),
      'Whoever changed since is skipped; more than 5 % skipped voids the plan.',
    ],
    size: changesIn(plan),
    organizationId: connector.organizationId,
    connectorId: connector.id,
  };
}

/**
 * Applies the plan, or its first people (S6): its run, the plan's state and, for a first adoption, the connector's mark become one
 * transaction, so that two at once give one run. With an approval by somebody else its removals pass the fuse (S14).
 */
export async function applyPlan(outside: Asking, actor: Actor, wanted: ApplyPlan, clearance: Clearance): Promise<AppliedPlan> {
  const { plan, connector } = await permittedPlan(outside, actor, wanted.planId);
  requireOpen(outside, plan, wanted);
  requireActive(connector, 'sync');
  const { approval } = clearance.row;
  const approvedBy = approval === undefined || (approval.singlePerson ?? null) !== null ? [] : approval.approvedBy;
  const to = wanted.first === null || wanted.first >= changesIn(plan) ? null : wanted.first;
  const along = async (run: Run): Promise<readonly Put[]> => {
    const stored = await outside.store.get('plan', plan.id);
    if (stored === undefined) throw gone(plan.id);
    requireOpen(outside, stored.value, wanted);
    const next: StoredPlan = { ...stored.value, state: { is: 'applying', runId: run.id, first: to }, ...(approvedBy.length > 0 ? { approvedBy } : {}) };
    return [put('plan', plan.id, next, stored.version), ...(await adoptionMark(outside, actor, next))];
  };
  return await started(outside, connector, plan, {
    ...{ actor, part: { planId: plan.id, from: 0, to, approved: approvedBy.length > 0 } },
    along,
    approval: clearance.row,
  });
}

/** After a canary: the rest of the plan, as it was approved (S6). */
export async function continuePlan(outside: Asking, actor: Actor, planId: PlanId): Promise<AppliedPlan> {
  const { plan, connector } = await permittedPlan(outside, actor, planId);
  const appliedOf = (present: StoredPlan): number => {
    if (present.state.is !== 'canary-done') throw notNow(present, 'There is nothing to continue');
    requireValid(outside, present);
    return present.state.applied;
  };
  const from = appliedOf(plan);
  requireActive(connector, 'sync');
  const along = async (run: Run): Promise<readonly Put[]> => {
    const stored = await outside.store.get('plan', plan.id);
    if (stored === undefined) throw gone(plan.id);
    if (appliedOf(stored.value) !== from) throw new Refusal({ is: 'changed-meanwhile', what: plan.id });
    return [put('plan', plan.id, { ...stored.value, state: { is: 'applying', runId: run.id, first: null } }, stored.version)];
  };
  return await started(outside, connector, plan, {
    actor,
    part: { planId, from, to: null, approved: (plan.approvedBy ?? []).length > 0 },
    along,
    approval: {},
  });
}

async function started(
  outside: Asking,
  connector: Connector,
  plan: StoredPlan,
  of: {
    readonly actor: Actor;
    readonly part: NonNullable<Run['plan']>;
    readonly along: (run: Run) => Promise<readonly Put[]>;
    readonly approval: Clearance['row'];
  },
): Promise<AppliedPlan> {
  const { actor, part, along, approval } = of;
  const run = await createRun(outside, {
    ...{ connector, kind: 'plan', scope: plan.scope, by: actor.userId, way: actor.way, verb: 'sync' },
    ...{ plan: part, along, approval },
  });
  await redraw(outside.store, cardShowing(run), true);
  outside.cards.changed([cardShowing(run)]);
  return { plan, run };
}

/** The plan that the actor may apply: rights for all of its people; the first adoption on a target takes an admin (S26). */
export async function permittedPlan(
  outside: Pick<Outside, 'store' | 'settings'>,
  actor: Actor,
  planId: PlanId,
): Promise<{ readonly plan: StoredPlan; readonly connector: Connector }> {
  const { plan, visible } = await seenPlan(outside, actor, planId);
  const { connector } = visible;
  if (plan.origin.is === 'first-adoption') await requireRight(outside, actor, 'administer', connector.organizationId, `adopt what ${connector.name} has`);
  const scope = await permittedScope(outside, actor, connector, plan.scope);
  if (scope.is !== plan.scope.is) await requireRight(outside, actor, 'run', connector.organizationId, `apply ${plan.id}`);
  return { plan, connector };
}

function requireOpen(outside: Pick<Outside, 'clock'>, plan: StoredPlan, { hash, first }: Pick<ApplyPlan, 'hash' | 'first'>): void {
  if (first !== null && (!Number.isInteger(first) || first < 1)) throw badInput('first', 'That is no number of people.', 'Type first=5, for example.');
  if (plan.state.is !== 'open') throw notNow(plan, 'It can’t be run');
  if (plan.hash !== hash) throw new Refusal({ is: 'changed-meanwhile', what: plan.id });
  requireValid(outside, plan);
}

function requireValid({ clock }: Pick<Outside, 'clock'>, plan: StoredPlan): void {
  if (plan.validUntil <= clock.now()) throw new Refusal({ is: 'nothing-to-do', detail: `${plan.id} expired. Make a new plan.` });
}

function notNow(plan: StoredPlan, what: string): Refusal {
  return new Refusal({ is: 'nothing-to-do', detail: `${what}: ${plan.id} ${stateWords(plan.state)}.` });
}

function gone(planId: PlanId): Refusal {
  return new Refusal({ is: 'not-found', what: 'plan', typed: planId, near: [] });
}

/** From now on adoptions on this target need no plan of their own (S26). */
async function adoptionMark({ store, clock }: Pick<Outside, 'store' | 'clock'>, actor: Actor, plan: StoredPlan): Promise<readonly Put[]> {
  if (plan.origin.is !== 'first-adoption') return [];
  const stored = await store.get('connector', plan.connectorId);
  const baseUrl = stored?.value.inForce?.baseUrl;
  if (stored === undefined || baseUrl === undefined) return [];
  return [put('connector', plan.connectorId, { ...stored.value, adoption: { at: clock.now(), by: actor.userId, baseUrl } }, stored.version)];
}
