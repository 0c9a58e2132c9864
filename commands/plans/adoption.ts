import { connectorById, connectorNamed } from '../../src/domain/connectors/verbs/find.ts';
import { findPerson } from '../../src/domain/directory/verbs/find.ts';
import { linkAccount } from '../../src/domain/plans/verbs/link.ts';
import { sendUnmanaged, unmanagedOf } from '../../src/domain/plans/verbs/unmanaged.ts';
import { note } from '../../views/notice.ts';
import { plural } from '../../views/words.ts';
import { readMore, UNMANAGED_PAGE, unmanagedModal } from '../../views/plans/unmanaged-modal.ts';
import type { Answer, Ask, Command, Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import { named, type Words } from '../words.ts';

const link: Typed = {
  topic: 'sync',
  verb: 'link',
  right: 'administer',
  usage: 'sync link <connector> <person> <target id>',
  summary: 'Link a person to an account that is there already',
  run: typedLink,
};

const unmanaged: Typed = {
  topic: 'sync',
  verb: 'unmanaged',
  right: 'see',
  usage: 'sync unmanaged <connector> [to=file]',
  summary: 'Accounts in the target that nobody here is linked to',
  run: async (ask, words) => {
    const { connector } = await connectorNamed(ask.outside, ask.actor, named(words));
    return words.options.to === 'file' ? sent(ask, connector.id) : list(ask, connector.id, null);
  },
};

/** What of a target is not managed, and linking an account by hand (S26). */
export const adoptionCommands: Command = {
  typed: [link, unmanaged],
  presses: {
    'sync.unmanaged': (ask, press) => list(ask, press.value ?? '', null),
    'sync.unmanaged-more': async (ask, press) => {
      const more = readMore(press.value);
      return more === null ? { is: 'nothing' } : list(ask, more.connectorId, more.after);
    },
    'sync.unmanaged-file': (ask, press) => sent(ask, press.value ?? ''),
  },
};

async function list(ask: Ask, connectorId: string, after: string | null): Promise<Answer> {
  const shown = await unmanagedOf(ask.outside, ask.actor, connectorId, { after, limit: UNMANAGED_PAGE });
  return { is: 'modal', view: unmanagedModal(shown, after === null, ask.outside.settings.timeZone) };
}

async function sent(ask: Ask, connectorId: string): Promise<Answer> {
  const { connector } = await connectorById(ask.outside, ask.actor, connectorId);
  return {
    is: 'message',
    message: note(`Making the list of what is not managed in ${connector.name}…`),
    later: async () => note(`The list is in your direct messages: ${plural(await sendUnmanaged(ask.outside, ask.actor, connectorId), 'account')}.`),
  };
}

/** The first word is the connector, the last the account; what is in between is the person's name. */
async function typedLink(ask: Ask, words: Words): Promise<Answer> {
  const [typedConnector, ...rest] = words.objects;
  const targetId = rest.pop();
  if (typedConnector === undefined || targetId === undefined || rest.length === 0) throw usage(link, words);
  const { connector } = await connectorNamed(ask.outside, ask.actor, typedConnector);
  return {
    is: 'message',
    message: note(`Looking for account ${targetId} in ${connector.name}…`),
    later: async () => {
      const person = await findPerson(ask.outside, ask.actor, rest.join(' '));
      const { name } = await linkAccount(ask.outside, ask.actor, { connectorId: connector.id, personId: person.id, targetId });
      return note(`${name} is linked to account ${targetId} in ${connector.name}.`, 'The next sync writes what differs.');
    },
  };
}
