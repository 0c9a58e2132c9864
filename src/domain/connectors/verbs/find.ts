import type { Outside } from '../../../ports/outside.ts';
import type { EntryId } from '../../catalog/catalog.ts';
import { type OrganizationId, upwards } from '../../directory/organization.ts';
import { Refusal } from '../../refusal.ts';
import { type Actor, holds } from '../../rights/grant.ts';
import { requireRole, tree, whomToAsk } from '../../rights/verbs/who.ts';
import type { Connector, ConnectorId } from '../connector.ts';

type Parts = Pick<Outside, 'store' | 'settings'>;

/** What of a connector the actor may see: all of it, or the part of its organizations that they hold a role for (C3). */
export interface VisibleConnector {
  readonly connector: Connector;
  readonly whole: boolean;
  readonly organizations: ReadonlySet<OrganizationId>;
  /** Seen only because it was made from an entry of a partner whose role the actor holds (X1, C4): that it exists and how it is, no people, no runs. */
  readonly asPartner: boolean;
}

/**
 * Every connector the actor may see, by name: those owned where they may see; those assigned there; once it is
 * configured, one that they may assign because they administer a part of its organizations (C3); and those of a
 * partner's entries for the partner.
 */
export async function visibleConnectors(outside: Parts, actor: Actor): Promise<readonly VisibleConnector[]> {
  await requireRole(outside, actor);
  const organizations = await tree(outside);
  const seen = new Set([...organizations.keys()].filter((id) => holds(actor, 'see', id, organizations)));
  const usable = new Set(
    [...organizations.keys()]
      .filter((id) => holds(actor, 'administer', id, organizations))
      .flatMap((id) => upwards(organizations, id).map((above) => above.id)),
  );
  const assignedIn = new Map<ConnectorId, OrganizationId[]>();
  for await (const page of outside.store.scan('assignment')) {
    for (const { value } of page)
      if (value.ended === null) assignedIn.set(value.connectorId, [...(assignedIn.get(value.connectorId) ?? []), value.organizationId]);
  }
  const published = await entriesOfPartners(outside, actor);
  const found: VisibleConnector[] = [];
  for await (const page of outside.store.scan('connector')) {
    for (const { value: connector } of page) {
      const whole = holds(actor, 'see', connector.organizationId, organizations);
      const offered = connector.state.is !== 'draft' && usable.has(connector.organizationId);
      const partly = offered || (assignedIn.get(connector.id) ?? []).some((id) => seen.has(id));
      const asPartner = connector.state.is !== 'draft' && published.has(connector.entryId);
      if (whole || partly) found.push({ connector, whole, organizations: seen, asPartner: false });
      else if (asPartner) found.push({ connector, whole, organizations: new Set(), asPartner });
    }
  }
  return found.sort((a, b) => a.connector.name.localeCompare(b.connector.name, 'en', { sensitivity: 'base' }));
}

/** The entries of the partners whose role the actor holds. */
async function entriesOfPartners(outside: Parts, actor: Actor): Promise<ReadonlySet<EntryId>> {
  const partners = new Set(actor.grants.filter(({ role }) => role === 'partner').map(({ organizationId }) => organizationId));
  const entries = new Set<EntryId>();
  if (partners.size === 0) return entries;
  for await (const page of outside.store.scan('entry')) for (const { value } of page) if (partners.has(value.partnerId ?? '')) entries.add(value.id);
  return entries;
}

/** The connector of that id, for its card; refuses as *not found* what the actor may not see, so that nothing is told about it. */
export async function shownConnector(outside: Parts, actor: Actor, id: ConnectorId): Promise<VisibleConnector> {
  const all = await visibleConnectors(outside, actor);
  const found = all.find(({ connector }) => connector.id === id);
  if (found === undefined) throw new Refusal({ is: 'not-found', what: 'connector', typed: id, near: [] });
  return found;
}

/** The same for every verb: a partner sees that a connector is there and how it is, and does nothing with it. */
export async function connectorById(outside: Parts, actor: Actor, id: ConnectorId): Promise<VisibleConnector> {
  return beyondPartner(outside, await shownConnector(outside, actor, id));
}

/** The connector a person typed, for every verb: its id, its name, or the beginning of its name where that is one connector's only; case ignored. */
export async function connectorNamed(outside: Parts, actor: Actor, typed: string): Promise<VisibleConnector> {
  return beyondPartner(outside, connectorNamedAmong(await visibleConnectors(outside, actor), typed));
}

async function beyondPartner(outside: Parts, found: VisibleConnector): Promise<VisibleConnector> {
  if (!found.asPartner) return found;
  throw new Refusal({ is: 'not-allowed', right: 'see', action: `see more of ${found.connector.name}`, organization: null, ask: await whomToAsk(outside) });
}

/** The same among given ones. */
export function connectorNamedAmong<T extends { readonly connector: Connector }>(all: readonly T[], typed: string): T {
  const wanted = typed.trim().toLowerCase();
  const byId = all.find(({ connector }) => connector.id === wanted);
  const [exact, ...same] = byId === undefined ? all.filter(({ connector }) => connector.name.toLowerCase() === wanted) : [byId];
  // Two organizations that don't see each other may use one name: whoever sees both is asked for the id.
  if (exact !== undefined && same.length > 0)
    throw new Refusal({ is: 'ambiguous', what: 'connector', typed, choices: [exact, ...same].map(({ connector }) => connector.id) });
  if (exact !== undefined) return exact;
  const beginning = wanted === '' ? [] : all.filter(({ connector }) => connector.name.toLowerCase().startsWith(wanted));
  const [only] = beginning;
  if (only !== undefined && beginning.length === 1) return only;
  if (beginning.length > 1) throw new Refusal({ is: 'ambiguous', what: 'connector', typed, choices: beginning.map(({ connector }) => connector.name) });
  throw new Refusal({ is: 'not-found', what: 'connector', typed, near: all.slice(0, 5).map(({ connector }) => connector.name) });
}
