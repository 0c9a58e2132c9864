import { hash } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Language } from '../domain/enrollment/letter.ts';
import type { Place } from '../../views/enrollment-page/frame.ts';
import { sayingPage, WORDS } from '../../views/enrollment-page/frame.ts';
import { STYLE } from '../../views/enrollment-page/style.ts';
import type { Saying, Words } from '../../views/enrollment-page/words.ts';
import { languageFor } from './language.ts';

/** Its name changes with its contents, so it is kept by browsers for good. */
export const STYLE_PATH = `/style-${hash('sha256', STYLE, 'hex').slice(0, 12)}.css`;

/** Sends a page; nobody on the way keeps it. */
export function sendPage(response: Response, status: number, language: Language, page: string): void {
  response.status(status).set('content-language', language).type('html').send(page);
}

/** Sends a page that says one thing. `path` is where it can be read in another language; null where it answers a form. */
export function sendSaying(
  request: Request,
  response: Response,
  status: number,
  saying: (words: Words) => Saying,
  places: { readonly path: string | null; readonly back?: string } = { path: null },
): void {
  const language = languageFor(request, undefined);
  const { path } = places;
  const place: Place = { language, style: STYLE_PATH, inLanguage: path === null ? null : (other) => `${path}?lang=${other}` };
  sendPage(response, status, language, sayingPage(place, saying(WORDS[language]), places.back ?? null));
}
