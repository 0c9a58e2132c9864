import { findPeople, findPerson, personSeen } from '../../src/domain/directory/verbs/find.ts';
import { fullName } from '../../src/domain/directory/person.ts';
import { showPerson } from '../../src/domain/people/verbs/show.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { requireRole } from '../../src/domain/rights/verbs/who.ts';
import type { Choice } from '../../views/blocks.ts';
import { isValueOf } from '../../views/ids.ts';
import { loading } from '../../views/notice.ts';
import { readPager } from '../../views/paging.ts';
import { findPersonModal } from '../../views/people/find-modal.ts';
import { personModal } from '../../views/people/person-modal.ts';
import type { Answer, Ask, Command, Press, Suggestion, Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import { named, type Words } from '../words.ts';

const show: Typed = {
  topic: 'person',
  verb: '*',
  right: 'see',
  usage: 'person <name, id or e-mail>',
  summary: 'Someone’s source, memberships, accounts and last events',
  run: typedShow,
};

/** Finds someone in the directory and shows their page (D6). */
export const findPersonCommand: Command = {
  typed: [{ topic: 'person', verb: '', right: 'see', usage: 'person', summary: 'Find someone: a form', run: open }, show],
  presses: { 'person.find': open, 'person.open': chosen, 'person.page': paged },
  suggestions: { 'person.open': people },
};

async function open(ask: Ask): Promise<Answer> {
  await requireRole(ask.outside, ask.actor);
  return { is: 'modal', view: findPersonModal() };
}

async function typedShow(ask: Ask, words: Words): Promise<Answer> {
  const typed = named(words);
  if (typed === '') throw usage(show, words);
  await requireRole(ask.outside, ask.actor);
  return personView(ask, 1, async () => (await findPerson(ask.outside, ask.actor, typed)).id);
}

async function chosen(ask: Ask, press: Press): Promise<Answer> {
  const { value } = press;
  return value === null ? { is: 'nothing' } : personView(ask, 1, () => idOf(ask, value));
}

async function paged(ask: Ask, press: Press): Promise<Answer> {
  const { page, value } = readPager(press.value ?? undefined);
  return personView(ask, page, async () => value);
}

/** The page of whoever `find` finds; the search goes on behind the answer. */
function personView(ask: Ask, page: number, find: () => Promise<string>): Answer {
  return {
    is: 'modal',
    view: loading('Person', 'Looking in the directory…'),
    later: async () => personModal(await showPerson(ask.outside, ask.actor, await find()), page),
  };
}

/** The id behind an option; a long one travels as a digest, and its person is looked for. */
async function idOf(ask: Ask, value: string): Promise<string> {
  const direct = await personSeen(ask.outside, ask.actor, value);
  const found = direct ?? (await personSeen(ask.outside, ask.actor, (id) => isValueOf(value, id)));
  if (found === undefined) throw new Refusal({ is: 'not-found', what: 'person', typed: value, near: [] });
  return found.id;
}

async function people(ask: Ask, suggestion: Suggestion): Promise<readonly Choice[]> {
  const found = await findPeople(ask.outside, ask.actor, suggestion.typed, { limit: 20 });
  return found.people.map((person) => ({ text: fullName(person), value: person.id, description: person.attributes.email ?? person.sourceId }));
}
