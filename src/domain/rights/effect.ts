import type { Grant } from './grant.ts';
import type { Holder, RoleGrant, SlackPerson, UserGroup } from './role-grant.ts';

/** Why what somebody was given is not in effect now (X1, X11). */
export type Suspension = 'deactivated' | 'guest' | 'foreign';

/** Why somebody holds this role not; null where they do. Guests and people of other workspaces hold no role but a partner's (X1). Who was never read counts as a colleague. */
export function suspensionOf(person: Pick<SlackPerson, 'guest' | 'foreign' | 'deactivated'> | undefined, role: Grant['role']): Suspension | null {
  if (person === undefined) return null;
  if (person.deactivated !== null) return 'deactivated';
  if (role === 'partner') return null;
  if (person.foreign) return 'foreign';
  return person.guest ? 'guest' : null;
}

/** Those of the grants that are in effect for somebody. */
export function inEffect(grants: readonly Grant[], person: SlackPerson | undefined): readonly Grant[] {
  return grants.filter(({ role }) => suspensionOf(person, role) === null);
}

/** Whether a role that was given to this holder is this person's: identity is Slack team and user (X1). `group` is the holder's, as last read. */
export function isHeldBy(holder: Holder, group: UserGroup | undefined, teamId: string, userId: string): boolean {
  if (holder.teamId !== teamId) return false;
  return holder.is === 'person' ? holder.userId === userId : (group?.members.includes(userId) ?? false);
}

/** A stored grant as one person holds it. */
export function heldBy({ role, organizationId }: Pick<RoleGrant, 'role' | 'organizationId'>, teamId: string, userId: string): Grant {
  return { teamId, userId, role, organizationId };
}

/** The same holder, whichever way it was come by. */
export function isSameHolder(a: Holder, b: Holder): boolean {
  if (a.teamId !== b.teamId) return false;
  if (a.is === 'person') return b.is === 'person' && a.userId === b.userId;
  return b.is === 'group' && a.groupId === b.groupId;
}
