import type { Outside } from '../../../ports/outside.ts';
import type { Clearance } from '../../approvals/clearance.ts';
import type { Described } from '../../approvals/request.ts';
import { audited } from '../../audit/row.ts';
import type { OrganizationId } from '../../directory/organization.ts';
import { MINUTE } from '../../instant.ts';
import { badInput, Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import { isHeldBy, isSameHolder, suspensionOf } from '../effect.ts';
import type { Actor, Role } from '../grant.ts';
import type { Holder, RoleChange, RoleGrant } from '../role-grant.ts';
import { readGroup } from './read.ts';
import { refreshOlder } from './refresh.ts';
import { configurationId, mayGive } from './role-grants.ts';
import { storedGrants, storedGroups } from './stored.ts';
import { isGlobalAdmin, requireRight, requireRole, tree } from './who.ts';

type Parts = Parameters<typeof refreshOlder>[0];
type Give = Extract<RoleChange, { is: 'give' }>;
type Take = Extract<RoleChange, { is: 'take' }>;

/** Whom a role is for, as Slack says now. */
interface Found {
  readonly holder: Holder;
  readonly name: string;
  readonly people: number;
}

/**
 * What a change of roles does, for whoever is to agree to it. Refuses whatever `giveRole` and `takeRole` refuse.
 * Asks Slack about the person or group, unless it did within the last minute.
 */
export async function describeRoleChange(outside: Parts, actor: Actor, change: RoleChange): Promise<Described> {
  const of = change.is === 'give' ? await checkedGift(outside, actor, change) : await checkedTaking(outside, actor, change);
  const { found, role, organizationId } = of;
  const where = await placeName(outside, organizationId);
  const who = found.holder.is === 'group' ? `${found.name} (${found.people === 1 ? '1 person' : `${found.people} people`})` : found.name;
  return {
    title: change.is === 'give' ? `give ${who} the role ${role} for ${where}` : `take the role ${role} for ${where} from ${who}`,
    lines: [
      change.is === 'give' ? `They can then ${MAY[role]}.` : `They can then no longer ${MAY[role]}, unless another role of theirs lets them.`,
      ...(found.holder.is === 'group' ? ['Whoever joins or leaves the user group later gets or loses it too.'] : []),
    ],
    size: found.people,
    organizationId,
    connectorId: null,
  };
}

/** X1, as it is told to whoever agrees. */
const MAY: Readonly<Record<Role, string>> = {
  viewer: 'see and report',
  operator: 'see, report, sync and retry',
  approver: 'decide on requests',
  admin: 'configure, assign, disconnect, delete, decide and give roles',
  partner: 'see the connectors made from that partner’s entries, without people',
};

/**
 * Gives a role (X1). Refused where the actor may not give it there, for guests and people of other workspaces (but a
 * partner's), for somebody whom Slack does not know or who is deactivated, and where they hold it already.
 */
export async function giveRole(outside: Parts, actor: Actor, change: Give, clearance: Clearance): Promise<RoleGrant> {
  for (;;) {
    const counter = await outside.store.get('counter', 'grant');
    const { found } = await checkedGift(outside, actor, change);
    const number = (counter?.value.value ?? 0) + 1;
    const { role, organizationId, why = null } = change;
    const grant: RoleGrant = { id: `G-${number}`, holder: found.holder, role, organizationId, by: actor.userId, at: outside.clock.now(), why };
    const where = await placeName(outside, organizationId);
    const outcome = await outside.store.transaction({
      // The counter is compared and set: changes of roles happen one after the other, and each sees those before it.
      puts: [put('counter', 'grant', { value: number }, counter?.version ?? 0), put('grant', grant.id, grant, 0)],
      appends: [
        audited(outside, actor, {
          action: 'roles.give',
          subject: grant.id,
          summary: `gave ${found.name} the role ${role} for ${where}${why === null ? '' : `: ${why}`}`,
          after: asRow(grant, found.name, where),
          ...clearance.row,
        }),
      ],
    });
    if (outcome === 'committed') return grant;
  }
}

/** Who holds a role, and where it holds: as the sentences about it say. */
export interface GrantInWords {
  readonly who: string;
  readonly where: string;
}

export async function grantInWords(outside: Parts, { holder, organizationId }: RoleGrant): Promise<GrantInWords> {
  return { who: (await foundOf(outside, holder)).name, where: await placeName(outside, organizationId) };
}

/** Takes a role that was given in Slack, and gives it back. Refuses those of the configuration, and the last global admin's (X11). */
export async function takeRole(outside: Parts, actor: Actor, change: Take, clearance: Clearance): Promise<RoleGrant> {
  for (;;) {
    const counter = await outside.store.get('counter', 'grant');
    const { grant, found } = await checkedTaking(outside, actor, change);
    const where = await placeName(outside, grant.organizationId);
    const outcome = await outside.store.transaction({
      puts: [put('counter', 'grant', { value: counter?.value.value ?? 0 }, counter?.version ?? 0), put('grant', grant.id, null)],
      appends: [
        audited(outside, actor, {
          action: 'roles.take',
          subject: grant.id,
          summary: `took the role ${grant.role} for ${where} from ${found.name}${change.why ? `: ${change.why}` : ''}`,
          before: asRow(grant, found.name, where),
          ...clearance.row,
        }),
      ],
    });
    if (outcome === 'committed') return grant;
  }
}

async function checkedGift(outside: Parts, actor: Actor, change: Give): Promise<Give & { readonly found: Found }> {
  const { role, organizationId, holder } = change;
  await requireRole(outside, actor);
  if (role === 'partner') await requireRight(outside, actor, 'administer', null, 'give partner roles');
  const organization = organizationId === null ? undefined : (await outside.store.get('organization', organizationId))?.value;
  if (organizationId !== null && organization === undefined)
    throw badInput('organization', 'That organization is not in the directory.', 'Choose another one.');
  await requireRight(
    outside,
    actor,
    'administer',
    organizationId,
    organizationId === null ? 'give roles for everything' : `give roles at ${organization?.name}`,
  );
  if (role === 'partner' && !(await isPartner(outside, organizationId, organization?.kind)))
    throw badInput('organization', 'A partner’s role is for the organization of a partner.', 'Choose that organization.');
  const found = holder.is === 'person' ? await personFor(outside, holder, role) : await groupFor(outside, holder);
  await refuseHeld(outside, found, change);
  return { ...change, found };
}

async function personFor(outside: Parts, { userId }: Extract<Holder, { is: 'person' }>, role: Role): Promise<Found> {
  const person = await refreshOlder(outside, userId, outside.clock.now() - MINUTE);
  if (person === undefined) throw badInput('holder', 'Slack knows nobody by that id.', 'Choose somebody of this workspace.');
  const { teamId, name } = person;
  switch (suspensionOf(person, role)) {
    case 'deactivated':
      throw badInput('holder', `${name} is deactivated in Slack.`, 'Choose somebody else.');
    case 'guest':
      throw badInput(
        'holder',
        `${name} is a guest in Slack, and guests hold no role but a partner’s.`,
        'Make them a full member in Slack first, or choose somebody else.',
      );
    case 'foreign':
      throw badInput('holder', `${name} is of another workspace, and people of other workspaces hold no role but a partner’s.`, 'Choose somebody of this one.');
    case null:
      return { holder: { is: 'person', teamId, userId }, name, people: 1 };
  }
}

async function groupFor(outside: Parts, { groupId }: Extract<Holder, { is: 'group' }>): Promise<Found> {
  const stored = (await outside.store.get('userGroup', groupId))?.value;
  const isFresh = stored !== undefined && stored.readAt > outside.clock.now() - MINUTE;
  const group = isFresh ? stored : await readGroup(outside, groupId);
  if (group === undefined) throw badInput('holder', 'Slack knows no such user group, or it is disabled.', 'Choose another one.');
  return { holder: { is: 'group', teamId: group.teamId, groupId }, name: `@${group.handle}`, people: group.members.length };
}

async function isPartner(outside: Pick<Outside, 'store'>, organizationId: OrganizationId | null, kind: string | undefined): Promise<boolean> {
  if (organizationId === null || kind === 'partner') return kind === 'partner';
  for await (const page of outside.store.scan('entry')) if (page.some(({ value }) => value.partnerId === organizationId)) return true;
  return false;
}

async function refuseHeld(outside: Parts, { holder, name }: Found, { role, organizationId }: Give): Promise<void> {
  const where = await placeName(outside, organizationId);
  const isIt = (other: { readonly role: Role; readonly organizationId: OrganizationId | null }): boolean =>
    other.role === role && other.organizationId === organizationId;
  if ((await storedGrants(outside)).some((grant) => isIt(grant) && isSameHolder(grant.holder, holder)))
    throw new Refusal({ is: 'nothing-to-do', detail: `${name} holds the role ${role} for ${where} already.` });
  if (outside.settings.grants.some((grant) => isIt(grant) && isHeldBy(holder, undefined, grant.teamId, grant.userId)))
    throw new Refusal({ is: 'nothing-to-do', detail: `${name} holds the role ${role} for ${where} already, by USHER_FIRST_ADMINS in the configuration.` });
}

interface Taking extends Pick<RoleGrant, 'role' | 'organizationId'> {
  readonly grant: RoleGrant;
  readonly found: Found;
}

async function checkedTaking(outside: Parts, actor: Actor, { grantId }: Take): Promise<Taking> {
  await requireRole(outside, actor);
  const organizations = await tree(outside);
  const configured = outside.settings.grants.find((one) => configurationId(one) === grantId);
  if (configured !== undefined && mayGive(actor, configured, organizations))
    throw new Refusal({ is: 'nothing-to-do', detail: 'That role comes from USHER_FIRST_ADMINS in the configuration: take it there, and restart Usher.' });
  const grant = (await outside.store.get('grant', grantId))?.value;
  if (grant === undefined || !(mayGive(actor, grant, organizations) || (await isOwn(outside, actor, grant))))
    throw new Refusal({ is: 'not-found', what: 'role', typed: grantId, near: [] });
  const { role, organizationId } = grant;
  const where = await placeName(outside, organizationId);
  await requireRight(outside, actor, 'administer', role === 'partner' ? null : organizationId, `take roles for ${where}`);
  const found = await foundOf(outside, grant.holder);
  if (isGlobalAdmin(grant)) await refuseLastAdmin(outside, grant, found.name);
  return { grant, found, role, organizationId };
}

/** Their own role a person may see, so that a refusal can say why it is not theirs to give away. */
async function isOwn(outside: Parts, actor: Actor, { holder }: RoleGrant): Promise<boolean> {
  const group = holder.is === 'group' ? (await outside.store.get('userGroup', holder.groupId))?.value : undefined;
  return isHeldBy(holder, group, actor.teamId, actor.userId);
}

async function foundOf(outside: Parts, holder: Holder): Promise<Found> {
  if (holder.is === 'person') return { holder, name: (await outside.store.get('slackPerson', holder.userId))?.value.name ?? holder.userId, people: 1 };
  const group = (await outside.store.get('userGroup', holder.groupId))?.value;
  return { holder, name: group === undefined ? holder.groupId : `@${group.handle}`, people: group?.members.length ?? 0 };
}

/** Somebody who can give roles must be left (X11): a person whom Slack calls active, asked where that was not known. */
async function refuseLastAdmin(outside: Parts, taken: RoleGrant, name: string): Promise<void> {
  const left = new Set(outside.settings.grants.filter(isGlobalAdmin).map(({ userId }) => userId));
  const groups = await storedGroups(outside);
  for (const grant of await storedGrants(outside)) {
    if (grant.id === taken.id || !isGlobalAdmin(grant)) continue;
    const { holder } = grant;
    for (const userId of holder.is === 'person' ? [holder.userId] : (groups.get(holder.groupId)?.members ?? [])) left.add(userId);
  }
  for (const userId of left) {
    const person = await refreshOlder(outside, userId, outside.clock.now() - 10 * MINUTE);
    if (person !== undefined && suspensionOf(person, 'admin') === null) return;
  }
  throw new Refusal({ is: 'last-admin', who: name });
}

async function placeName(outside: Pick<Outside, 'store'>, organizationId: OrganizationId | null): Promise<string> {
  if (organizationId === null) return 'everything';
  return (await outside.store.get('organization', organizationId))?.value.name ?? 'an organization that is gone';
}

function asRow({ holder, role }: RoleGrant, name: string, where: string): Readonly<Record<string, string>> {
  return { holder: holder.is === 'person' ? holder.userId : holder.groupId, name, role, for: where };
}
