import { type Organization, type OrganizationId, upwards } from '../directory/organization.ts';

export type Role = 'viewer' | 'operator' | 'approver' | 'admin';

/** A role for the whole installation (`null`) or for an organization and everything below it. */
export interface Grant {
  readonly teamId: string;
  readonly userId: string;
  readonly role: Role;
  readonly organizationId: OrganizationId | null;
}

/** Who asks, and by which way; every verb takes one. */
export interface Actor {
  readonly teamId: string;
  /** Slack user id, or `schedule` for the clock. */
  readonly userId: string;
  readonly way: 'command' | 'button' | 'submission' | 'job';
  readonly grants: readonly Grant[];
}

/** `see` and report; `run` syncs and retries; `decide`; `administer`: configure, assign, disconnect, delete (X1). */
export type Right = 'see' | 'run' | 'decide' | 'administer';

const GIVES: Readonly<Record<Role, readonly Right[]>> = {
  viewer: ['see'],
  operator: ['see', 'run'],
  approver: ['decide'],
  admin: ['see', 'run', 'administer'],
};

/** Rights inherit downward only: a grant on `organizationId` or on one above it, or a global one (C3). `null` asks for a global right. */
export function holds(actor: Actor, right: Right, organizationId: OrganizationId | null, tree: ReadonlyMap<OrganizationId, Organization>): boolean {
  const above = organizationId === null ? [] : upwards(tree, organizationId).map((organization) => organization.id);
  return actor.grants.some((grant) => GIVES[grant.role].includes(right) && (grant.organizationId === null || above.includes(grant.organizationId)));
}
