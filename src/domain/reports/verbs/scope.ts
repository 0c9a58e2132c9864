import type { Outside } from '../../../ports/outside.ts';
import { connectorById, type VisibleConnector, visibleConnectors } from '../../connectors/verbs/find.ts';
import { andBelow, type Organization, type OrganizationId } from '../../directory/organization.ts';
import { Refusal } from '../../refusal.ts';
import { type Actor, holds } from '../../rights/grant.ts';
import { requireRole, tree, whomToAsk } from '../../rights/verbs/who.ts';
import type { ReportFilter } from '../report.ts';

/** What of everything a report may hold: what the actor may see, narrowed by the filter. All else is absent (C3). */
export interface ReportScope {
  /** The actor sees the whole installation. */
  readonly global: boolean;
  readonly organizations: ReadonlyMap<OrganizationId, Organization>;
  /** By name; only the asked one where one is asked for. */
  readonly connectors: readonly VisibleConnector[];
  /** The organization asked for and all below it; null where none is. */
  readonly picked: ReadonlySet<OrganizationId> | null;
  /** Whether something of this organization belongs in the report. Null is nobody's organization: only for who sees the whole of it. */
  holds(whole: boolean, organizationId: OrganizationId | null): boolean;
  /** The name of an organization that the actor may see; empty for any other. */
  nameOf(organizationId: OrganizationId | null): string;
}

/** Refuses (`no-role`, `not-allowed`) who may see nothing, and (`not-found`) an organization or connector that the actor may not see. */
export async function reportScope(
  outside: Pick<Outside, 'store' | 'settings'>,
  actor: Actor,
  { organizationId, connectorId }: Pick<ReportFilter, 'organizationId' | 'connectorId'>,
): Promise<ReportScope> {
  await requireRole(outside, actor);
  const organizations = await tree(outside);
  const global = holds(actor, 'see', null, organizations);
  const seen = new Set([...organizations.keys()].filter((id) => holds(actor, 'see', id, organizations)));
  if (!global && seen.size === 0)
    throw new Refusal({ is: 'not-allowed', right: 'see', action: 'make reports', organization: null, ask: await whomToAsk(outside) });
  if (organizationId !== null && !seen.has(organizationId)) throw new Refusal({ is: 'not-found', what: 'organization', typed: organizationId, near: [] });
  const picked = organizationId === null ? null : andBelow([...organizations.values()], organizationId);
  return {
    global,
    organizations,
    picked,
    connectors: connectorId === null ? await visibleConnectors(outside, actor) : [await connectorById(outside, actor, connectorId)],
    holds: (whole, id) => (picked === null ? whole || (id !== null && seen.has(id)) : id !== null && picked.has(id)),
    nameOf: (id) => (id !== null && seen.has(id) ? (organizations.get(id)?.name ?? '') : ''),
  };
}
