import type { Outside } from '../../../ports/outside.ts';
import { type OrganizationId, upwards } from '../../directory/organization.ts';
import { Refusal } from '../../refusal.ts';
import { type Actor, holds } from '../../rights/grant.ts';
import { requireRole, tree } from '../../rights/verbs/who.ts';
import type { Connector, ConnectorId } from '../connector.ts';

type Parts = Pick<Outside, 'store' | 'settings'>;

/** What of a connector the actor may see: all of it, or the part of its organizations that they hold a role for (C3). */
export interface VisibleConnector {
  readonly connector: Connector;
  readonly whole: boolean;
  readonly organizations: ReadonlySet<OrganizationId>;
}

/**
 * Every connector the actor may see, by name: those owned where they may see; those assigned there; and, once it is
 * configured, one that they may assign because they administer a part of its organizations (C3).
 */
export async function visibleConnectors(outside: Parts, actor: Actor): Promise<readonly VisibleConnector[]> {
  requireRole(outside, actor);
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
  const found: VisibleConnector[] = [];
  for await (const page of outside.store.scan('connector')) {
    for (const { value: connector } of page) {
      const whole = holds(actor, 'see', connector.organizationId, organizations);
      const offered = connector.state.is !== 'draft' && usable.has(connector.organizationId);
      if (whole || offered || (assignedIn.get(connector.id) ?? []).some((id) => seen.has(id))) found.push({ connector, whole, organizations: seen });
    }
  }
  return found.sort((a, b) => a.connector.name.localeCompare(b.connector.name, 'en', { sensitivity: 'base' }));
}

/** The connector of that id, which the actor may see; refuses as *not found* what they may not, so that nothing is told about it. */
export async function connectorById(outside: Parts, actor: Actor, id: ConnectorId): Promise<VisibleConnector> {
  const all = await visibleConnectors(outside, actor);
  const found = all.find(({ connector }) => connector.id === id);
  if (found === undefined) throw new Refusal({ is: 'not-found', what: 'connector', typed: id, near: [] });
  return found;
}

/** The connector a person typed: its id, its name, or the beginning of its name where that is one connector's only; case ignored. */
export async function connectorNamed(outside: Parts, actor: Actor, typed: string): Promise<VisibleConnector> {
  return connectorNamedAmong(await visibleConnectors(outside, actor), typed);
}

/** The same among given ones. */
export function connectorNamedAmong<T extends { readonly connector: Connector }>(all: readonly T[], typed: string): T {
  const wanted = typed.trim().toLowerCase();
  const exact = all.find(({ connector }) => connector.id === wanted || connector.name.toLowerCase() === wanted);
  if (exact !== undefined) return exact;
  const beginning = wanted === '' ? [] : all.filter(({ connector }) => connector.name.toLowerCase().startsWith(wanted));
  const [only] = beginning;
  if (only !== undefined && beginning.length === 1) return only;
  if (beginning.length > 1) throw new Refusal({ is: 'ambiguous', what: 'connector', typed, choices: beginning.map(({ connector }) => connector.name) });
  throw new Refusal({ is: 'not-found', what: 'connector', typed, near: all.slice(0, 5).map(({ connector }) => connector.name) });
}
