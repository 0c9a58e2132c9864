import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../../src/domain/enrollment/letter.ts';
import type { Place } from '../../../views/enrollment-page/frame.ts';
import { sayingPage, WORDS } from '../../../views/enrollment-page/frame.ts';
import { html } from '../../../views/enrollment-page/html.ts';
import { invitationPage, type Shown } from '../../../views/enrollment-page/invitation-page.ts';

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom(
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus='alert(1)",
    '</title><script>',
    '{{name}}',
    '`onload=alert(1)`',
    '<!--',
    ']]>',
    '&lt;b&gt;',
    '\u202Etxt.exe',
    '\u0000\u0007<b>',
  ),
);

/** The tags of a page, as a browser would open them; what stands in a text or in quotes is none. */
function tagsOf(page: string): readonly string[] {
  return [...page.matchAll(/<\/?([a-z][a-z0-9]*)/gi)].map(([, tag]) => tag?.toLowerCase() ?? '');
}

const place: Place = { language: 'en', style: '/style.css', inLanguage: (language) => `?lang=${language}` };

describe('HTML', () => {
  it('X4 is safe by construction: whatever text is put in, between tags or in an attribute, opens no tag and leaves no quotes', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const made = html`<p title="${text}">${text}${[html`<b>${text}</b>`]}${null}</p>`.toString();
        expect(tagsOf(made)).toEqual(['p', 'b', 'b', 'p']);
        expect(made.match(/"/g)).toHaveLength(2);
        expect(made.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/u);
      }),
    );
  });

  it('X4 E3 has the same tags in every state of the page, whatever names, serials and references say', () => {
    const shownWith = (text: string): readonly Shown[] => {
      const invited = { name: text, application: text, organization: text, stop: 1_000, timeZone: 'Europe/Madrid', locale: text };
      const open = { is: 'open' as const, invited, types: ['link', 'hardware-token'] as const, attempts: { wrong: 1, left: 2 }, waiting: false };
      return [
        { ...open, problem: null, typed: text },
        { ...open, problem: { is: 'wrong', left: 2 }, typed: text },
        { ...open, waiting: true, problem: null, typed: text },
        { is: 'enrolled', invited, type: 'hardware-token', already: false },
        { is: 'locked', invited },
        { is: 'expired', invited },
        { is: 'removed', invited },
      ];
    };
    const pagesWith = (text: string): readonly string[] =>
      LANGUAGES.flatMap((language) => [
        ...shownWith(text).map((shown) => invitationPage({ ...place, language }, shown, { action: '/enroll/x', proof: 'p' })),
        sayingPage({ ...place, language }, WORDS[language].apology(text)),
      ]);
    const plain = pagesWith('plain').map(tagsOf);
    fc.assert(
      fc.property(hostile, (text) => {
        expect(pagesWith(text).map(tagsOf)).toEqual(plain);
      }),
      { numRuns: 50 },
    );
  });

  it('E3 X4 shortens a name that has no end, and gives each its own direction', () => {
    const invited = { name: 'x'.repeat(5_000), application: 'Zoom', organization: 'North', stop: 1_000, timeZone: 'UTC', locale: undefined };
    const page = invitationPage(
      place,
      { is: 'open', invited, types: ['link'], attempts: { wrong: 0, left: 5 }, waiting: false, problem: null, typed: '' },
      { action: '/', proof: '' },
    );
    expect(page.length).toBeLessThan(5_000);
    expect(page).toContain('<bdi>xxx');
  });
});

describe('the words', () => {
  it.each(LANGUAGES)('E3 of %s say one and many, and each page has a title of its own', (language) => {
    const words = WORDS[language];
    expect(words.problem.wrong(1)).toMatch(/\b1 (attempt is|intento)\b/);
    expect(words.problem.wrong(2)).toMatch(/\b2 (attempts are|intentos)\b/);
    expect(words.tooMany(1).body.toString()).toMatch(/\b1 (second|segundo)\b/);
    const titles = [
      ...[words.enrolled, words.used, words.locked, words.expired, words.removed, words.noSeat, words.unknown, words.root, words.notFound],
      ...[words.notAllowed, words.unreadable, words.tooLarge, words.forbidden, words.tooMany(1), words.apology('A')],
    ].map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it('E3 of the second language are translated, every one', () => {
    const flat = (value: unknown): readonly string[] =>
      typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flatMap(flat) : [];
    const english = new Set(flat(WORDS.en));
    expect(flat(WORDS.es).filter((text) => english.has(text))).toEqual([]);
  });
});
