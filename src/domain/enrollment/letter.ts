import type { ConnectorId } from '../connectors/connector.ts';
import type { PersonId } from '../directory/person.ts';
import type { Instant } from '../instant.ts';
import type { TaskId } from './task.ts';

export const LETTERS = ['invitation', 'reminder', 'extended', 'removed'] as const;
/** Which template a mail is made from; all but `removed` carry a link that works. */
export type LetterKind = (typeof LETTERS)[number];

/**
 * A mail that is due or being sent: the outbox (E3). Kind `letter`, key = id. The address and the link are in none: the
 * link is made when the mail is sent, the address read from the profile then. An address that was typed (E6) is in
 * memory only, so such a letter does not survive a restart: its entry says so.
 */
export interface Letter {
  /** Also the Message-ID's local part. */
  readonly id: string;
  readonly is: LetterKind;
  readonly taskId: TaskId;
  readonly personId: PersonId;
  readonly connectorId: ConnectorId;
  readonly queuedAt: Instant;
  readonly typed: boolean;
  /** Tries that the server put off. */
  readonly tries: number;
  readonly nextAt: Instant;
  /** Set, durably, before it goes on the wire; a letter found so after a restart may have been sent and is not sent again. */
  readonly sendingSince: Instant | null;
}

/** What a letter tells: its template's places are filled from it. */
export interface LetterModel {
  readonly kind: LetterKind;
  readonly language: Language;
  /** The person's name. */
  readonly name: string;
  /** The connector's name. */
  readonly application: string;
  /** The person's organization, by name. */
  readonly organization: string;
  /** Exclusive: the first moment after the last day, in the zone that follows. */
  readonly stop: Instant;
  readonly timeZone: string;
  /** Null in a letter that carries none (`removed`). */
  readonly link: string | null;
  /** Who started it, by name, to be asked; null where nobody can be named. */
  readonly ask: string | null;
  /** Test mode (E13): whom it would have gone to; null where it goes to the person. */
  readonly insteadOf: { readonly name: string; readonly address: string } | null;
}

/** A letter in words, ready to be sent. */
export interface WrittenLetter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Puts a letter into words; pure (`views/letters/letter.ts`). */
export type WriteLetter = (template: Pick<LetterTemplate, 'subject' | 'body'>, model: LetterModel) => WrittenLetter;

/** A template as an admin changed it. Kind `letterTemplate`, key `<kind>/<language>`; without one the built-in text counts. */
export interface LetterTemplate {
  readonly subject: string;
  /** Plain text with `{{name}}` places; the HTML is made from it. */
  readonly body: string;
  readonly at: Instant;
  readonly by: string;
}

export const LANGUAGES = ['en', 'es'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The language that a locale names: of `es-MX` Spanish; undefined where it names none that Usher writes. */
export function languageNamed(locale: string | undefined): Language | undefined {
  const primary = locale?.toLowerCase().split(/[-_]/)[0];
  return LANGUAGES.find((language) => language === primary);
}

/** What a person is written to in: the language of their locale, else that of the policy in force (E8), else English. */
export function languageOf(locale: string | undefined, { language }: { readonly language?: Language }): Language {
  return languageNamed(locale) ?? language ?? 'en';
}
