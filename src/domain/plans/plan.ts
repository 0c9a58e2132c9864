import type { ConnectorId } from '../connectors/connector.ts';
import type { PersonId } from '../directory/person.ts';
import type { OrganizationId } from '../directory/organization.ts';
import { HOUR, type Instant } from '../instant.ts';
import type { Change, ChangeKind } from '../sync/change.ts';
import type { RunId, RunScope } from '../sync/run.ts';

/** `L-<number>`, counted per installation. */
export type PlanId = string;

/** What a plan was made for: a preview somebody asked for, the first adoption on a target (S26), or the undoing of a run (S19). */
export type PlanOrigin = { readonly is: 'sync' } | { readonly is: 'first-adoption' } | { readonly is: 'undo'; readonly runId: RunId };

/** One change of a stored plan (S6). Appended to the log `plan`, partition = plan id, in the order of person ids. */
export interface PlannedChange {
  readonly id: string;
  readonly at: Instant;
  readonly personId: PersonId;
  readonly name: string;
  readonly organizationId: OrganizationId | null;
  /** Never `frozen`: those are counted in the plan, not stored as changes. */
  readonly change: Change;
}

/** Somebody whose change deserves a look before it is approved: last admin, signed in today, protected, large change. */
export interface RiskyPerson {
  readonly personId: PersonId;
  readonly name: string;
  readonly why: string;
}

export type PlanState =
  | { readonly is: 'making' }
  | { readonly is: 'open' }
  /** Approved where that is needed, and handed to a run; `first` of a canary: only so many people yet. */
  | { readonly is: 'applying'; readonly runId: RunId; readonly first: number | null }
  /** A canary is done: the first `applied` but for those `putOff` (absent for none), who wait for *Continue* with the rest. */
  | { readonly is: 'canary-done'; readonly runId: RunId; readonly applied: number; readonly putOff?: number }
  | { readonly is: 'applied'; readonly at: Instant; readonly runId: RunId }
  | { readonly is: 'cancelled'; readonly at: Instant; readonly by: string }
  | { readonly is: 'expired'; readonly at: Instant }
  /** More than 5 % of its people changed since (S6), or the connector's settings did. */
  | { readonly is: 'voided'; readonly at: Instant; readonly because: string };

/** A plan as it was shown (S6): exactly these changes may be applied, each re-checked, and nothing else. Kind `plan`, key = id. */
export interface StoredPlan {
  readonly id: PlanId;
  readonly connectorId: ConnectorId;
  readonly origin: PlanOrigin;
  readonly scope: RunScope;
  readonly by: string;
  readonly madeAt: Instant;
  readonly validUntil: Instant;
  /** SHA-256 over the changes in order and the settings in force; empty while it is being made. */
  readonly hash: string;
  readonly counts: Readonly<Record<ChangeKind, number>>;
  readonly unchanged: number;
  readonly seconds: number | null;
  readonly seats: { readonly total: number | null; readonly before: number; readonly after: number };
  readonly accounts: number;
  readonly risky: readonly RiskyPerson[];
  readonly state: PlanState;
  /** People skipped by the runs so far, since they changed after the plan was made. Absent for none. */
  readonly skipped?: number;
  /** Who approved it, where that took somebody else; then its removals pass the fuse. */
  readonly approvedBy?: readonly string[];
  /** The request for its approval, where a policy asks for one. */
  readonly requestId: string | null;
  readonly cardId: string | null;
}

/** What is asked for, as an effect of approvals: exactly the plan of that hash, all of it or its first people. */
export interface ApplyPlan {
  readonly connectorId: ConnectorId;
  readonly planId: PlanId;
  readonly hash: string;
  readonly first: number | null;
}

/** How long a plan may be applied after it was made. */
export const VALID = 24 * HOUR;

/** Changes that a plan holds: people that it would touch. */
export function changesIn({ counts }: Pick<StoredPlan, 'counts'>): number {
  const { frozen: _, ...changes } = counts;
  return Object.values(changes).reduce((sum, number) => sum + number, 0);
}

/** People who would lose their account. */
export function removalsIn({ counts }: Pick<StoredPlan, 'counts'>): number {
  return counts.deactivate + counts.delete;
}

/** More than 5 % of a plan's people changed since: nothing more of it is applied (S6). */
export function isVoid(skipped: number, changes: number): boolean {
  return skipped * 20 > changes;
}

/** The card that shows a plan, then its run, then its result (S6). */
export function planCard(planId: PlanId): string {
  return `plan/${planId}`;
}
