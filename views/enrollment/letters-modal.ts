import { type Language, LANGUAGES, type LetterKind, LETTERS, type WrittenLetter } from '../../src/domain/enrollment/letter.ts';
import { BODY_MOST, placesOf, SUBJECT_MOST } from '../../src/domain/enrollment/template.ts';
import type { TemplateInForce } from '../../src/domain/enrollment/verbs/templates.ts';
import { actions, button, context, externalSelect, input, type ModalView, modal, plainInput, preformattedWhole, section } from '../blocks.ts';
import { bold, date, md } from '../mrkdwn.ts';
import { readOption, readText } from '../state.ts';
import { LANGUAGE_WORDS } from './words.ts';

const KINDS: Readonly<Record<LetterKind, string>> = { invitation: 'Invitation', reminder: 'Reminder', extended: 'New stop date', removed: 'Removed' };

/** Which text is meant. */
export interface LetterChoice {
  readonly kind: LetterKind;
  readonly language: Language;
}

function letterName({ kind, language }: LetterChoice): string {
  return `${KINDS[kind]} · ${LANGUAGE_WORDS[language]}`;
}

/** `invitation/en`. */
function letterValue({ kind, language }: LetterChoice): string {
  return `${kind}/${language}`;
}

/** Null where there is no such text. */
export function readLetter(value: unknown): LetterChoice | null {
  const [first, second] = typeof value === 'string' ? value.split('/') : [];
  const kind = LETTERS.find((one) => one === first);
  const language = LANGUAGES.find((one) => one === (second ?? 'en'));
  return kind === undefined || language === undefined ? null : { kind, language };
}

/** Every mail that enrollment sends, by kind and language (E3). */
export function lettersModal(of: { readonly letters: readonly TemplateInForce[]; readonly timeZone: string }): ModalView {
  return modal({
    callbackId: 'enroll.letters',
    title: 'Mail texts',
    blocks: [
      section(
        'What people read, for all connectors. A person’s language comes from the directory; without one the enrollment policy says it, else it is English.',
      ),
      ...of.letters.map((letter) =>
        section(
          md`${bold(letterName(letter))} · ${letter.changed === null ? 'built-in' : md`changed ${date(letter.changed.at, of.timeZone, 'date')}`}\n${letter.subject}`,
          {
            accessory: button({ text: 'Edit…', action: 'enroll.letter', value: letterValue(letter), accessibilityLabel: `Edit ${letterName(letter)}` }),
          },
        ),
      ),
      actions([button({ text: '‹ Settings', action: 'enroll.settings' })]),
    ],
  });
}

/** Edits one text; *Preview* shows it as somebody would read it. */
export function letterModal(letter: TemplateInForce): ModalView {
  const places = placesOf(letter.kind).map((place) => `{{${place}}}`);
  return modal({
    callbackId: 'enroll.letter',
    title: 'Mail text',
    submit: 'Save',
    metadata: { letter: letterValue(letter), seen: letter.version },
    blocks: [
      section(md`${bold(letterName(letter))} · ${letter.changed === null ? 'built-in' : 'changed'}`),
      input('Subject', plainInput({ action: 'subject', initial: letter.subject, max: SUBJECT_MOST })),
      input('Text', plainInput({ action: 'body', initial: letter.body, multiline: true, max: BODY_MOST }), {
        hint: `Places: ${places.join(', ')}. An empty line begins a paragraph.`,
      }),
      input('Preview on', externalSelect({ action: 'enroll.letter-person', placeholder: 'Somebody made up', minQuery: 2 }), {
        blockId: 'person',
        optional: true,
      }),
      actions([
        button({ text: 'Preview', action: 'enroll.letter-preview', value: letterValue(letter) }),
        letter.changed !== null &&
          button({
            ...{ text: 'Built-in text', action: 'enroll.letter-reset', value: letterValue(letter), style: 'danger' as const },
            confirm: {
              title: 'Back to the built-in text?',
              text: 'The text written here is gone then; the audit keeps it.',
              confirm: 'Use built-in',
              style: 'danger',
            },
          }),
        button({ text: '‹ Mail texts', action: 'enroll.letters' }),
      ]),
      context('Mails that are sent from now on read so, those of open tasks too.'),
    ],
  });
}

/** What was filled in. */
export function readLetterForm(values: unknown): { readonly subject: string; readonly body: string; readonly person: string | null } {
  return { subject: readText(values, 'subject') ?? '', body: readText(values, 'body') ?? '', person: readOption(values, 'person', 'enroll.letter-person') };
}

/** The text that a form is about, and the version that was shown; null for any other metadata. */
export function readLetterMetadata(metadata: unknown): (LetterChoice & { readonly seen: number }) | null {
  if (typeof metadata !== 'object' || metadata === null || !('letter' in metadata) || !('seen' in metadata)) return null;
  const letter = readLetter(metadata.letter);
  return letter === null || typeof metadata.seen !== 'number' ? null : { ...letter, seen: metadata.seen };
}

/** A letter as it would be read; nothing is sent. */
export function letterPreviewModal(letter: LetterChoice, { subject, text }: WrittenLetter): ModalView {
  return modal({
    callbackId: 'enroll.letter-preview',
    title: 'Preview',
    blocks: [
      section(letterName(letter)),
      section(md`${bold('Subject')}: ${subject}`),
      ...preformattedWhole(text),
      context('Nothing was sent, and the link is made up. The mail has it as HTML too.'),
    ],
  });
}
