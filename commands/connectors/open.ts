import { connectorCard } from '../../src/domain/connectors/verbs/card.ts';
import { shownConnector } from '../../src/domain/connectors/verbs/find.ts';
import { connectorModal } from '../../views/connectors/card.ts';
import { loading } from '../../views/notice.ts';
import type { Answer, Ask } from '../command.ts';

/** Opens the card as a modal; from inside a modal it takes that one's place. */
export async function openConnector(ask: Ask, connectorId: string): Promise<Answer> {
  const { connector } = await shownConnector(ask.outside, ask.actor, connectorId);
  return {
    is: 'modal',
    view: loading('Connector', `Counting the accounts of ${connector.name}…`),
    later: async () => connectorModal(await connectorCard(ask.outside, ask.actor, connector.id)),
  };
}
