import type { Instant } from '../instant.ts';
import type { TargetError } from './target-error.ts';

export const USER_STEPS = ['look up', 'create', 'update', 'deactivate', 'delete'] as const;
export const GROUP_STEPS = ['create group', 'add member', 'remove member', 'delete group'] as const;
export type RehearsalStepName = (typeof USER_STEPS)[number] | (typeof GROUP_STEPS)[number];

/** The steps in the order they are done: the group needs its member, so it comes before the user goes. */
export function stepsOf(manageGroups: boolean): readonly RehearsalStepName[] {
  return manageGroups ? ['look up', 'create', 'update', ...GROUP_STEPS, 'deactivate', 'delete'] : USER_STEPS;
}

export type StepOutcome =
  | { readonly is: 'waiting' }
  | { readonly is: 'running' }
  | { readonly is: 'passed' }
  /** Could not be deleted: deactivated instead, "passed, clean up by hand" (C7). */
  | { readonly is: 'passed-clean-up'; readonly detail: string }
  | { readonly is: 'failed'; readonly error: TargetError; readonly attribute: string | null }
  | { readonly is: 'skipped' };

export interface RehearsalStep {
  readonly name: RehearsalStepName;
  readonly outcome: StepOutcome;
}

/** A try of the settings on the real endpoint with a test user (C7). */
export interface Rehearsal {
  readonly id: string;
  /** Of the `RehearsedSettings` it tried. */
  readonly fingerprint: string;
  readonly by: string;
  readonly startedAt: Instant;
  readonly endedAt: Instant | null;
  readonly steps: readonly RehearsalStep[];
  readonly verdict: 'running' | 'passed' | 'failed';
  /** Target ids that could not be removed; the next rehearsal may reuse them (C7). */
  readonly leftOver: { readonly userId: string | null; readonly groupId: string | null };
}
