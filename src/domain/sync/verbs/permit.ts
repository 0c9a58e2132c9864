import type { Outside } from '../../../ports/outside.ts';
import type { Connector, ConnectorId } from '../../connectors/connector.ts';
import { connectorById, type VisibleConnector } from '../../connectors/verbs/find.ts';
import { andBelow, type Organization, type OrganizationId } from '../../directory/organization.ts';
import { Refusal } from '../../refusal.ts';
import { type Actor, holds } from '../../rights/grant.ts';
import { requireRole, tree, whomToAsk } from '../../rights/verbs/who.ts';
import type { Run, RunScope } from '../run.ts';

type World = Pick<Outside, 'store' | 'settings'>;

/** The connector, for a verb of syncs; refuses as *not found* one that the actor may not see. */
export async function connectorOf(outside: World, actor: Actor, connectorId: ConnectorId): Promise<Connector> {
  return (await connectorById(outside, actor, connectorId)).connector;
}

/**
 * The scope an actor may run (C3): the one asked for, with rights at the connector's own organization; with rights
 * only below it, whole runs narrow to their part, and people and organizations outside it are refused.
 */
export async function permittedScope(outside: World, actor: Actor, connector: Connector, asked: RunScope): Promise<RunScope> {
  await requireRole(outside, actor);
  const organizations = await tree(outside);
  if (holds(actor, 'run', connector.organizationId, organizations)) return asked;
  const part = partOf(actor, connector, organizations);
  if (part.length === 0) throw await notAllowed(outside, connector, organizations);
  const below = new Set(part.flatMap((id) => [...andBelow([...organizations.values()], id)]));
  switch (asked.is) {
    case 'all':
      return { is: 'organizations', ids: part };
    case 'organizations':
      if (!asked.ids.every((id) => below.has(id))) throw await notAllowed(outside, connector, organizations);
      return asked;
    case 'people':
      for (const id of asked.ids) {
        const person = await outside.store.get('person', id);
        if (person === undefined || !below.has(person.value.organizationId)) throw await notAllowed(outside, connector, organizations);
      }
      return asked;
  }
}

/** Those of these connectors that the actor may sync, wholly or in part. */
export async function runnableAmong(outside: Pick<Outside, 'store'>, actor: Actor, visible: readonly VisibleConnector[]): Promise<readonly Connector[]> {
  const organizations = await tree(outside);
  const may = ({ connector }: VisibleConnector): boolean =>
    holds(actor, 'run', connector.organizationId, organizations) || partOf(actor, connector, organizations).length > 0;
  return visible.filter(may).map(({ connector }) => connector);
}

/** Refuses unless the actor may steer this run: rights at the connector, or over the run's whole scope. */
export async function requireSteering(outside: World, actor: Actor, connector: Connector, run: Run): Promise<void> {
  const scope = await permittedScope(outside, actor, connector, run.scope);
  if (scope.is !== run.scope.is) throw await notAllowed(outside, connector, await tree(outside));
}

/** The topmost organizations below the connector's where the actor may run syncs. */
function partOf(actor: Actor, connector: Connector, organizations: ReadonlyMap<OrganizationId, Organization>): readonly OrganizationId[] {
  const may = (id: OrganizationId | null): boolean => id !== null && holds(actor, 'run', id, organizations);
  const below = [...andBelow([...organizations.values()], connector.organizationId)].filter(may);
  return below.filter((id) => !may(organizations.get(id)?.parentId ?? null)).sort();
}

async function notAllowed(outside: World, connector: Connector, organizations: ReadonlyMap<OrganizationId, Organization>): Promise<Refusal> {
  const organization = organizations.get(connector.organizationId)?.name ?? null;
  return new Refusal({ is: 'not-allowed', right: 'run', action: `sync ${connector.name}`, organization, ask: await whomToAsk(outside) });
}
