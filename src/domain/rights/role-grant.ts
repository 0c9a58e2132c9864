import type { OrganizationId } from '../directory/organization.ts';
import type { Instant } from '../instant.ts';
import type { Role } from './grant.ts';

/** Who a role was given to: a person (Slack team id and user id), or everybody in a Slack user group. */
export type Holder =
  | { readonly is: 'person'; readonly teamId: string; readonly userId: string }
  | { readonly is: 'group'; readonly teamId: string; readonly groupId: string };

/** A role as it was given in Slack and is stored (X1); those of the configuration are in `settings.grants` and can't be taken in Slack. Kind `grant`, key = id. */
export interface RoleGrant {
  /** `G-<number>`. */
  readonly id: string;
  readonly holder: Holder;
  readonly role: Role;
  readonly organizationId: OrganizationId | null;
  readonly by: string;
  readonly at: Instant;
  readonly why: string | null;
}

/** What a change of roles does; the effect of the approval action `change-roles`. */
export type RoleChange =
  | { readonly is: 'give'; readonly holder: Holder; readonly role: Role; readonly organizationId: OrganizationId | null; readonly why?: string | null }
  | { readonly is: 'take'; readonly grantId: string; readonly why?: string | null };

/** A Slack user group that holds a role or is named by a policy, with its members as last read. Kind `userGroup`, key = id. */
export interface UserGroup {
  readonly id: string;
  readonly teamId: string;
  /** Without the at sign. */
  readonly handle: string;
  readonly name: string;
  readonly members: readonly string[];
  readonly readAt: Instant;
}

/** A Slack person who holds a role or is in such a group, as last read: who is deactivated, a guest or of another workspace holds nothing (X1, X11). Kind `slackPerson`, key = user id. */
export interface SlackPerson {
  readonly id: string;
  readonly teamId: string;
  readonly name: string;
  readonly guest: boolean;
  readonly foreign: boolean;
  /** Since when Slack calls them deactivated; null while they are active. */
  readonly deactivated: Instant | null;
  readonly readAt: Instant;
}
