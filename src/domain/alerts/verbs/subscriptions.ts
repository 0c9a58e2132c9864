import type { Outside } from '../../../ports/outside.ts';
import type { Connector } from '../../connectors/connector.ts';
import { visibleConnectors } from '../../connectors/verbs/find.ts';
import { type Actor, holds } from '../../rights/grant.ts';
import { tree } from '../../rights/verbs/who.ts';
import type { Subscription } from '../alert.ts';
import { subscriptionsTo } from './covering.ts';

export interface SubscriptionRow {
  readonly subscription: Subscription;
  /** Null is all that whoever subscribed it may run. */
  readonly connector: Pick<Connector, 'id' | 'name'> | null;
}

/** The subscriptions to connectors that the actor may see whole, those to all among them; by connector's name, all first. */
export async function subscriptions(outside: Pick<Outside, 'store' | 'settings'>, actor: Actor): Promise<readonly SubscriptionRow[]> {
  const visible = await visibleConnectors(outside, actor);
  const byId = new Map(visible.filter(({ whole }) => whole).map(({ connector }) => [connector.id, connector]));
  const rows: SubscriptionRow[] = [];
  for await (const page of outside.store.scan('subscription')) {
    for (const { value: subscription } of page) {
      const connector = subscription.connectorId === null ? null : byId.get(subscription.connectorId);
      if (connector !== undefined) rows.push({ subscription, connector });
    }
  }
  return rows.sort((a, b) => (a.connector?.name ?? '').localeCompare(b.connector?.name ?? '', 'en', { sensitivity: 'base' }));
}

/** The subscriptions that speak for one connector: one a channel. */
export async function subscriptionsOf(outside: Pick<Outside, 'store' | 'settings'>, connector: Connector): Promise<readonly SubscriptionRow[]> {
  const found = [...(await subscriptionsTo(outside, connector)).values()];
  return found.map((subscription) => ({ subscription, connector: subscription.connectorId === null ? null : connector }));
}

/** The connectors that the actor may subscribe a channel to, by name. */
export async function subscribable(outside: Pick<Outside, 'store' | 'settings'>, actor: Actor): Promise<readonly Connector[]> {
  const visible = await visibleConnectors(outside, actor);
  const organizations = await tree(outside);
  return visible.map(({ connector }) => connector).filter(({ organizationId }) => holds(actor, 'run', organizationId, organizations));
}
