import { type Message, type ModalView, message, modal } from '../blocks.ts';
import { connectorSign, signed } from '../signs.ts';
import { type ConnectorCard, connectorCardBlocks } from './card-blocks.ts';
import { coverage } from './list-message.ts';

/** The card as an ephemeral message: after a typed command. */
export function connectorMessage(card: ConnectorCard): Message {
  const { connector, total } = card.row;
  return message({
    text: `${connector.name}: ${signed(connectorSign(connector.state, connector.health))}, ${coverage(total)} people have an account.`,
    blocks: connectorCardBlocks(card),
  });
}

/** The card as a modal: after *Open*. */
export function connectorModal(card: ConnectorCard): ModalView {
  return modal({ callbackId: 'connectors.card', title: 'Connector', blocks: connectorCardBlocks(card), metadata: { connectorId: card.row.connector.id } });
}
