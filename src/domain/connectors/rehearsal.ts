import type { Instant } from '../instant.ts';
import type { Dialect } from './dialect.ts';
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

/** What rehearsals at one endpoint could not remove: ours by its target id, so the next one reuses it (C7). */
export interface LeftOver {
  readonly userId: string | null;
  readonly groupId: string | null;
  /**
   * The external id of a test user that was about to be made, stored before the request: after a crash or a lost
   * reply an account with it is ours. Null once it is known what became of it.
   */
  readonly attempt: string | null;
}

export const NOTHING_LEFT: LeftOver = { userId: null, groupId: null, attempt: null };

/** A try of the settings on the real endpoint with a test user (C7). */
export interface Rehearsal {
  readonly id: string;
  /** Of the settings it tried: what is left over lies there and nowhere else. */
  readonly baseUrl: string;
  /** Of the `RehearsedSettings` it tried. */
  readonly fingerprint: string;
  readonly by: string;
  readonly startedAt: Instant;
  readonly endedAt: Instant | null;
  readonly steps: readonly RehearsalStep[];
  readonly verdict: 'running' | 'passed' | 'failed';
  readonly leftOver: LeftOver;
  /** What it learnt of the target (C20); absent where it did not come that far. */
  readonly dialect?: Dialect;
}
