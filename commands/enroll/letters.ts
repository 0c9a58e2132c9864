import { fullName } from '../../src/domain/directory/person.ts';
import { findPeople } from '../../src/domain/directory/verbs/find.ts';
import { LETTERS } from '../../src/domain/enrollment/letter.ts';
import { problemOf } from '../../src/domain/enrollment/template.ts';
import { previewModel, templatesSeen } from '../../src/domain/enrollment/verbs/settings.ts';
import { setTemplate, templateFor } from '../../src/domain/enrollment/verbs/templates.ts';
import { badInput, Refusal } from '../../src/domain/refusal.ts';
import { requireRight } from '../../src/domain/rights/verbs/who.ts';
import type { Choice } from '../../views/blocks.ts';
import {
  letterModal,
  letterPreviewModal,
  lettersModal,
  readLetter,
  readLetterForm,
  readLetterMetadata,
  type LetterChoice,
} from '../../views/enrollment/letters-modal.ts';
import { isValueOf } from '../../views/ids.ts';
import { renderLetter } from '../../views/letters/letter.ts';
import { loading } from '../../views/notice.ts';
import type { Answer, Ask, Command, Form, Press, Suggestion } from '../command.ts';
import { named, type Words } from '../words.ts';

/** The texts of enrollment mails (E3): see, change, preview, back to the built-in ones. */
export const enrollLetters: Command = {
  typed: [
    {
      topic: 'enroll',
      verb: 'letters',
      right: 'administer',
      everywhere: true,
      usage: 'enroll letters [invitation|reminder|extended|removed] [language=en|es]',
      summary: 'The texts of enrollment mails: edit, preview, reset',
      run: typedLetters,
    },
  ],
  presses: { 'enroll.letters': list, 'enroll.letter': edit, 'enroll.letter-preview': preview, 'enroll.letter-reset': reset },
  forms: { 'enroll.letter': save },
  suggestions: { 'enroll.letter-person': people },
};

async function list({ outside, actor }: Ask): Promise<Answer> {
  return { is: 'modal', view: lettersModal({ letters: await templatesSeen(outside, actor), timeZone: outside.settings.timeZone }) };
}

async function typedLetters(ask: Ask, words: Words): Promise<Answer> {
  if (named(words) === '') return list(ask);
  const letter = readLetter(`${named(words).toLowerCase()}/${words.options.language ?? 'en'}`);
  if (letter === null) throw badInput(null, 'There is no such mail.', `Type one of ${LETTERS.join(', ')}, with language=en or language=es.`);
  return editor(ask, letter);
}

async function edit(ask: Ask, press: Press): Promise<Answer> {
  const letter = readLetter(press.value);
  return letter === null ? { is: 'nothing' } : editor(ask, letter);
}

async function editor({ outside, actor }: Ask, { kind, language }: LetterChoice): Promise<Answer> {
  await permitted(outside, actor);
  return { is: 'modal', view: letterModal(await templateFor(outside, kind, language)) };
}

async function permitted(outside: Ask['outside'], actor: Ask['actor']): Promise<void> {
  await requireRight(outside, actor, 'administer', null, 'change the texts of enrollment mails');
}

async function save(ask: Ask, form: Form): Promise<Answer> {
  const { subject, body } = readLetterForm(form.state);
  await setTemplate(ask.outside, ask.actor, { ...shownIn(form.metadata), words: { subject, body } });
  return list(ask);
}

async function reset(ask: Ask, press: Press): Promise<Answer> {
  await setTemplate(ask.outside, ask.actor, { ...shownIn(press.view?.metadata), words: null });
  return list(ask);
}

/** Which text the form showed, and the version of it: to save or to reset takes what was shown. */
function shownIn(metadata: unknown): LetterChoice & { readonly seen: number } {
  const shown = readLetterMetadata(metadata);
  if (shown === null) throw new Refusal({ is: 'changed-meanwhile', what: 'This window' });
  return shown;
}

/** Of what stands in the form now, saved or not. */
async function preview(ask: Ask, press: Press): Promise<Answer> {
  const letter = readLetter(press.value);
  if (letter === null || press.view === null) return { is: 'nothing' };
  const { outside, actor } = ask;
  await permitted(outside, actor);
  const { subject, body, person } = readLetterForm(press.view.state);
  const problem = problemOf(letter.kind, { subject, body });
  if (problem !== null) throw badInput(null, problem.problem, problem.remedy);
  const later = async () => {
    const model = await previewModel(outside, actor, letter.kind, {
      language: letter.language,
      person: person === null ? null : (id) => isValueOf(person, id),
    });
    return letterPreviewModal(letter, renderLetter({ subject, body }, model));
  };
  return { is: 'push', view: loading('Preview', 'Writing it…'), later };
}

async function people(ask: Ask, { typed }: Suggestion): Promise<readonly Choice[]> {
  await permitted(ask.outside, ask.actor);
  const found = await findPeople(ask.outside, ask.actor, typed, { limit: 20 });
  return found.people.map((person) => ({ text: fullName(person), value: person.id, description: person.attributes.email ?? person.sourceId }));
}
