import { type Organization, type OrganizationId, upwards } from '../directory/organization.ts';

export const ROLES = ['viewer', 'operator', 'approver', 'admin', 'partner'] as const;
export type Role = (typeof ROLES)[number];

/** A role that somebody holds in effect: for the whole installation (`null`), or for an organization and everything below it; a partner's for the partner's own organization. */
export interface Grant {
  readonly teamId: string;
  readonly userId: string;
  readonly role: Role;
  readonly organizationId: OrganizationId | null;
}

/** Who asks, and by which way; every verb takes one. */
export interface Actor {
  readonly teamId: string;
  /** Slack user id, or `schedule` for the clock, `host:<user>` for the command line. */
  readonly userId: string;
  readonly way: 'command' | 'button' | 'submission' | 'job' | 'command-line';
  /** In effect at the moment of asking: own ones and those of user groups; none of somebody who is suspended. */
  readonly grants: readonly Grant[];
}

/** `see` and report; `run` syncs and retries; `decide` on requests; `administer`: configure, assign, disconnect, delete, give roles (X1). */
export type Right = 'see' | 'run' | 'decide' | 'administer';

/** An admin may also decide, on what others asked for (P3): a small installation has nobody else. A partner sees its own connectors only, by another way than these rights. */
const GIVES: Readonly<Record<Role, readonly Right[]>> = {
  viewer: ['see'],
  operator: ['see', 'run'],
  approver: ['decide'],
  admin: ['see', 'run', 'decide', 'administer'],
  partner: [],
};

/** Rights inherit downward only: a grant on `organizationId` or on one above it, or a global one (C3). `null` asks for a global right. */
export function holds(
  actor: Pick<Actor, 'grants'>,
  right: Right,
  organizationId: OrganizationId | null,
  tree: ReadonlyMap<OrganizationId, Organization>,
): boolean {
  const above = organizationId === null ? [] : upwards(tree, organizationId).map((organization) => organization.id);
  return actor.grants.some((grant) => GIVES[grant.role].includes(right) && (grant.organizationId === null || above.includes(grant.organizationId)));
}

/** The right at some organization, whichever, or everywhere: what takes it is offered to the actor at all. */
export function holdsSomewhere(actor: Pick<Actor, 'grants'>, right: Right): boolean {
  return actor.grants.some((grant) => GIVES[grant.role].includes(right));
}
