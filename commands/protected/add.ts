import { shownRequest } from '../../src/domain/approvals/verbs/model.ts';
import { submit } from '../../src/domain/approvals/verbs/submit.ts';
import type { ConnectorId } from '../../src/domain/connectors/connector.ts';
import { connectorNamed, visibleConnectors } from '../../src/domain/connectors/verbs/find.ts';
import { wordsOf } from '../../src/domain/directory/fold.ts';
import { fullName, type PersonId } from '../../src/domain/directory/person.ts';
import { findPeople, findPerson, personSeen } from '../../src/domain/directory/verbs/find.ts';
import type { ProtectedChange } from '../../src/domain/protected/protected.ts';
import { describeProtected } from '../../src/domain/protected/verbs/edit.ts';
import { requireProtector } from '../../src/domain/protected/verbs/list.ts';
import { badInput, Refusal } from '../../src/domain/refusal.ts';
import { askedMessage } from '../../views/approvals/asked.ts';
import type { Choice, Message } from '../../views/blocks.ts';
import { isValueOf } from '../../views/ids.ts';
import { loading, messageAsModal, note } from '../../views/notice.ts';
import { EVERYWHERE, protectModal, readProtect } from '../../views/protected/add-modal.ts';
import { fittingChoices } from '../choices.ts';
import type { Answer, Ask, Command, Form, Press, Suggestion, Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import { named, type Words } from '../words.ts';

const add: Typed = {
  topic: 'protected',
  verb: 'add',
  right: 'administer',
  everywhere: true,
  usage: 'protected add <person> why="…" [connector=<connector>]',
  summary: 'Ask to protect somebody; it takes a second person',
  run: typedAdd,
};

/** Asks to put somebody on the list of protected people (A7). */
export const addProtected: Command = {
  typed: [add],
  presses: { 'protected.add': open },
  forms: { 'protected.add': submitted },
  suggestions: { 'protected.person': people, 'protected.connector': connectors },
};

async function open(ask: Ask, press: Press): Promise<Answer> {
  await requireProtector(ask.outside, ask.actor);
  const person = press.value === null ? undefined : await personSeen(ask.outside, ask.actor, press.value);
  return { is: 'modal', view: protectModal(person === undefined ? null : { id: person.id, name: fullName(person) }) };
}

async function submitted(ask: Ask, form: Form): Promise<Answer> {
  const { outside, actor } = ask;
  const { person, connector, why } = readProtect(form.state);
  if (person === null) throw badInput('person', 'Nobody is chosen.', 'Type two letters of a name or more, then choose.');
  const personId = await personOf(ask, person);
  const chosen = connector === EVERYWHERE.value ? null : (await visibleConnectors(outside, actor)).find((each) => isValueOf(connector, each.connector.id));
  if (chosen === undefined) throw badInput('connector', 'There is no such connector.', 'Choose another one.');
  const change: ProtectedChange = { is: 'protect', personId, connectorId: chosen?.connector.id ?? null, why };
  await describeProtected(outside, actor, change);
  return { is: 'modal', view: loading('Protect a person', 'Asking for approval…'), later: async () => messageAsModal(await asked(ask, change)) };
}

/** The id behind an option; a long one travels as a digest. */
async function personOf(ask: Ask, value: string): Promise<PersonId> {
  const found = (await personSeen(ask.outside, ask.actor, value)) ?? (await personSeen(ask.outside, ask.actor, (id) => isValueOf(value, id)));
  if (found === undefined) throw badInput('person', 'That person is no longer in the directory.', 'Choose another one.');
  return found.id;
}

async function typedAdd(ask: Ask, words: Words): Promise<Answer> {
  const typed = named(words);
  const { why, connector } = words.options;
  if (typed === '' || why === undefined) throw usage(add, words);
  await requireProtector(ask.outside, ask.actor);
  const connectorId = await typedConnector(ask, connector);
  const later = async (): Promise<Message> => asked(ask, { is: 'protect', personId: await typedPerson(ask, typed), connectorId, why });
  return { is: 'message', message: note('Asking for approval…'), later };
}

/** `connector=` of typed words; null is all of them. */
export async function typedConnector(ask: Ask, typed: string | undefined): Promise<ConnectorId | null> {
  return typed === undefined || /^(all|\*)$/i.test(typed) ? null : (await connectorNamed(ask.outside, ask.actor, typed)).connector.id;
}

/** Somebody of the directory; else the very words, which may be the id of somebody who left it and still has an account. */
async function typedPerson(ask: Ask, typed: string): Promise<PersonId> {
  try {
    return (await findPerson(ask.outside, ask.actor, typed)).id;
  } catch (refusal) {
    if (!(refusal instanceof Refusal) || refusal.reason.is !== 'not-found') throw refusal;
    return typed;
  }
}

/** Hands the change to the approvals, and says what it waits for. */
export async function asked(ask: Ask, change: ProtectedChange): Promise<Message> {
  const { outside, actor } = ask;
  const submitted = await submit(outside, actor, { is: 'edit-protected', change }, change.why);
  return submitted.is === 'done' ? note(submitted.told) : askedMessage(await shownRequest(outside, submitted.request, true));
}

async function people(ask: Ask, { typed }: Suggestion): Promise<readonly Choice[]> {
  await requireProtector(ask.outside, ask.actor);
  const found = await findPeople(ask.outside, ask.actor, typed, { limit: 20 });
  return found.people.map((person) => ({ text: fullName(person), value: person.id, description: person.attributes.email ?? person.sourceId }));
}

async function connectors(ask: Ask, { typed }: Suggestion): Promise<readonly Choice[]> {
  await requireProtector(ask.outside, ask.actor);
  const all = (await visibleConnectors(ask.outside, ask.actor)).map(({ connector }) => connector);
  return [...(wordsOf(typed).length === 0 ? [EVERYWHERE] : []), ...fittingChoices(typed, all)];
}
