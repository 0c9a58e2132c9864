import type { Outside } from '../../../ports/outside.ts';
import type { Connector } from '../../connectors/connector.ts';
import { visibleConnectors } from '../../connectors/verbs/find.ts';
import type { Organization, OrganizationId } from '../../directory/organization.ts';
import { type Actor, holds, holdsSomewhere } from '../../rights/grant.ts';
import { knownActor, tree } from '../../rights/verbs/who.ts';
import type { Subscription } from '../alert.ts';
import { subscriptionsTo } from './covering.ts';
import { requireAlerting } from './permit.ts';

export interface SubscriptionRow {
  readonly subscription: Subscription;
  /** Null is all that whoever subscribed it may run. */
  readonly connector: Pick<Connector, 'id' | 'name'> | null;
  /** *Remove* is the actor's. */
  readonly mayEnd: boolean;
}

/**
 * The subscriptions to connectors that the actor may see whole; by connector's name. One to all comes first: the actor's
 * own, and others' as far as it speaks for a connector of these.
 */
export async function subscriptions(outside: Pick<Outside, 'store' | 'settings'>, actor: Actor): Promise<readonly SubscriptionRow[]> {
  const visible = await visibleConnectors(outside, actor);
  const organizations = await tree(outside);
  const byId = new Map(visible.filter(({ whole }) => whole).map(({ connector }) => [connector.id, connector]));
  const rows: SubscriptionRow[] = [];
  for await (const page of outside.store.scan('subscription')) {
    for (const { value: subscription } of page) {
      const isAll = subscription.connectorId === null;
      const connector = subscription.connectorId === null ? null : byId.get(subscription.connectorId);
      if (connector === undefined || (isAll && !(await isTheirs(outside, actor, subscription, [...byId.values()])))) continue;
      rows.push({ subscription, connector, mayEnd: mayEnd(actor, subscription, connector, organizations) });
    }
  }
  return rows.sort((a, b) => (a.connector?.name ?? '').localeCompare(b.connector?.name ?? '', 'en', { sensitivity: 'base' }));
}

async function isTheirs(outside: Pick<Outside, 'store' | 'settings'>, actor: Actor, subscription: Subscription, whole: readonly Connector[]): Promise<boolean> {
  if (isOwn(actor, subscription) || holds(actor, 'see', null, new Map())) return true;
  const organizations = await tree(outside);
  const subscriber = await knownActor(outside, subscription.teamId, subscription.by);
  return whole.some(({ organizationId }) => holds(subscriber, 'run', organizationId, organizations));
}

/** As `requireAlerting` and `requireOwn` ask. */
function mayEnd(
  actor: Actor,
  subscription: Subscription,
  connector: Pick<Connector, 'organizationId'> | null,
  organizations: ReadonlyMap<OrganizationId, Organization>,
): boolean {
  if (connector !== null) return holds(actor, 'run', connector.organizationId, organizations);
  return holdsSomewhere(actor, 'run') && (isOwn(actor, subscription) || holds(actor, 'administer', null, organizations));
}

function isOwn(actor: Actor, { teamId, by }: Subscription): boolean {
  return teamId === actor.teamId && by === actor.userId;
}

/** The subscriptions that speak for one connector, one a channel. Refuses unless the actor may set its alerts: they tell who reads of all of it. */
export async function subscriptionsOf(outside: Pick<Outside, 'store' | 'settings'>, actor: Actor, connector: Connector): Promise<readonly SubscriptionRow[]> {
  await requireAlerting(outside, actor, connector.id);
  const organizations = await tree(outside);
  return [...(await subscriptionsTo(outside, connector)).values()].map((subscription) => {
    const of = subscription.connectorId === null ? null : connector;
    return { subscription, connector: of, mayEnd: mayEnd(actor, subscription, of, organizations) };
  });
}

/** The connectors that the actor may subscribe a channel to, by name. */
export async function subscribable(outside: Pick<Outside, 'store' | 'settings'>, actor: Actor): Promise<readonly Connector[]> {
  const visible = await visibleConnectors(outside, actor);
  const organizations = await tree(outside);
  return visible.map(({ connector }) => connector).filter(({ organizationId }) => holds(actor, 'run', organizationId, organizations));
}
