import type { Request } from 'express';
import { LANGUAGES, type Language } from '../domain/enrollment/letter.ts';

/** The language that somebody chose on the page; null where they didn't, or asked for one that there isn't. */
export function chosenLanguage(request: Request): Language | null {
  return LANGUAGES.find((language) => language === request.query.lang) ?? null;
}

/**
 * The page's language: the chosen one, else that of the person's locale where the page speaks it (their mail did too), else the
 * browser's best (RFC 9110 §12.5.4), else English.
 */
export function languageFor(request: Request, locale: string | undefined): Language {
  const primary = locale?.toLowerCase().split(/[-_]/)[0];
  const known = LANGUAGES.find((language) => language === primary);
  const accepted = request.acceptsLanguages([...LANGUAGES]);
  return chosenLanguage(request) ?? known ?? LANGUAGES.find((language) => language === accepted) ?? 'en';
}
