import type { Request } from 'express';
import { LANGUAGES, type Language, languageNamed } from '../domain/enrollment/letter.ts';

/** The language that somebody chose on the page; null where they didn't, or asked for one that there isn't. */
export function chosenLanguage(request: Request): Language | null {
  return LANGUAGES.find((language) => language === request.query.lang) ?? null;
}

/**
 * The page's language: the chosen one, else that of the locale of the invited where the page speaks it, else the browser's best
 * (RFC 9110 §12.5.4), else English. The locale is the person's, else their organization's (E8): their mail spoke it too, so the
 * browser comes after it.
 */
export function languageFor(request: Request, locale: string | undefined): Language {
  const accepted = request.acceptsLanguages([...LANGUAGES]);
  return chosenLanguage(request) ?? languageNamed(locale) ?? LANGUAGES.find((language) => language === accepted) ?? 'en';
}
