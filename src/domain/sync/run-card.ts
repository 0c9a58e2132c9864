import { planCard } from '../plans/plan.ts';
import type { Run } from './run.ts';

/** The card that shows a run's progress and result: its own, or its plan's, which it goes on in (S2, S6). */
export function cardShowing({ id, plan }: Pick<Run, 'id' | 'plan'>): string {
  return plan === undefined ? cardOf(id) : planCard(plan.planId);
}

/** A run's own card. */
export function cardOf(runId: string): string {
  return `run/${runId}`;
}
