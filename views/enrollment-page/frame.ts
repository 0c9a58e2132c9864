import { LANGUAGES, type Language } from '../../src/domain/enrollment/letter.ts';
import { ENGLISH } from './english.ts';
import { type Filling, type Html, html } from './html.ts';
import { SPANISH } from './spanish.ts';
import type { Saying, Words } from './words.ts';

export const WORDS: Readonly<Record<Language, Words>> = { en: ENGLISH, es: SPANISH };

/** Where a page stands: what it needs beside its own matter. */
export interface Place {
  readonly language: Language;
  /** Path and query of this page in another language; null where a reload would do something else. */
  readonly inLanguage: ((language: Language) => string) | null;
  /** The style sheet's path; its name changes with its contents. */
  readonly style: string;
}

/** The paths that a page may link to besides its own. */
export const ICON = '/icon.svg';

/** The whole document. `title` is also the heading, unless another heading is given. No script, no style, no image of elsewhere. */
export function framed(place: Place, title: Filling, content: Html, mark: string | null = null): string {
  const words = WORDS[place.language];
  return html`<!doctype html>
<html lang="${place.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no">
<title>${mark === null ? null : `${mark}: `}${title} · ${words.site}</title>
<link rel="icon" href="${ICON}" type="image/svg+xml">
<link rel="stylesheet" href="${place.style}">
</head>
<body>
<main>
${content}
</main>
${place.inLanguage === null ? null : languages(place.language, place.inLanguage)}
</body>
</html>
`.toString();
}

function languages(present: Language, inLanguage: (language: Language) => string): Html {
  return html`<footer><nav aria-label="${WORDS[present].languages}"><ul>
${LANGUAGES.map((language) =>
  language === present
    ? html`<li><span lang="${language}" aria-current="true">${WORDS[language].name}</span></li>`
    : html`<li><a href="${inLanguage(language)}" lang="${language}" hreflang="${language}">${WORDS[language].name}</a></li>`,
)}
</ul></nav></footer>`;
}

/** A page that says one thing, with a way back to the invitation where there is one. */
export function sayingPage(place: Place, { title, body }: Saying, back: string | null = null): string {
  const link = back === null ? null : html`<p><a class="button" href="${back}">${WORDS[place.language].openAgain}</a></p>`;
  return framed(place, title, html`${sign('wait')}<h1>${title}</h1>${body}${link}`);
}

const SIGNS = { good: 'M5 12.5l4.5 4.5L19 7.5', bad: 'M7 7l10 10M17 7L7 17', wait: 'M12 6.5v6.5M12 17.2v.1' } as const;

/** A picture for the eye only: what it says stands in the heading. */
export function sign(is: keyof typeof SIGNS): Html {
  return html`<div class="sign ${is}" aria-hidden="true"><svg viewBox="0 0 24 24" focusable="false"><path d="${SIGNS[is]}"/></svg></div>`;
}
