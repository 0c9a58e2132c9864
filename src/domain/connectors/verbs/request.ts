import type { Outside } from '../../../ports/outside.ts';
import { audited } from '../../audit/row.ts';
import { newCard } from '../../cards/show.ts';
import type { Actor } from '../../rights/grant.ts';
import { whomToAsk } from '../../rights/verbs/who.ts';
import type { ConnectorId } from '../connector.ts';
import { requireConnector } from './require.ts';

/** Tells the owners that an application wants attributes outside core and enterprise: a pre-built connector is needed (C8). */
export async function requestConnector(
  outside: Pick<Outside, 'store' | 'settings' | 'clock' | 'chance' | 'cards'>,
  actor: Actor,
  id: ConnectorId,
  attribute: string,
): Promise<number> {
  const { connector } = await requireConnector(outside, actor, id, 'administer', 'request a connector for');
  const owners = await whomToAsk(outside);
  const { name } = connector;
  const wanted = attribute.trim().slice(0, 200);
  const text = `A pre-built connector is asked for: ${name} wants the attribute “${wanted}”, which is outside SCIM core and enterprise.`;
  const cards = owners.map((userId) => ({ id: `request/${id}/${outside.chance.id()}`, userId }));
  await outside.store.transaction({
    puts: cards.map((card) => newCard(card.id, { is: 'person', userId: card.userId }, { is: 'note', text })),
    appends: [
      audited(outside, actor, {
        action: 'connectors.request',
        connectorId: id,
        summary: `asked for a pre-built connector for ${connector.name}`,
        subject: wanted,
      }),
    ],
  });
  outside.cards.changed(cards.map((card) => card.id));
  return owners.length;
}
