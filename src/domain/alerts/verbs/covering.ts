import type { Outside } from '../../../ports/outside.ts';
import type { Connector } from '../../connectors/connector.ts';
import { holds } from '../../rights/grant.ts';
import { knownActor, tree } from '../../rights/verbs/who.ts';
import type { Subscription } from '../alert.ts';

type Parts = Pick<Outside, 'store' | 'settings'>;

/**
 * The subscription that speaks for the connector in each channel: the channel's own one to it, else its one to all,
 * where whoever made that may run the connector (asked now: roles change).
 */
export async function subscriptionsTo(outside: Parts, connector: Pick<Connector, 'id' | 'organizationId'>): Promise<ReadonlyMap<string, Subscription>> {
  const organizations = await tree(outside);
  const found = new Map<string, Subscription>();
  for await (const page of outside.store.scan('subscription')) {
    for (const { value: subscription } of page) {
      if (subscription.connectorId === connector.id) found.set(subscription.channelId, subscription);
      if (subscription.connectorId !== null || found.get(subscription.channelId)?.connectorId === connector.id) continue;
      const subscriber = await knownActor(outside, subscription.teamId, subscription.by);
      if (holds(subscriber, 'run', connector.organizationId, organizations)) found.set(subscription.channelId, subscription);
    }
  }
  return found;
}
