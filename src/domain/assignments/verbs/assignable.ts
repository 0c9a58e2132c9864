import type { Outside } from '../../../ports/outside.ts';
import type { Connector, ConnectorId, RehearsedSettings } from '../../connectors/connector.ts';
import { connectorNamedAmong, visibleConnectors } from '../../connectors/verbs/find.ts';
import type { Grouping, GroupingId } from '../../directory/grouping.ts';
import { andBelow, type Organization, type OrganizationId } from '../../directory/organization.ts';
import { badInput, Refusal } from '../../refusal.ts';
import { type Actor, holds } from '../../rights/grant.ts';
import { organizationsWith, requireRole, tree, whomToAsk } from '../../rights/verbs/who.ts';

type Parts = Pick<Outside, 'store' | 'settings'>;

/** A connector that the actor may assign, and where: at its own organization and below, as far as they administer that (C3). */
export interface Assignable {
  readonly connector: Connector;
  readonly organizations: ReadonlyMap<OrganizationId, Organization>;
}

/**
 * Every connector that the actor may assign somewhere, by name. A connector is usable at its organization and below, so
 * whoever administers a part of that may assign it there, also before anybody else did.
 */
export async function assignableConnectors(outside: Parts, actor: Actor): Promise<readonly Assignable[]> {
  await requireRole(outside, actor);
  const all = await tree(outside);
  const found: Assignable[] = [];
  for await (const page of outside.store.scan('connector')) {
    for (const { value: connector } of page) {
      const organizations = partOf(actor, connector, all);
      // A draft is nobody's business but its owner's.
      const isTheirs = connector.state.is !== 'draft' || holds(actor, 'see', connector.organizationId, all);
      if (organizations.size > 0 && isTheirs) found.push({ connector, organizations });
    }
  }
  return found.sort((a, b) => a.connector.name.localeCompare(b.connector.name, 'en', { sensitivity: 'base' }));
}

function partOf(actor: Actor, connector: Connector, all: ReadonlyMap<OrganizationId, Organization>): ReadonlyMap<OrganizationId, Organization> {
  const part = new Map<OrganizationId, Organization>();
  for (const id of andBelow([...all.values()], connector.organizationId)) {
    const organization = all.get(id);
    if (organization !== undefined && holds(actor, 'administer', id, all)) part.set(id, organization);
  }
  return part;
}

/** The connector of that id, for assigning. Refuses *not allowed* to those who may see it only, *not found* to all others. */
export async function assignableConnector(outside: Parts, actor: Actor, id: ConnectorId): Promise<Assignable> {
  const found = (await assignableConnectors(outside, actor)).find(({ connector }) => connector.id === id);
  if (found !== undefined) return found;
  const seen = (await visibleConnectors(outside, actor)).find(({ connector }) => connector.id === id);
  if (seen === undefined) throw new Refusal({ is: 'not-found', what: 'connector', typed: id, near: [] });
  const organization = (await outside.store.get('organization', seen.connector.organizationId))?.value.name ?? null;
  throw new Refusal({ is: 'not-allowed', action: `assign ${seen.connector.name}`, organization, ask: await whomToAsk(outside) });
}

/** The connector that a person typed, among those that they may assign. */
export async function assignableNamed(outside: Parts, actor: Actor, typed: string): Promise<Assignable> {
  return connectorNamedAmong(await assignableConnectors(outside, actor), typed);
}

/** The settings in force; refuses a connector without them, or disconnected: it must be configured before it can be assigned (C5). A disabled one has them. */
export function requireConfigured(connector: Connector): RehearsedSettings {
  if (connector.inForce !== null && connector.state.is !== 'disconnected') return connector.inForce;
  throw new Refusal({ is: 'not-configured', connectorId: connector.id, connector: connector.name });
}

/** A role or group with the organization it belongs to. */
export interface AssignableGrouping {
  readonly grouping: Grouping;
  readonly organization: Organization;
}

/** The roles and groups that the actor may assign the connector to, by name, then organization; of one organization and below, or of all. */
export async function assignableGroupings(
  outside: Pick<Outside, 'store'>,
  { organizations }: Assignable,
  within: OrganizationId | null = null,
): Promise<readonly AssignableGrouping[]> {
  const picked = within === null ? null : andBelow([...organizations.values()], within);
  const found: AssignableGrouping[] = [];
  for await (const page of outside.store.scan('grouping')) {
    for (const { value: grouping } of page) {
      const organization = organizations.get(grouping.organizationId);
      if (organization !== undefined && (picked === null || picked.has(organization.id))) found.push({ grouping, organization });
    }
  }
  return found.sort((a, b) => compare(a.grouping.name, b.grouping.name) || compare(a.organization.name, b.organization.name));
}

/**
 * The roles and groups of these ids, each once. Refuses one that is gone, one outside the connector's organization, and
 * one in a part of it that is not the actor's (C3).
 */
export async function chosenGroupings(
  outside: Parts,
  actor: Actor,
  assignable: Assignable,
  ids: readonly GroupingId[],
): Promise<readonly AssignableGrouping[]> {
  const found: AssignableGrouping[] = [];
  const seen = await organizationsWith(outside, actor, 'see');
  for (const id of new Set(ids)) {
    const grouping = (await outside.store.get('grouping', id))?.value;
    // One that the actor may not see reads as one that is gone.
    if (grouping === undefined || !seen.has(grouping.organizationId))
      throw badInput('groupings', 'One of the roles and groups is no longer in the directory.', 'Choose again.');
    const organization = assignable.organizations.get(grouping.organizationId);
    if (organization === undefined) throw await outOfReach(outside, assignable, grouping.name, grouping.organizationId);
    found.push({ grouping, organization });
  }
  return found;
}

/** Outside the connector's organization nobody may assign it; inside it, only who administers that part. */
async function outOfReach(outside: Parts, { connector }: Assignable, name: string, organizationId: string): Promise<Refusal> {
  const all = await tree(outside);
  const home = all.get(connector.organizationId)?.name ?? 'its organization';
  if (andBelow([...all.values()], connector.organizationId).has(organizationId)) {
    const organization = all.get(organizationId)?.name ?? null;
    return new Refusal({ is: 'not-allowed', action: `assign ${connector.name} there`, organization, ask: await whomToAsk(outside) });
  }
  return badInput('groupings', `${name} lies outside ${home}, where ${connector.name} can be assigned.`, `Choose roles and groups of ${home} or below.`);
}

function compare(a: string, b: string): number {
  return a.localeCompare(b, 'en', { sensitivity: 'base' });
}
