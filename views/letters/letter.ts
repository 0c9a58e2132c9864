import type { LetterModel, LetterTemplate, WrittenLetter } from '../../src/domain/enrollment/letter.ts';
import { type Piece, type Place, piecesOf } from '../../src/domain/enrollment/template.ts';
import { clip, oneLine } from '../clip.ts';
import { FRAME } from './words.ts';
import { page, type Paragraph } from './page.ts';

/** The longest value from outside; a longer one is cut. */
const VALUE_MOST = 120;
/** RFC 5322 §2.1.1 allows 998 to a line; what people see is far less. */
const SUBJECT_MOST = 200;

/**
 * A letter in words (E3): the template's places filled, as plain text and as HTML that works in mail clients. Pure.
 * Nothing from outside can be a line, a link or markup of its own: values are one line, names can't be taken for
 * addresses, and all of it is escaped in the HTML. Only the letter's own link is one.
 */
export function renderLetter(template: Pick<LetterTemplate, 'subject' | 'body'>, model: LetterModel): WrittenLetter {
  const words = FRAME[model.language];
  const values = valuesOf(model);
  const filled = (text: string): string => fill(piecesOf(text), values);
  const test = model.insteadOf === null ? null : words.test(unlinked(model.insteadOf.name), unlinked(model.insteadOf.address));
  const plainSubject = filled(oneLine(template.subject));
  const subject = clip(oneLine(test === null ? plainSubject : `${words.testSubject} ${plainSubject}`), SUBJECT_MOST);
  const paragraphs = template.body
    .trim()
    .split(/\n[ \t]*\n\s*/)
    .map((text) => piecesOf(text.trim()));
  const text = [...(test === null ? [] : [test]), ...paragraphs.map((pieces) => fill(pieces, values)), `-- \n${words.automatic}`].join('\n\n');
  const html = page({
    language: model.language,
    title: subject,
    heading: values.application,
    subheading: values.organization,
    test,
    paragraphs: paragraphs.map((pieces) => paragraphOf(pieces, values, model.link)),
    button: words.button,
    copy: words.copy,
    footer: words.automatic,
  });
  return { subject, text: `${text}\n`, html };
}

type Values = Readonly<Record<Place, string>>;

function valuesOf(model: LetterModel): Values {
  const { language, application, link, stop, timeZone, ask } = model;
  const words = FRAME[language];
  const organization = unlinked(model.organization);
  return {
    name: unlinked(model.name),
    application: unlinked(application),
    organization,
    stop: lastDay(stop, timeZone, words.locale),
    link: link ?? '',
    ask: ask === null ? words.nobody(organization) : unlinked(ask),
  };
}

/** The last day before the moment, in the zone: `Tuesday 1 December 2026`. An unknown zone is UTC. */
function lastDay(stop: number, timeZone: string, locale: string): string {
  const shape: Intl.DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' };
  try {
    return new Intl.DateTimeFormat(locale, { ...shape, timeZone }).format(stop - 1);
  } catch {
    return new Intl.DateTimeFormat(locale, { ...shape, timeZone: 'UTC' }).format(stop - 1);
  }
}

/** One line that no mail client takes for an address: it would make `evil.example` in somebody's name a link. */
function unlinked(value: string): string {
  return clip(oneLine(value), VALUE_MOST).replace(/(?<=[^\s.])[.@](?=[^\s.])|:(?=\/\/)/g, '\u2060$&\u2060');
}

function fill(pieces: readonly Piece[], values: Values): string {
  return pieces.map((piece) => (piece.is === 'words' ? piece.words : values[piece.place])).join('');
}

function paragraphOf(pieces: readonly Piece[], values: Values, link: string | null): Paragraph {
  const [only] = pieces;
  if (link !== null && pieces.length === 1 && only?.is === 'place' && only.place === 'link') return { is: 'button', url: link };
  return {
    is: 'words',
    runs: pieces.map((piece) => {
      if (piece.is === 'words') return { text: piece.words, url: null };
      return { text: values[piece.place], url: piece.place === 'link' ? link : null };
    }),
  };
}
