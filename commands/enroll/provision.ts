import { connectorById, connectorNamed } from '../../src/domain/connectors/verbs/find.ts';
import type { Connector } from '../../src/domain/connectors/connector.ts';
import { fullName } from '../../src/domain/directory/person.ts';
import { findPeople, findPerson, personSeen } from '../../src/domain/directory/verbs/find.ts';
import { provisionByHand } from '../../src/domain/enrollment/verbs/provision.ts';
import { badInput, Refusal } from '../../src/domain/refusal.ts';
import { requireSomewhere } from '../../src/domain/rights/verbs/somewhere.ts';
import { placeFor } from '../../src/domain/sync/verbs/show-run.ts';
import type { Choice } from '../../views/blocks.ts';
import { provisionModal, readProvision } from '../../views/enrollment/provision-modal.ts';
import { type Summed, summaryMessage, summaryModal } from '../../views/enrollment/summary.ts';
import { isValueOf } from '../../views/ids.ts';
import { loading, note } from '../../views/notice.ts';
import type { Answer, Ask, Command, Form, Suggestion, Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import type { Words } from '../words.ts';
import { connectorChoices } from './list.ts';

const provision: Typed = {
  topic: 'enroll',
  verb: 'provision',
  right: 'run',
  usage: 'enroll provision [<connector> <people…>]',
  summary: 'Provision chosen people, in one enrollment task; alone: a form',
  run: spoken,
};

/** *Provision* on chosen people, by hand (E1). */
export const provisionPeople: Command = {
  typed: [provision],
  presses: { 'enroll.provision': open },
  forms: { 'enroll.provision': submitted },
  suggestions: { 'enroll.provision-connector': connectorChoices, 'enroll.provision-people': people },
};

async function open(ask: Ask): Promise<Answer> {
  await requireSomewhere(ask.outside, ask.actor, 'run', 'provision people');
  return { is: 'modal', view: provisionModal(null) };
}

async function spoken(ask: Ask, words: Words): Promise<Answer> {
  const [named, ...typed] = words.objects;
  if (named === undefined) return open(ask);
  if (typed.length === 0) throw usage(provision, words);
  const { connector } = await connectorNamed(ask.outside, ask.actor, named);
  return {
    is: 'message',
    message: note(`Provisioning in ${connector.name}…`),
    later: async () => {
      const ids: string[] = [];
      for (const one of typed) ids.push((await findPerson(ask.outside, ask.actor, one)).id);
      return summaryMessage(await provisioned(ask, connector, ids));
    },
  };
}

async function submitted(ask: Ask, form: Form): Promise<Answer> {
  const { connector: chosen, people: values } = readProvision(form.state);
  const choice = chosen === null ? undefined : (await connectorChoices(ask, { typed: '' })).find(({ value }) => isValueOf(chosen, value));
  if (choice === undefined) throw badInput('connector', 'No connector is chosen.', 'Choose one.');
  if (values.length === 0) throw badInput('people', 'Nobody was chosen.', 'Choose the people to provision.');
  const { connector } = await connectorById(ask.outside, ask.actor, choice.value);
  return {
    is: 'modal',
    view: loading('Provision people', `Provisioning in ${connector.name}…`),
    later: async () => {
      const ids: string[] = [];
      for (const value of values) ids.push(await personBehind(ask, value));
      return summaryModal(await provisioned(ask, connector, ids));
    },
  };
}

async function provisioned(ask: Ask, connector: Connector, ids: readonly string[]): Promise<Summed> {
  const { task, run: _, ...summary } = await provisionByHand(ask.outside, ask.actor, connector.id, ids, placeFor(ask.actor.userId, ask.channelId));
  return { task, done: { is: 'provisioned' }, summary };
}

/** The id behind an option; a long one travels as a digest, and its person is looked for. */
async function personBehind({ outside, actor }: Ask, value: string): Promise<string> {
  const found = (await personSeen(outside, actor, value)) ?? (await personSeen(outside, actor, (id) => isValueOf(value, id)));
  if (found === undefined) throw new Refusal({ is: 'not-found', what: 'person', typed: value, near: [] });
  return found.id;
}

async function people({ outside, actor }: Ask, { typed }: Suggestion): Promise<readonly Choice[]> {
  const found = await findPeople(outside, actor, typed, { limit: 20 });
  return found.people.map((person) => ({ text: fullName(person), value: person.id, description: person.attributes.email ?? person.sourceId }));
}
