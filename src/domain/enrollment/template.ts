import type { Language, LetterKind, LetterModel, LetterTemplate } from './letter.ts';

/** What a template may name between double braces. */
export const PLACES = ['name', 'application', 'organization', 'stop', 'link', 'ask'] as const;
export type Place = (typeof PLACES)[number];

export const SUBJECT_MOST = 150;
export const BODY_MOST = 3_000;

/** Those of a letter: what somebody was removed from has no link and no stop any more. */
export function placesOf(kind: LetterKind): readonly Place[] {
  return kind === 'removed' ? PLACES.filter((place) => place !== 'link' && place !== 'stop') : PLACES;
}

/** A template in pieces: words, and places to be filled. */
export type Piece = { readonly is: 'words'; readonly words: string } | { readonly is: 'place'; readonly place: Place };

/** Cuts a text at its places. What is no place stays words. */
export function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const found of text.matchAll(/\{\{\s*([^{}]*?)\s*\}\}/g)) {
    const place = PLACES.find((name) => name === found[1]);
    if (place === undefined) continue;
    if (found.index > from) pieces.push({ is: 'words', words: text.slice(from, found.index) });
    pieces.push({ is: 'place', place });
    from = found.index + found[0].length;
  }
  if (from < text.length) pieces.push({ is: 'words', words: text.slice(from) });
  return pieces;
}

/** What is wrong with a template, in words for who typed it; null where nothing is. `field` is where. */
export function problemOf(
  kind: LetterKind,
  { subject, body }: Pick<LetterTemplate, 'subject' | 'body'>,
): { readonly field: 'subject' | 'body'; readonly problem: string; readonly remedy: string } | null {
  if (subject.trim() === '') return { field: 'subject', problem: 'The subject is empty.', remedy: 'Write one line.' };
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(subject)) return { field: 'subject', problem: 'The subject has more than one line.', remedy: 'Write one line.' };
  if (subject.length > SUBJECT_MOST)
    return { field: 'subject', problem: `The subject has ${subject.length} characters.`, remedy: `Keep it to ${SUBJECT_MOST}.` };
  if (body.trim() === '') return { field: 'body', problem: 'The text is empty.', remedy: 'Write what the person should read.' };
  if (body.length > BODY_MOST) return { field: 'body', problem: `The text has ${body.length} characters.`, remedy: `Keep it to ${BODY_MOST}.` };
  const may = placesOf(kind);
  const inSubject = placeProblem(
    subject,
    may.filter((place) => place !== 'link'),
  );
  if (inSubject !== null) return { field: 'subject', ...inSubject };
  const inBody = placeProblem(body, may);
  if (inBody !== null) return { field: 'body', ...inBody };
  const linked = piecesOf(body).some((piece) => piece.is === 'place' && piece.place === 'link');
  if (may.includes('link') && !linked)
    return { field: 'body', problem: 'The text has no {{link}}: nobody could enroll.', remedy: 'Put {{link}} on a line of its own.' };
  return null;
}

function placeProblem(text: string, may: readonly Place[]): { readonly problem: string; readonly remedy: string } | null {
  const remedy = `The places here are ${may.map((place) => `{{${place}}}`).join(', ')}.`;
  for (const found of text.matchAll(/\{\{([^{}]*)\}\}/g)) {
    const name = (found[1] ?? '').trim();
    if (!may.some((place) => place === name)) return { problem: `{{${name.slice(0, 40)}}} is no place.`, remedy };
  }
  return /\{\{|\}\}/.test(text.replace(/\{\{[^{}]*\}\}/g, '')) ? { problem: 'Braces stand alone: a place is {{name}}.', remedy } : null;
}

/** Somebody made up, for looking at a template before it is saved. */
export function sampleModel(kind: LetterKind, language: Language, stop: number, timeZone: string): LetterModel {
  return {
    kind,
    language,
    name: 'Lee Okafor',
    application: 'Zoom',
    organization: 'Riverside District',
    stop,
    timeZone,
    link: kind === 'removed' ? null : 'https://enroll.example.org/enroll/a-link-of-their-own',
    ask: 'Ana Ruiz',
    insteadOf: null,
  };
}
