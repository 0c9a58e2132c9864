import { z } from 'zod';
import { consequencesOf } from '../../src/domain/connectors/consequences.ts';
import { connectorNamed } from '../../src/domain/connectors/verbs/find.ts';
import { requireConnector } from '../../src/domain/connectors/verbs/require.ts';
import { deleteConnector } from '../../src/domain/connectors/verbs/delete.ts';
import { disable, disconnect, enable } from '../../src/domain/connectors/verbs/states.ts';
import { badInput, Refusal } from '../../src/domain/refusal.ts';
import { type Confirmed, confirmModal, readTypedName } from '../../views/connectors/confirm-modal.ts';
import { loading, note, noteModal } from '../../views/notice.ts';
import type { Answer, Ask, Command, Form, Press } from '../command.ts';
import { named, type Words } from '../words.ts';

const metadata = z.object({ connectorId: z.string() });

/** Disable, enable, disconnect, delete: each with consequences is confirmed in a dialog that computes them (C11–C14). */
export const connectorStates: Command = {
  typed: [
    {
      topic: 'connectors',
      verb: 'disable',
      usage: 'connectors disable <connector>',
      summary: 'Pause it: no schedule, no new runs',
      run: (ask, words) => typedAsk(ask, 'disable', words),
    },
    { topic: 'connectors', verb: 'enable', usage: 'connectors enable <connector>', summary: 'Bring a disabled connector back', run: typedEnable },
    {
      topic: 'connectors',
      verb: 'disconnect',
      usage: 'connectors disconnect <connector>',
      summary: 'Stop at once and erase the secret; accounts stay',
      run: (ask, words) => typedAsk(ask, 'disconnect', words),
    },
    {
      topic: 'connectors',
      verb: 'delete',
      usage: 'connectors delete <connector>',
      summary: 'For ever; only after disconnect',
      run: (ask, words) => typedAsk(ask, 'delete', words),
    },
  ],
  presses: {
    'connectors.enable': pressedEnable,
    'connectors.disconnect': (ask, press) => askState(ask, 'disconnect', press.value ?? ''),
  },
  forms: {
    'connectors.disable': (ask, form) => confirmed(form, async (id) => `${(await disable(ask.outside, ask.actor, id)).name} is disabled.`),
    'connectors.disconnect': (ask, form) =>
      confirmed(form, async (id) => `${(await disconnect(ask.outside, ask.actor, id)).name} is disconnected. Its accounts stay as they are.`),
    'connectors.delete': (ask, form) => confirmed(form, (id) => deleted(ask, id, form)),
  },
};

/** Opens the confirmation; the counting goes on behind it. Refuses at once what would be refused at the end. */
export async function askState(ask: Ask, verb: Confirmed, connectorId: string): Promise<Answer> {
  const { connector } = await requireConnector(ask.outside, ask.actor, connectorId, 'administer', verb);
  const { is: state } = connector.state;
  const connected = state === 'active' || state === 'disabled';
  if (verb === 'delete' && connected) throw new Refusal({ is: 'wrong-state', connectorId, connector: connector.name, state, verb, remedy: 'disconnect' });
  if ((verb === 'disable' && state !== 'active') || (verb === 'disconnect' && !connected))
    throw new Refusal({ is: 'wrong-state', connectorId, connector: connector.name, state, verb, remedy: 'none' });
  return {
    is: 'modal',
    view: loading('What happens', `Counting what hangs on ${connector.name}…`),
    later: async () => confirmModal(verb, await consequencesOf(ask.outside, connector)),
  };
}

async function typedAsk(ask: Ask, verb: Confirmed, words: Words): Promise<Answer> {
  const { connector } = await connectorNamed(ask.outside, ask.actor, named(words));
  return askState(ask, verb, connector.id);
}

async function typedEnable(ask: Ask, words: Words): Promise<Answer> {
  const { connector } = await connectorNamed(ask.outside, ask.actor, named(words));
  return enabled(ask, connector.id);
}

async function pressedEnable(ask: Ask, press: Press): Promise<Answer> {
  return enabled(ask, press.value ?? '');
}

async function enabled(ask: Ask, connectorId: string): Promise<Answer> {
  const connector = await enable(ask.outside, ask.actor, connectorId);
  return {
    is: 'message',
    message: note(`${connector.name} is active again.`, connector.operating.schedule === null ? 'It syncs when somebody asks.' : 'Its schedule goes on.'),
  };
}

async function confirmed(form: Form, act: (connectorId: string) => Promise<string>): Promise<Answer> {
  const read = metadata.safeParse(form.metadata);
  if (!read.success) throw new Refusal({ is: 'changed-meanwhile', what: 'This window' });
  return { is: 'modal', view: noteModal('Done', await act(read.data.connectorId)) };
}

async function deleted(ask: Ask, connectorId: string, form: Form): Promise<string> {
  const { connector } = await requireConnector(ask.outside, ask.actor, connectorId, 'administer', 'delete');
  if (readTypedName(form.state).toLowerCase() !== connector.name.toLowerCase()) throw badInput('typedName', 'That is not its name.', `Type ${connector.name}.`);
  await deleteConnector(ask.outside, ask.actor, connectorId);
  return `${connector.name} is deleted.`;
}
