import type { ConnectorId } from '../connectors/connector.ts';
import type { GroupingId } from '../directory/grouping.ts';
import type { OrganizationId } from '../directory/organization.ts';
import type { Instant } from '../instant.ts';
import type { Release } from '../holds/release.ts';
import type { ApplyPlan } from '../plans/plan.ts';
import type { ProtectedChange } from '../protected/protected.ts';
import type { Actor } from '../rights/grant.ts';
import type { RoleChange } from '../rights/role-grant.ts';
import type { Approvable, PolicyChange, Step } from './policy.ts';

/** What is to be done once it is approved: the input of the verb, as data. `is` is the approvable action, but for `edit-policies`. */
export type Effect =
  | { readonly is: 'assign'; readonly connectorId: ConnectorId; readonly groupingIds: readonly GroupingId[]; readonly why: string | null }
  /** `agreed` of the preview that was shown: exactly these people may lose their account (A3). */
  | { readonly is: 'unassign'; readonly assignmentId: string; readonly agreed: string; readonly why: string | null }
  | { readonly is: 'disconnect'; readonly connectorId: ConnectorId }
  | { readonly is: 'delete'; readonly connectorId: ConnectorId }
  | { readonly is: 'change-roles'; readonly change: RoleChange }
  | { readonly is: 'edit-protected'; readonly change: ProtectedChange }
  /** Exactly the plan of that hash (S6); the first one on a target, which adopts what is there, by an action of its own (S26). */
  | ({ readonly is: 'apply-plan' } & ApplyPlan)
  | ({ readonly is: 'first-adoption' } & ApplyPlan)
  /** Removals that a run stopped before (S14), or an import (D3). Always takes a second person. */
  | { readonly is: 'release-fuse'; readonly release: Release }
  /** Goes by the policy that holds everywhere for `change-roles`: whoever could drop a policy could do without it. */
  | { readonly is: 'edit-policies'; readonly change: PolicyChange };

/** An effect as people are told of it, in plain text, computed when it is asked for. */
export interface Described {
  /** Completes “… asks to”: `disconnect Box`. */
  readonly title: string;
  /** The exact effect in numbers, one sentence each. */
  readonly lines: readonly string[];
  /** People affected: what a policy's `from` is compared with. */
  readonly size: number;
  /** Where it is decided: the nearest organization that all of it lies in. */
  readonly organizationId: OrganizationId | null;
  /** Each organization that it touches, where that may be more than one. */
  readonly organizations?: readonly OrganizationId[];
  readonly connectorId: ConnectorId | null;
  /** Who began what it is about, a Slack user id or `schedule`: the request counts as theirs, and whoever submits it as the second person. Absent: whoever submits it began it. */
  readonly begunBy?: string;
}

export interface Decision {
  readonly userId: string;
  /** For whom they decided as a delegate; null for themselves. */
  readonly insteadOf: string | null;
  readonly at: Instant;
  /** Index into `steps`. */
  readonly step: number;
}

/** How a request ended, or that it still waits. */
export type RequestState =
  | { readonly is: 'open' }
  /** Approved by all it needs, and being done. `taken`: when that was last begun; a crash in between takes it up again, and does nothing twice. */
  | { readonly is: 'approved'; readonly at: Instant; readonly taken: Instant }
  | { readonly is: 'done'; readonly at: Instant; readonly result: string }
  /** Approved, and then the verb refused: what it was about had changed. */
  | { readonly is: 'failed'; readonly at: Instant; readonly because: string }
  | { readonly is: 'denied'; readonly at: Instant; readonly by: string; readonly reason: string }
  | { readonly is: 'expired'; readonly at: Instant }
  | { readonly is: 'withdrawn'; readonly at: Instant; readonly by: string }
  /** Overtaken: the connector was disconnected, nobody is left who may approve, the requester lost their right. */
  | { readonly is: 'closed'; readonly at: Instant; readonly because: string };

/** Somebody asked for something that needs approval (P2). Kind `approval`, key = id. */
export interface ApprovalRequest {
  /** `Q-<number>`. */
  readonly id: string;
  readonly action: Approvable;
  readonly effect: Effect;
  readonly described: Described;
  readonly by: Pick<Actor, 'teamId' | 'userId' | 'way'>;
  readonly why: string | null;
  readonly askedAt: Instant;
  readonly expiresAt: Instant;
  readonly policyId: string | null;
  readonly steps: readonly Step[];
  readonly decisions: readonly Decision[];
  /** Only the requester could approve: from then on the host's command line may release it, with a reason (P3). Null: others can approve. */
  readonly aloneUntil: Instant | null;
  readonly remindedAt: Instant | null;
  readonly state: RequestState;
  /** Released from the command line by a single person, with this reason. */
  readonly singlePerson: string | null;
  /** Every copy of its card. */
  readonly cards: readonly string[];
}
