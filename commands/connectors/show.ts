import { connectorCard } from '../../src/domain/connectors/verbs/card.ts';
import { connectorNamedAmong, visibleConnectors } from '../../src/domain/connectors/verbs/find.ts';
import { connectorMessage } from '../../views/connectors/card.ts';
import { readMore } from '../../views/connectors/card-blocks.ts';
import { note } from '../../views/notice.ts';
import type { Answer, Ask, Command, Press } from '../command.ts';
import { named, type Words } from '../words.ts';
import { askState } from './states.ts';
import { openAlerts } from '../alerts/subscribe.ts';
import { openStep } from './configure.ts';
import { openConnector } from './open.ts';

/** A connector's card. */
export const showConnector: Command = {
  typed: [{ topic: 'connectors', verb: 'show', usage: 'connectors show <connector>', summary: 'A connector’s card', run: typedShow }],
  presses: {
    'connectors.open': (ask, press) => openConnector(ask, press.value ?? ''),
    'connectors.more': more,
  },
};

async function typedShow(ask: Ask, words: Words): Promise<Answer> {
  const { connector } = connectorNamedAmong(await visibleConnectors(ask.outside, ask.actor), named(words));
  return {
    is: 'message',
    message: note(`Counting the accounts of ${connector.name}…`),
    later: async () => connectorMessage(await connectorCard(ask.outside, ask.actor, connector.id)),
  };
}

async function more(ask: Ask, press: Press): Promise<Answer> {
  const chosen = readMore(press.value);
  switch (chosen?.verb) {
    case 'disable':
    case 'disconnect':
    case 'delete':
      return askState(ask, chosen.verb, chosen.connectorId);
    case 'seats':
      return openStep(ask, chosen.connectorId, 'pace');
    case 'alerts':
      return openAlerts(ask, chosen.connectorId);
    default:
      return { is: 'nothing' };
  }
}
