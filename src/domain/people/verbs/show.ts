import type { Outside } from '../../../ports/outside.ts';
import type { Assignment } from '../../assignments/assignment.ts';
import type { Connector } from '../../connectors/connector.ts';
import { type VisibleConnector, visibleConnectors } from '../../connectors/verbs/find.ts';
import type { Grouping } from '../../directory/grouping.ts';
import type { OrganizationId } from '../../directory/organization.ts';
import type { Person, PersonId } from '../../directory/person.ts';
import type { Instant } from '../../instant.ts';
import type { ProtectedPerson } from '../../protected/protected.ts';
import { protectionOf, shieldIn } from '../../protected/verbs/list.ts';
import { Refusal } from '../../refusal.ts';
import type { Outstanding } from '../../enrollment/shown.ts';
import { outstandingOf } from '../../enrollment/verbs/tasks.ts';
import { type Actor, holds } from '../../rights/grant.ts';
import { requireRole, tree } from '../../rights/verbs/who.ts';
import { accountKey, type ToldState, toldState } from '../../sync/account.ts';
import type { ProvisioningEvent } from '../../sync/event.ts';
import { coverage } from '../../sync/scope.ts';

/** A role or group with the organization it belongs to; both empty for one of an organization that the actor may not see. */
export interface Membership {
  readonly name: string;
  readonly kind: Grouping['kind'];
  readonly organization: string;
}

/** A person in one connector: their account, if there is one, and the assignment that gives it. */
export interface PersonAccount {
  readonly connector: Connector;
  readonly account: {
    readonly state: ToldState;
    readonly since: Instant | null;
    readonly origin: 'created' | 'adopted';
    readonly deleteAt: Instant | null;
  } | null;
  readonly through: Membership | null;
  /** They are protected there, and why (A7); null otherwise. */
  readonly protectedBecause: string | null;
  /** *Provision now* is offered. */
  readonly mayProvision: boolean;
}

/** What is shown of a person (D6 in its simple form). */
export interface PersonPage {
  readonly person: Person;
  readonly organization: string;
  /** Those in organizations that the actor may see. */
  readonly memberships: readonly Membership[];
  /** Of the connectors that the actor may see, by name. */
  readonly accounts: readonly PersonAccount[];
  /** The latest few, newest first. */
  readonly events: readonly { readonly event: ProvisioningEvent; readonly connector: string }[];
  /** What *Protect…* and *Un-protect…* offer; null for all but global admins (X1). */
  readonly protection: readonly { readonly id: string; readonly connector: string | null }[] | null;
  /** Whether they are off-boarded, for *Off-board…* and *Let back in…*; null for who does not administer their organization (S25). */
  readonly offboarding: { readonly since: Instant | null } | null;
  /** Their unfinished enrollment tasks, oldest first (E7). */
  readonly outstanding: readonly Outstanding[];
  readonly timeZone: string;
}

const EVENTS = 5;

type Showing = Pick<Outside, 'store' | 'settings' | 'breath' | 'clock' | 'workspace'>;

/**
 * A person with their memberships, accounts and last events, as far as the actor may see. Refuses as *not found* a
 * person of an organization where they may not. Searches the events of every visible connector: for after the ack.
 */
export async function showPerson(outside: Showing, actor: Actor, personId: PersonId): Promise<PersonPage> {
  await requireRole(outside, actor);
  const organizations = await tree(outside);
  const person = (await outside.store.get('person', personId))?.value;
  if (person === undefined || !holds(actor, 'see', person.organizationId, organizations))
    throw new Refusal({ is: 'not-found', what: 'person', typed: personId, near: [] });
  const connectors = await visibleConnectors(outside, actor);
  const organization = organizations.get(person.organizationId);
  const mayRun = holds(actor, 'run', person.organizationId, organizations);
  const accounts: PersonAccount[] = [];
  const seen = (organizationId: OrganizationId): boolean => holds(actor, 'see', organizationId, organizations);
  const shields = await protectionOf(outside.store, personId);
  const offboarding = (await outside.store.get('offboarding', personId))?.value;
  const out = offboarding?.released === null;
  for (const { connector } of connectors) accounts.push(await accountIn(outside, connector, person, { mayRun, seen, shields }));
  return {
    person,
    organization: organization?.name ?? '',
    memberships: (await Promise.all(person.groupings.map((id) => membership(outside, id, seen)))).filter(
      (one): one is Membership => one !== null && one !== ELSEWHERE,
    ),
    accounts,
    events: await lastEvents(outside, connectors, personId),
    protection: holds(actor, 'administer', null, organizations)
      ? shields.map(({ id, connectorId }) => ({ id, connector: connectorId === null ? null : nameIn(connectors, connectorId) }))
      : null,
    offboarding: holds(actor, 'administer', person.organizationId, organizations) ? { since: out ? (offboarding?.at ?? null) : null } : null,
    outstanding: await outstandingOf(outside, actor, personId),
    timeZone: organization?.timeZone ?? outside.settings.timeZone,
  };
}

/** What of a person's page is the actor's. */
interface Theirs {
  readonly mayRun: boolean;
  readonly seen: (organizationId: OrganizationId) => boolean;
  readonly shields: readonly ProtectedPerson[];
}

function nameIn(connectors: readonly VisibleConnector[], connectorId: string): string {
  return connectors.find(({ connector }) => connector.id === connectorId)?.connector.name ?? connectorId;
}

async function accountIn(outside: Showing, connector: Connector, person: Person, { mayRun, seen, shields }: Theirs): Promise<PersonAccount> {
  const assignments: Assignment[] = [];
  for await (const page of outside.store.scan('assignment', { prefix: `${connector.id}/` })) assignments.push(...page.map(({ value }) => value));
  const assignment = coverage(assignments, outside.clock.now())(person);
  const account = (await outside.store.get('account', accountKey(connector.id, person.id)))?.value;
  return {
    connector,
    account:
      account === undefined
        ? null
        : { state: toldState(account), since: account.timeline.at(-1)?.[0] ?? null, origin: account.origin, deleteAt: account.deleteAt },
    through: assignment === undefined ? null : await membership(outside, assignment.groupingId, seen),
    protectedBecause: shieldIn(shields, connector.id)?.why ?? null,
    mayProvision: mayRun && connector.state.is === 'active' && (assignment !== undefined || account !== undefined),
  };
}

/** That there is one is told where it explains an account; which one is not. */
const ELSEWHERE: Membership = { name: '', kind: 'group', organization: '' };

/** Null for a role or group that is gone. */
async function membership({ store }: Pick<Outside, 'store'>, groupingId: string, seen: Theirs['seen']): Promise<Membership | null> {
  const grouping = (await store.get('grouping', groupingId))?.value;
  if (grouping === undefined) return null;
  if (!seen(grouping.organizationId)) return ELSEWHERE;
  const organization = (await store.get('organization', grouping.organizationId))?.value;
  return { name: grouping.name, kind: grouping.kind, organization: organization?.name ?? '' };
}

async function lastEvents(outside: Showing, connectors: readonly VisibleConnector[], personId: PersonId): Promise<PersonPage['events']> {
  const found: { readonly event: ProvisioningEvent; readonly connector: string }[] = [];
  for (const { connector } of connectors) {
    for await (const page of outside.store.rows('event', { partition: connector.id, match: { subjectId: personId }, order: 'newest', limit: EVENTS })) {
      found.push(...page.map(({ row }) => ({ event: row, connector: connector.name })));
    }
    await outside.breath.due();
  }
  return found.sort((a, b) => b.event.at - a.event.at).slice(0, EVENTS);
}
