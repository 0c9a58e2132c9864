import type { Outside } from '../../../ports/outside.ts';
import type { OrganizationId } from '../../directory/organization.ts';
import type { Instant } from '../../instant.ts';
import { isHeldBy, type Suspension, suspensionOf } from '../effect.ts';
import { type Actor, type Grant, holds } from '../grant.ts';
import type { Holder, RoleGrant, SlackPerson, UserGroup } from '../role-grant.ts';
import { storedGrants, storedGroups, storedPeople } from './stored.ts';
import { requireRole, tree } from './who.ts';

/** A role that somebody was given, as a list shows it. */
export interface ListedGrant {
  /** `G-<number>`; of the configuration's `configuration/<user id>/<organization id or *>`. */
  readonly id: string;
  readonly holder: Holder;
  /** As last read; the Slack id of who was never read. Plain text from outside. */
  readonly holderName: string;
  /** Of a user group, as last read; 1 for a person. */
  readonly people: number;
  readonly role: Grant['role'];
  readonly organizationId: OrganizationId | null;
  /** Null for the whole installation; the id of one that is gone. */
  readonly organization: string | null;
  /** `configuration`: it stands in USHER_FIRST_ADMINS and can't be taken in Slack. */
  readonly from: 'configuration' | 'slack';
  /** Null of the configuration's. */
  readonly given: { readonly by: string; readonly at: Instant; readonly why: string | null } | null;
  /** Why it is not in effect now; null where it is. A group's members are judged one by one. */
  readonly suspended: Suspension | null;
  /** Whether this actor may take it: administers where it holds, and it is not the configuration's. */
  readonly mayTake: boolean;
}

/**
 * The roles that the actor may see (X1): a global admin's all; else those at or below where they administer; always
 * their own, also those of their user groups. By role's reach, then name. Refuses (`no-role`) who holds none.
 */
export async function roleGrants(outside: Pick<Outside, 'settings' | 'store'>, actor: Actor): Promise<readonly ListedGrant[]> {
  await requireRole(outside, actor);
  const organizations = await tree(outside);
  const known = { groups: await storedGroups(outside), people: await storedPeople(outside) };
  const all = [
    ...outside.settings.grants.map((grant) => listed(fromConfiguration(grant), null, known)),
    ...(await storedGrants(outside)).map((grant) => listed(grant, { by: grant.by, at: grant.at, why: grant.why }, known)),
  ];
  return all
    .map((grant) => ({
      ...grant,
      organization: grant.organizationId === null ? null : (organizations.get(grant.organizationId)?.name ?? grant.organizationId),
      mayTake: grant.from === 'slack' && mayGive(actor, grant, organizations),
    }))
    .filter((grant) => {
      const group = grant.holder.is === 'group' ? known.groups.get(grant.holder.groupId) : undefined;
      return isHeldBy(grant.holder, group, actor.teamId, actor.userId) || holds(actor, 'administer', grant.organizationId, organizations);
    })
    .sort((a, b) => compare(a.organization ?? '', b.organization ?? '') || compare(a.holderName, b.holderName) || compare(a.role, b.role));
}

/** Whether the actor may give or take this role there: where they administer; partner roles and those for everything are a global admin's (X1). */
export function mayGive(actor: Actor, { role, organizationId }: Pick<Grant, 'role' | 'organizationId'>, organizations: Parameters<typeof holds>[3]): boolean {
  return holds(actor, 'administer', role === 'partner' ? null : organizationId, organizations);
}

/** The configuration's grants have no document; their id says so. */
export function configurationId({ userId, organizationId }: Pick<Grant, 'userId' | 'organizationId'>): string {
  return `configuration/${userId}/${organizationId ?? '*'}`;
}

function fromConfiguration(grant: Grant): Pick<RoleGrant, 'id' | 'holder' | 'role' | 'organizationId'> {
  const { teamId, userId, role, organizationId } = grant;
  return { id: configurationId(grant), holder: { is: 'person', teamId, userId }, role, organizationId };
}

interface Known {
  readonly groups: ReadonlyMap<string, UserGroup>;
  readonly people: ReadonlyMap<string, SlackPerson>;
}

function listed(
  { id, holder, role, organizationId }: Pick<RoleGrant, 'id' | 'holder' | 'role' | 'organizationId'>,
  given: ListedGrant['given'],
  { groups, people }: Known,
): Omit<ListedGrant, 'organization' | 'mayTake'> {
  const of = { id, holder, role, organizationId, given, from: given === null ? ('configuration' as const) : ('slack' as const) };
  if (holder.is === 'group') {
    const group = groups.get(holder.groupId);
    return { ...of, holderName: group === undefined ? holder.groupId : `@${group.handle}`, people: group?.members.length ?? 0, suspended: null };
  }
  const person = people.get(holder.userId);
  return { ...of, holderName: person?.name ?? holder.userId, people: 1, suspended: suspensionOf(person, role) };
}

function compare(a: string, b: string): number {
  return a.localeCompare(b, 'en', { sensitivity: 'base' });
}
