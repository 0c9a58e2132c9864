import type { OrganizationId } from '../directory/organization.ts';
import type { Instant } from '../instant.ts';

/** What can need approval (P1); a later action plugs in with one name here and one entry in `verbs/actions.ts`. */
export const APPROVABLE = [
  'assign',
  'unassign',
  'disconnect',
  'delete',
  'change-roles',
  'edit-protected',
  'apply-plan',
  'first-adoption',
  'release-fuse',
] as const;
export type Approvable = (typeof APPROVABLE)[number];

/** People by Slack user id and user groups by id. Both empty: everybody who may decide at the request's organization. */
export interface Approvers {
  readonly people: readonly string[];
  readonly groups: readonly string[];
}

/** One step of the order in which a request is decided; each takes `count` different people, and no person decides in two steps (P3). */
export interface Step {
  readonly approvers: Approvers;
  readonly count: number;
}

/** For which action and from which size approval is needed, by whom, in which order, and how long (P1). Kind `policy`, key = id. */
export interface Policy {
  /** `P-<number>`. */
  readonly id: string;
  readonly action: Approvable;
  /** It holds there and below; null everywhere. Of several that hold, the nearest organization's counts, and there the one with the largest `from` that is reached. */
  readonly organizationId: OrganizationId | null;
  /** People affected from which it holds; 0 always. */
  readonly from: number;
  readonly steps: readonly Step[];
  /** Where the card stands; null: in the direct messages of each approver. */
  readonly channelId: string | null;
  /** Whether cards in the channel may hold names (R3); they never do in one that is shared or has guests. */
  readonly mayNames?: boolean;
  /** Until a request expires to *not applied* (P4). */
  readonly hours: number;
  readonly by: string;
  readonly at: Instant;
}

/** A policy as an admin fills it in; `id` null makes a new one. */
export type PolicyDraft = Omit<Policy, 'id' | 'by' | 'at'> & { readonly id: string | null };

/** What a change of policies does; the effect `edit-policies`. */
export type PolicyChange = { readonly is: 'set'; readonly policy: PolicyDraft } | { readonly is: 'remove'; readonly policyId: string };

/** Three days (P4). */
export const DEFAULT_HOURS = 72;

/** Who decides in somebody's place, and until when (P4). Kind `delegation`, key = the absent person's user id. */
export interface Delegation {
  readonly userId: string;
  readonly to: string;
  readonly from: Instant;
  /** Exclusive. */
  readonly until: Instant;
  readonly by: string;
}
