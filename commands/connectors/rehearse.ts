import { connectorById, connectorNamed } from '../../src/domain/connectors/verbs/find.ts';
import { startRehearsal } from '../../src/domain/connectors/verbs/rehearse.ts';
import { requestConnector } from '../../src/domain/connectors/verbs/request.ts';
import { activate } from '../../src/domain/connectors/verbs/states.ts';
import type { Connector } from '../../src/domain/connectors/connector.ts';
import { learnMoreModal, rehearsalModal } from '../../views/connectors/rehearsal.ts';
import { note } from '../../views/notice.ts';
import { plural } from '../../views/words.ts';
import type { Answer, Ask, Command, Press } from '../command.ts';
import { named, type Words } from '../words.ts';
import { openConnector } from './open.ts';

/** The rehearsal, and what follows it: activate, learn more, request a connector (C7, C8). */
export const rehearseConnector: Command = {
  typed: [
    {
      topic: 'connectors',
      verb: 'rehearse',
      right: 'administer',
      usage: 'connectors rehearse <connector>',
      summary: 'Try the saved settings on a test user',
      run: typedRehearse,
    },
    {
      topic: 'connectors',
      verb: 'activate',
      right: 'administer',
      usage: 'connectors activate <connector>',
      summary: 'Put rehearsed settings in force',
      run: typedActivate,
    },
    {
      topic: 'connectors',
      verb: 'request',
      right: 'administer',
      usage: 'connectors request <connector> attribute=<name>',
      summary: 'Ask for a pre-built connector',
      run: typedRequest,
    },
  ],
  presses: {
    'connectors.rehearse': again,
    'connectors.activate': pressedActivate,
    'connectors.learn': learn,
    'connectors.request': pressedRequest,
  },
};

/** Starts the rehearsal and shows it in the modal, which follows step by step. It begins when the modal stands: an earlier drawing would be overwritten by it. */
export async function rehearseIn(ask: Ask, connectorId: string, viewId: string): Promise<Answer> {
  const place = { is: 'view' as const, viewId, hash: null, userId: ask.actor.userId };
  const { connector, begin } = await startRehearsal(ask.outside, ask.actor, connectorId, place);
  const later = async (): Promise<null> => {
    begin();
    return null;
  };
  return { is: 'modal', view: rehearsalModal({ connector, activatable: false }), later };
}

async function typedRehearse(ask: Ask, words: Words): Promise<Answer> {
  const { connector } = await connectorNamed(ask.outside, ask.actor, named(words));
  const { begin } = await startRehearsal(ask.outside, ask.actor, connector.id, { is: 'person', userId: ask.actor.userId });
  begin();
  return { is: 'message', message: note(`The rehearsal of ${connector.name} is running.`, 'Its steps appear in your direct messages from Usher.') };
}

async function again(ask: Ask, press: Press): Promise<Answer> {
  const connectorId = press.value ?? '';
  if (press.view?.kind === 'modal') return rehearseIn(ask, connectorId, press.view.id);
  const { connector, begin } = await startRehearsal(ask.outside, ask.actor, connectorId, { is: 'person', userId: ask.actor.userId });
  begin();
  return { is: 'message', message: note(`The rehearsal of ${connector.name} is running again.`, 'Its steps appear below, from Usher.') };
}

async function typedActivate(ask: Ask, words: Words): Promise<Answer> {
  const { connector } = await connectorNamed(ask.outside, ask.actor, named(words));
  return { is: 'message', message: activated(await activate(ask.outside, ask.actor, connector.id)) };
}

async function pressedActivate(ask: Ask, press: Press): Promise<Answer> {
  const connector = await activate(ask.outside, ask.actor, press.value ?? '');
  return press.view === null ? { is: 'message', message: activated(connector) } : openConnector(ask, connector.id);
}

function activated(connector: Connector): ReturnType<typeof note> {
  return note(`${connector.name} is active.`, 'Nobody gets an account until it is assigned to a role or group.');
}

async function learn(ask: Ask, press: Press): Promise<Answer> {
  const { connector } = await connectorById(ask.outside, ask.actor, press.value ?? '');
  return { is: 'push', view: learnMoreModal(connector) };
}

async function typedRequest(ask: Ask, words: Words): Promise<Answer> {
  const { connector } = await connectorNamed(ask.outside, ask.actor, named(words));
  return requested(ask, connector.id, words.options.attribute ?? 'not named');
}

async function pressedRequest(ask: Ask, press: Press): Promise<Answer> {
  const [connectorId = '', ...attribute] = (press.value ?? '').split('/');
  return requested(ask, connectorId, attribute.join('/'));
}

async function requested(ask: Ask, connectorId: string, attribute: string): Promise<Answer> {
  const told = await requestConnector(ask.outside, ask.actor, connectorId, attribute);
  return { is: 'message', message: note(`Asked ${plural(told, 'owner')} for a pre-built connector.`) };
}
