import type { Outside } from '../../../ports/outside.ts';
import type { ConnectorId } from '../../connectors/connector.ts';
import { requireConnector } from '../../connectors/verbs/require.ts';
import { Refusal } from '../../refusal.ts';
import { type Actor, holds } from '../../rights/grant.ts';
import { organizationsWith, requireRole, whomToAsk } from '../../rights/verbs/who.ts';
import type { Subscription } from '../alert.ts';

type Parts = Pick<Outside, 'store' | 'settings'>;

/**
 * Refuses unless the actor may subscribe a channel to the connector: with *run* at the organization that owns it,
 * since an alert counts all of its people and offers to retry. Null is every connector that the actor may run.
 */
export async function requireAlerting(outside: Parts, actor: Actor, connectorId: ConnectorId | null): Promise<void> {
  if (connectorId !== null) {
    await requireConnector(outside, actor, connectorId, 'run', 'set the alerts of');
    return;
  }
  await requireRole(outside, actor);
  const anywhere = holds(actor, 'run', null, new Map()) || (await organizationsWith(outside, actor, 'run')).size > 0;
  if (!anywhere) throw new Refusal({ is: 'not-allowed', right: 'run', action: 'set alerts', organization: null, ask: await whomToAsk(outside) });
}

/** A subscription to all hangs on the rights of whoever made it: only they, or a global admin, may change or remove it. */
export async function requireOwn(outside: Parts, actor: Actor, { connectorId, teamId, by }: Subscription): Promise<void> {
  const own = connectorId !== null || (teamId === actor.teamId && by === actor.userId) || holds(actor, 'administer', null, new Map());
  if (own) return;
  const ask = [by, ...(await whomToAsk(outside))];
  throw new Refusal({ is: 'not-allowed', action: 'change a subscription to all connectors that somebody else made', organization: null, ask });
}
