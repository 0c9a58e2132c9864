import { z } from 'zod';
import type { Effect } from '../../src/domain/approvals/request.ts';
import { shownRequest } from '../../src/domain/approvals/verbs/model.ts';
import { maybeGuarded } from '../../src/domain/approvals/verbs/policy-for.ts';
import { submit } from '../../src/domain/approvals/verbs/submit.ts';
import { consequencesOf } from '../../src/domain/connectors/consequences.ts';
import { connectorNamed } from '../../src/domain/connectors/verbs/find.ts';
import { requireConnector } from '../../src/domain/connectors/verbs/require.ts';
import { disable, enable } from '../../src/domain/connectors/verbs/states.ts';
import { badInput, Refusal } from '../../src/domain/refusal.ts';
import { askedModal } from '../../views/approvals/asked.ts';
import type { ModalView } from '../../views/blocks.ts';
import { type Confirmed, confirmModal, readTypedName, readWhy } from '../../views/connectors/confirm-modal.ts';
import { loading, note, noteModal } from '../../views/notice.ts';
import { aheadOf } from '../approvals/ahead.ts';
import type { Answer, Ask, Command, Form, Press } from '../command.ts';
import { named, type Words } from '../words.ts';

const metadata = z.object({ connectorId: z.string() });

/** Disable, enable, disconnect, delete: each with consequences is confirmed in a dialog that computes them (C11–C14). */
export const connectorStates: Command = {
  typed: [
    {
      topic: 'connectors',
      verb: 'disable',
      right: 'administer',
      usage: 'connectors disable <connector>',
      summary: 'Pause it: no schedule, no new runs',
      run: (ask, words) => typedAsk(ask, 'disable', words),
    },
    {
      topic: 'connectors',
      verb: 'enable',
      right: 'administer',
      usage: 'connectors enable <connector>',
      summary: 'Bring a disabled connector back',
      run: typedEnable,
    },
    {
      topic: 'connectors',
      verb: 'disconnect',
      right: 'administer',
      usage: 'connectors disconnect <connector>',
      summary: 'Stop at once and erase the secret; accounts stay',
      run: (ask, words) => typedAsk(ask, 'disconnect', words),
    },
    {
      topic: 'connectors',
      verb: 'delete',
      right: 'administer',
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
    'connectors.disable': async (ask, form) => ({
      is: 'modal',
      view: noteModal('Done', `${(await disable(ask.outside, ask.actor, idOf(form))).name} is disabled.`),
    }),
    'connectors.disconnect': (ask, form) => submitted(ask, 'disconnect', form),
    'connectors.delete': deleted,
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
    later: async () => {
      const ahead = verb === 'disable' ? null : await aheadOf(ask, { is: verb, connectorId });
      return confirmModal(verb, await consequencesOf(ask.outside, connector), ahead);
    },
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

/** Disconnects or deletes, or asks for the approval that it takes (P1). What no policy is about is done before the ack, as its numbers need not be counted. */
async function submitted(ask: Ask, verb: 'disconnect' | 'delete', form: Form): Promise<Answer> {
  const effect: Doing = { is: verb, connectorId: idOf(form) };
  const why = readWhy(form.state);
  if (!(await maybeGuarded(ask.outside, verb))) return { is: 'modal', view: await settled(ask, effect, why) };
  return { is: 'modal', view: loading('One moment', 'Counting what hangs on it…'), later: () => settled(ask, effect, why) };
}

type Doing = Extract<Effect, { is: 'disconnect' | 'delete' }>;

async function settled(ask: Ask, effect: Doing, why: string | null): Promise<ModalView> {
  const outcome = effect.is === 'disconnect' ? await submit(ask.outside, ask.actor, effect, why) : await submit(ask.outside, ask.actor, effect, why);
  return outcome.is === 'asked' ? askedModal(await shownRequest(ask.outside, outcome.request, true)) : noteModal('Done', outcome.told);
}

async function deleted(ask: Ask, form: Form): Promise<Answer> {
  const { connector } = await requireConnector(ask.outside, ask.actor, idOf(form), 'administer', 'delete');
  if (readTypedName(form.state).toLowerCase() !== connector.name.toLowerCase()) throw badInput('typedName', 'That is not its name.', `Type ${connector.name}.`);
  return submitted(ask, 'delete', form);
}

function idOf(form: Form): string {
  const read = metadata.safeParse(form.metadata);
  if (!read.success) throw new Refusal({ is: 'changed-meanwhile', what: 'This window' });
  return read.data.connectorId;
}
