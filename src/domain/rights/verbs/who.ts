import type { Outside } from '../../../ports/outside.ts';
import type { Organization, OrganizationId } from '../../directory/organization.ts';
import { Refusal } from '../../refusal.ts';
import { type Actor, type Grant, holds, type Right } from '../grant.ts';

/** The clock's own actor: what it does was allowed when it was set up. */
export const SCHEDULE: Actor = {
  teamId: '',
  userId: 'schedule',
  way: 'job',
  grants: [{ teamId: '', userId: 'schedule', role: 'admin', organizationId: null }],
};

/** Identity is Slack team id + user id (X1). Grants come from the configuration. */
export function actorOf(outside: Pick<Outside, 'settings'>, teamId: string, userId: string, way: Actor['way']): Actor {
  const mine = (grant: Grant): boolean => grant.userId === userId && grant.teamId === teamId;
  return { teamId, userId, way, grants: outside.settings.grants.filter(mine) };
}

/** The organization tree, by id. */
export async function tree(outside: Pick<Outside, 'store'>): Promise<ReadonlyMap<OrganizationId, Organization>> {
  const all = new Map<OrganizationId, Organization>();
  for await (const page of outside.store.scan('organization')) for (const { value } of page) all.set(value.id, value);
  return all;
}

/** Whoever can give a role: the global admins. */
export function whomToAsk(outside: Pick<Outside, 'settings'>): readonly string[] {
  return outside.settings.grants.filter((grant) => grant.role === 'admin' && grant.organizationId === null).map((grant) => grant.userId);
}

/** Refuses a person who holds no role at all. */
export function requireRole(outside: Pick<Outside, 'settings'>, actor: Actor): void {
  if (actor.grants.length === 0) throw new Refusal({ is: 'no-role', ask: whomToAsk(outside) });
}

/**
 * Refuses unless the actor holds the right at the organization, or above it (C3). `action` completes the sentence
 * "Only admins of … can …": `disconnect Box`.
 */
export async function requireRight(
  outside: Pick<Outside, 'settings' | 'store'>,
  actor: Actor,
  right: Right,
  organizationId: OrganizationId | null,
  action: string,
): Promise<void> {
  requireRole(outside, actor);
  const organizations = await tree(outside);
  if (holds(actor, right, organizationId, organizations)) return;
  const name = organizationId === null ? null : (organizations.get(organizationId)?.name ?? null);
  throw new Refusal({ is: 'not-allowed', right, action, organization: name, ask: whomToAsk(outside) });
}

/** The organizations where the actor holds the right. */
export async function organizationsWith(outside: Pick<Outside, 'settings' | 'store'>, actor: Actor, right: Right): Promise<ReadonlySet<OrganizationId>> {
  const organizations = await tree(outside);
  return new Set([...organizations.keys()].filter((id) => holds(actor, right, id, organizations)));
}
