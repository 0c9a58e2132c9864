import type { Outside } from '../../../ports/outside.ts';
import type { Organization, OrganizationId } from '../../directory/organization.ts';
import { Refusal } from '../../refusal.ts';
import { heldBy, inEffect, isHeldBy, suspensionOf } from '../effect.ts';
import { type Actor, type Grant, holds, type Right } from '../grant.ts';
import { readPerson } from './read.ts';
import { storedGrants, storedGroups, storedPeople, storedPerson } from './stored.ts';

/** The clock's own actor: what it does was allowed when it was set up. */
export const SCHEDULE: Actor = {
  teamId: '',
  userId: 'schedule',
  way: 'job',
  grants: [{ teamId: '', userId: 'schedule', role: 'admin', organizationId: null }],
};

type Known = Pick<Outside, 'settings' | 'store'>;

/**
 * Who asks, with the roles in effect now (X1): those of the configuration, and those given in Slack to them or to a
 * user group they are in. It stands before every ack, so it reads our own store; Slack is asked once in a person's
 * life, when they could hold something and were never read. Throws a `WorkspaceFault` where Slack does not answer that.
 */
export async function actorOf(outside: Known & Pick<Outside, 'workspace' | 'clock'>, teamId: string, userId: string, way: Actor['way']): Promise<Actor> {
  const given = await givenTo(outside, teamId, userId);
  if (given.length === 0) return { teamId, userId, way, grants: [] };
  const person = (await storedPerson(outside, userId)) ?? (await readPerson(outside, userId)).now;
  return { teamId, userId, way, grants: person === undefined ? [] : inEffect(given, person) };
}

/** The same without Slack, for jobs: who was never read counts as they were when they were given the role. */
export async function knownActor(outside: Known, teamId: string, userId: string, way: Actor['way'] = 'job'): Promise<Actor> {
  return { teamId, userId, way, grants: inEffect(await givenTo(outside, teamId, userId), await storedPerson(outside, userId)) };
}

/** Everything somebody was given, in effect or not. */
export async function givenTo(outside: Known, teamId: string, userId: string): Promise<readonly Grant[]> {
  const given = outside.settings.grants.filter((grant) => grant.userId === userId && grant.teamId === teamId);
  const memberships = new Map<string, boolean>();
  for (const grant of await storedGrants(outside)) {
    const { holder } = grant;
    if (holder.teamId !== teamId) continue;
    if (holder.is === 'group' && !memberships.has(holder.groupId)) {
      const group = (await outside.store.get('userGroup', holder.groupId))?.value;
      memberships.set(holder.groupId, isHeldBy(holder, group, teamId, userId));
    }
    if (holder.is === 'group' ? memberships.get(holder.groupId) : holder.userId === userId) given.push(heldBy(grant, teamId, userId));
  }
  return given;
}

/** Everybody who holds a role in effect, as Usher knows it now. A member of a user group who was never read counts as a colleague. */
export async function everybody(outside: Known): Promise<readonly Actor[]> {
  const groups = await storedGroups(outside);
  const given = new Map<string, Grant[]>();
  const add = (grant: Grant): void => {
    const key = `${grant.teamId}/${grant.userId}`;
    const held = given.get(key);
    if (held === undefined) given.set(key, [grant]);
    else held.push(grant);
  };
  outside.settings.grants.forEach(add);
  for (const grant of await storedGrants(outside)) {
    const { holder } = grant;
    const members = holder.is === 'person' ? [holder.userId] : (groups.get(holder.groupId)?.members ?? []);
    for (const userId of members) add(heldBy(grant, holder.teamId, userId));
  }
  const people = await storedPeople(outside);
  return [...given.values()].flatMap((grants) => {
    const [first] = grants;
    const held = first === undefined ? [] : inEffect(grants, people.get(first.userId));
    return first === undefined || held.length === 0 ? [] : [{ teamId: first.teamId, userId: first.userId, way: 'job' as const, grants: held }];
  });
}

/** The organization tree, by id. */
export async function tree(outside: Pick<Outside, 'store'>): Promise<ReadonlyMap<OrganizationId, Organization>> {
  const all = new Map<OrganizationId, Organization>();
  for await (const page of outside.store.scan('organization')) for (const { value } of page) all.set(value.id, value);
  return all;
}

/** A grant that makes a global admin. */
export function isGlobalAdmin({ role, organizationId }: Pick<Grant, 'role' | 'organizationId'>): boolean {
  return role === 'admin' && organizationId === null;
}

/** The user ids of whoever can give any role: the global admins, those of the configuration first; nobody who is suspended. Before every refusal: it reads no other roles' groups. */
export async function whomToAsk(outside: Known): Promise<readonly string[]> {
  const candidates = new Set(outside.settings.grants.filter(isGlobalAdmin).map(({ userId }) => userId));
  for (const grant of (await storedGrants(outside)).filter(isGlobalAdmin)) {
    const { holder } = grant;
    const members = holder.is === 'person' ? [holder.userId] : ((await outside.store.get('userGroup', holder.groupId))?.value.members ?? []);
    for (const userId of members) candidates.add(userId);
  }
  const admins: string[] = [];
  for (const userId of candidates) if (suspensionOf(await storedPerson(outside, userId), 'admin') === null) admins.push(userId);
  return admins;
}

/** Refuses a person who holds no role at all. */
export async function requireRole(outside: Known, actor: Actor): Promise<void> {
  if (actor.grants.length === 0) throw new Refusal({ is: 'no-role', ask: await whomToAsk(outside) });
}

/**
 * Refuses unless the actor holds the right at the organization, or above it (C3). `action` completes the sentence
 * "Only admins of … can …": `disconnect Box`.
 */
export async function requireRight(outside: Known, actor: Actor, right: Right, organizationId: OrganizationId | null, action: string): Promise<void> {
  await requireRole(outside, actor);
  const organizations = await tree(outside);
  if (holds(actor, right, organizationId, organizations)) return;
  const name = organizationId === null ? null : (organizations.get(organizationId)?.name ?? null);
  throw new Refusal({ is: 'not-allowed', right, action, organization: name, ask: await whomToAsk(outside) });
}

/** The organizations where the actor holds the right. */
export async function organizationsWith(outside: Known, actor: Actor, right: Right): Promise<ReadonlySet<OrganizationId>> {
  const organizations = await tree(outside);
  return new Set([...organizations.keys()].filter((id) => holds(actor, right, id, organizations)));
}
