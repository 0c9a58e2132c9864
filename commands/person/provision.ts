import { connectorById, connectorNamed } from '../../src/domain/connectors/verbs/find.ts';
import type { Connector } from '../../src/domain/connectors/connector.ts';
import { findPerson } from '../../src/domain/directory/verbs/find.ts';
import { fullName, type Person } from '../../src/domain/directory/person.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { personNow } from '../../src/domain/sync/verbs/person-now.ts';
import { placeFor, placeOf } from '../../src/domain/sync/verbs/show-run.ts';
import type { Message } from '../../views/blocks.ts';
import { loading, messageAsModal, note } from '../../views/notice.ts';
import { readWhy } from '../../views/explain/why-modal.ts';
import { provisioningMessage } from '../../views/people/provisioning-message.ts';
import type { Answer, Ask, Command, Press, Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import { named, type Words } from '../words.ts';

const provision: Typed = {
  topic: 'person',
  verb: 'provision',
  right: 'run',
  usage: 'person provision <person> connector=<connector>',
  summary: 'Provision one person now, ahead of everybody else',
  run: typedProvision,
};

/** *One person now* (S1): in a run of their own, or first in the one under way. */
export const provisionPerson: Command = { typed: [provision], presses: { 'person.provision': pressedProvision } };

async function typedProvision(ask: Ask, words: Words): Promise<Answer> {
  const typed = named(words);
  if (typed === '' || words.options.connector === undefined) throw usage(provision, words);
  const { connector } = await connectorNamed(ask.outside, ask.actor, words.options.connector);
  const later = async (): Promise<Message> => provisioned(ask, connector, await findPerson(ask.outside, ask.actor, typed));
  return { is: 'message', message: note(`Provisioning in ${connector.name}…`), later };
}

async function pressedProvision(ask: Ask, press: Press): Promise<Answer> {
  const wanted = readWhy(press.value);
  if (wanted === null) return { is: 'nothing' };
  const { connector } = await connectorById(ask.outside, ask.actor, wanted.connectorId);
  const person = (await ask.outside.store.get('person', wanted.personId))?.value;
  if (person === undefined) throw new Refusal({ is: 'not-found', what: 'person', typed: wanted.personId, near: [] });
  const view = loading('Provision now', `Provisioning in ${connector.name}…`);
  return { is: 'push', view, later: async () => messageAsModal(await provisioned(ask, connector, person)) };
}

async function provisioned(ask: Ask, connector: Connector, person: Person): Promise<Message> {
  const now = await personNow(ask.outside, ask.actor, { connectorId: connector.id, personId: person.id, place: placeFor(ask.actor.userId, ask.channelId) });
  const place = (await placeOf(ask.outside, now.run)) ?? { is: 'person', userId: ask.actor.userId };
  return provisioningMessage({ person: fullName(person), connector: connector.name, now, place, userId: ask.actor.userId });
}
