import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUILT_IN_LETTERS } from '../../src/domain/enrollment/built-in-letters.ts';
import { LANGUAGES, LETTERS, type LetterModel } from '../../src/domain/enrollment/letter.ts';
import { placesOf, problemOf, sampleModel } from '../../src/domain/enrollment/template.ts';
import { renderLetter } from '../../views/letters/letter.ts';

const STOP = Date.UTC(2026, 11, 1, 23);
const LINK = 'https://enroll.example.org/enroll/a-link-of-their-own';

function model(changes: Partial<LetterModel> = {}): LetterModel {
  return { ...sampleModel('invitation', 'en', STOP, 'Europe/Madrid'), ...changes };
}

/** The addresses that HTML links to. */
function hrefs(html: string): string[] {
  return [...html.matchAll(/href="([^"]*)"/g)].map(([, url = '']) => url);
}

describe('a letter', () => {
  it('E3 says to whom, to what, by which day of the organization’s zone, and whom to ask, with the link as button and as text', () => {
    const { subject, text, html } = renderLetter(BUILT_IN_LETTERS.en.invitation, model());
    expect(subject).toMatch(/^Your Zoom account: enroll by Tuesday,? 1 December 2026$/);
    for (const words of ['Hello Lee Okafor,', 'Riverside District has an account in Zoom for you', LINK, 'Ask Ana Ruiz.']) expect(text).toContain(words);
    expect(text.split('\n')).toContain(LINK);
    expect(hrefs(html)).toEqual([LINK, LINK]);
    expect(html).toContain(`>${LINK}</a>`);
    expect(html).toContain('Hello Lee Okafor,');
    // One minute before midnight in Madrid is still that day; in UTC the stop is 23:00.
    expect(renderLetter(BUILT_IN_LETTERS.en.invitation, model({ timeZone: 'Pacific/Auckland' })).subject).toMatch(/Wednesday,? 2 December 2026$/);
    expect(renderLetter(BUILT_IN_LETTERS.en.invitation, model({ timeZone: 'Nowhere/Here' })).subject).toMatch(/Tuesday,? 1 December 2026$/);
  });

  it('E3 names the organization’s administration where nobody can be named', () => {
    expect(renderLetter(BUILT_IN_LETTERS.en.invitation, model({ ask: null })).text).toContain('Ask an administrator at Riverside District.');
    expect(renderLetter(BUILT_IN_LETTERS.es.invitation, model({ ask: null, language: 'es' })).text).toContain(
      'Pregunta a la administración de Riverside District.',
    );
  });

  it('E3 has built-in texts for every letter in every language that an admin could have saved', () => {
    for (const language of LANGUAGES)
      for (const kind of LETTERS) {
        const template = BUILT_IN_LETTERS[language][kind];
        expect(problemOf(kind, template), `${kind} ${language}`).toBeNull();
        const { subject, text, html } = renderLetter(template, { ...sampleModel(kind, language, STOP, 'Europe/Madrid') });
        expect(`${subject}${text}`, `${kind} ${language}`).not.toMatch(/\{\{|\}\}|undefined|null/);
        expect(hrefs(html).length, `${kind} ${language}`).toBe(kind === 'removed' ? 0 : 2);
        expect(html).toContain(`<html lang="${language}">`);
      }
  });

  it('E3 fetches nothing, runs nothing, and has colours for the dark', () => {
    const { html } = renderLetter(BUILT_IN_LETTERS.en.invitation, model());
    expect(html).not.toMatch(/<(script|img|iframe|link|form|object)|url\(|@import|\son\w+=/i);
    expect(html).toContain('prefers-color-scheme:dark');
    expect(html).toContain('name="viewport"');
  });

  it('E13 in test mode says on top, and in the subject, whom it was for', () => {
    const { subject, text, html } = renderLetter(
      BUILT_IN_LETTERS.en.invitation,
      model({ insteadOf: { name: 'Lee Okafor', address: 'lee@riverside.example' } }),
    );
    expect(subject).toMatch(/^\[Test\] Your Zoom account/);
    expect(text.replaceAll('\u2060', '')).toMatch(/^Test mode: this mail was for Lee Okafor \(lee@riverside\.example\)/);
    expect(html.replaceAll('\u2060', '')).toContain('this mail was for Lee Okafor (lee@riverside.example)');
  });

  it('E3 X4 lets no value from outside be markup, a link, a line or a header', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '<script>alert(1)</script>',
        '"><a href="https://evil.example">x</a>',
        '{{link}}',
        'https://evil.example/login',
        'Lee\n\nhttps://evil.example',
        'evil.example',
        '\u202Eoops',
        'a\r\nBcc: x@y.example',
        '&lt;b&gt;',
        '$&$1',
      ),
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, (name, organization, application) => {
        const { subject, text, html } = renderLetter(BUILT_IN_LETTERS.en.invitation, model({ name, organization, application, ask: name }));
        expect(hrefs(html)).toEqual([LINK, LINK]);
        expect(subject).not.toMatch(/[\p{Cc}\u2028\u2029\u202A-\u202E]/u);
        const words = html.slice(html.indexOf('<body')).replaceAll(LINK, '');
        expect(words).not.toMatch(/<(script|b|img)\b|evil\.example|https?:\/\//);
        expect(text.replaceAll(LINK, '')).not.toMatch(/evil\.example|https?:\/\/\S/);
        expect(text.split('\n').length).toBe(RENDERED_LINES);
      }),
      { numRuns: 40 },
    );
  });
});

const RENDERED_LINES = renderLetter(BUILT_IN_LETTERS.en.invitation, model()).text.split('\n').length;

describe('an admin’s template', () => {
  const words = (body: string, subject = 'Hello {{name}}') => ({ subject, body });

  it('E3 becomes paragraphs, with a button where {{link}} stands alone and a link where it stands in words; all of it escaped', () => {
    const { html, text } = renderLetter(words('Hi <b>{{ name }}</b> & co,\nwelcome.\n\n{{link}}\n\nOr here: {{link}}.'), model());
    expect(html).toContain('Hi &lt;b&gt;Lee Okafor&lt;/b&gt; &amp; co,<br>welcome.');
    expect(hrefs(html)).toEqual([LINK, LINK, LINK]);
    expect(text).toContain(`Or here: ${LINK}.`);
  });

  it('E3 is refused with an unknown place, a lone brace, no link, a link in the subject, nothing at all, or too much', () => {
    expect(problemOf('invitation', words('Go to {{link}}, {{person}}'))).toMatchObject({ field: 'body', problem: '{{person}} is no place.' });
    expect(problemOf('invitation', words('Go to {{link}}', 'For {{who}}'))).toMatchObject({ field: 'subject', problem: '{{who}} is no place.' });
    expect(problemOf('invitation', words('Go to {{link}}', 'At {{link}}'))).toMatchObject({ field: 'subject' });
    expect(problemOf('invitation', words('Go to {{link} }'))?.problem).toContain('Braces');
    expect(problemOf('invitation', words('Go to the page'))?.problem).toContain('{{link}}');
    expect(problemOf('removed', words('Go to the page'))).toBeNull();
    expect(problemOf('removed', words('By {{stop}}'))).toMatchObject({ problem: '{{stop}} is no place.' });
    expect(problemOf('invitation', words(' ', 'Hello'))).toMatchObject({ field: 'body' });
    expect(problemOf('invitation', words('{{link}}', ' '))).toMatchObject({ field: 'subject' });
    expect(problemOf('invitation', words('{{link}}', 'two\nlines'))).toMatchObject({ field: 'subject' });
    expect(problemOf('invitation', words(`{{link}}${'x'.repeat(3_000)}`))).toMatchObject({ field: 'body' });
  });

  it('E3 that was accepted leaves no place unfilled', () => {
    const text = fc.array(fc.oneof(fc.string(), fc.constantFrom('{{', '}}', '{', '}', '{{name}}', '{{link}}', '{{ stop }}', '{{x}}', '\n\n')), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(fc.constantFrom(...LETTERS), text, text, (kind, subjects, bodies) => {
        const template = words(`${bodies.join('')}${kind === 'removed' ? '' : '{{link}}'}`, subjects.join('').replaceAll('\n', ' '));
        if (problemOf(kind, template) !== null) return;
        const rendered = renderLetter(template, sampleModel(kind, 'en', STOP, 'UTC'));
        for (const place of placesOf(kind)) expect(`${rendered.subject}${rendered.text}`).not.toMatch(new RegExp(`\\{\\{\\s*${place}\\s*\\}\\}`));
      }),
    );
  });
});
