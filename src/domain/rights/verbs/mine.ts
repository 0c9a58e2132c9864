import type { Outside } from '../../../ports/outside.ts';
import { andBelow, type OrganizationId, upwards } from '../../directory/organization.ts';
import { isHeldBy } from '../effect.ts';
import type { Actor } from '../grant.ts';
import { type ListedGrant, roleGrants } from './role-grants.ts';
import { storedGroups } from './stored.ts';
import { tree, whomToAsk } from './who.ts';

type Known = Pick<Outside, 'settings' | 'store'>;

/** The actor's own roles, those of their user groups among them, and whom they can ask for more. Refuses (`no-role`) who holds none. */
export async function myRoles(outside: Known, actor: Actor): Promise<{ readonly roles: readonly ListedGrant[]; readonly ask: readonly string[] }> {
  const roles = await heldAmong(outside, await roleGrants(outside, actor), actor.userId);
  return { roles, ask: (await whomToAsk(outside)).filter((userId) => userId !== actor.userId) };
}

/** Which of the roles that the actor may see somebody holds, by Slack user id; `null` is everybody. */
export async function rolesOf(outside: Known, actor: Actor, userId: string | null): Promise<readonly ListedGrant[]> {
  const all = await roleGrants(outside, actor);
  return userId === null ? all : heldAmong(outside, all, userId);
}

/** Those of the roles that the actor may see which hold at an organization or somewhere below it: given there, above or below. */
export async function rolesAt(outside: Known, actor: Actor, organizationId: OrganizationId): Promise<readonly ListedGrant[]> {
  const organizations = await tree(outside);
  const there = new Set([...andBelow([...organizations.values()], organizationId), ...upwards(organizations, organizationId).map(({ id }) => id)]);
  return (await roleGrants(outside, actor)).filter((grant) => grant.organizationId === null || there.has(grant.organizationId));
}

async function heldAmong(outside: Known, all: readonly ListedGrant[], userId: string): Promise<readonly ListedGrant[]> {
  const groups = await storedGroups(outside);
  return all.filter(({ holder }) => isHeldBy(holder, holder.is === 'group' ? groups.get(holder.groupId) : undefined, holder.teamId, userId));
}
