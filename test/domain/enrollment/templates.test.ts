import { describe, expect, it } from 'vitest';
import { BUILT_IN_LETTERS } from '../../../src/domain/enrollment/built-in-letters.ts';
import { languageOf } from '../../../src/domain/enrollment/letter.ts';
import { masked, withoutAddresses } from '../../../src/domain/enrollment/mask.ts';
import { setTemplate, templateFor } from '../../../src/domain/enrollment/verbs/templates.ts';
import { Refusal } from '../../../src/domain/refusal.ts';
import { actor } from '../sync/world.ts';
import { lettersWorld } from './letters-world.ts';

const WORDS = { subject: 'Welcome to {{application}}', body: 'Dear {{name}},\r\n\r\n{{link}}' };

async function refused(work: Promise<unknown>): Promise<unknown> {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return error instanceof Refusal ? error.reason : error;
}

describe('the texts of mails', () => {
  it('E3 X1 X2 are changed and put back by a global admin alone, each time with a row of what was and is', async () => {
    const world = await lettersWorld();
    const outside = world.outside();
    const admin = actor('admin');
    expect(await templateFor(outside, 'invitation', 'en')).toMatchObject({ ...BUILT_IN_LETTERS.en.invitation, changed: null, version: 0 });
    for (const other of [actor('operator'), actor('approver'), actor('admin', 'csv:school')])
      expect(await refused(setTemplate(outside, other, { kind: 'invitation', language: 'en', words: WORDS }))).toMatchObject({ is: 'not-allowed' });
    const saved = await setTemplate(outside, admin, { kind: 'invitation', language: 'en', words: WORDS, seen: 0 });
    expect(saved).toMatchObject({ subject: 'Welcome to {{application}}', body: 'Dear {{name}},\n\n{{link}}', changed: { by: 'U1' } });
    expect(await templateFor(outside, 'invitation', 'es')).toMatchObject({ changed: null });
    await world.queue(['ana']);
    await world.deliver();
    expect(world.mailbox.mails()[0]).toMatchObject({ subject: 'Welcome to Portal', text: expect.stringContaining('Dear ana Okafor,\n\nhttps://') });
    expect(await refused(setTemplate(outside, admin, { kind: 'invitation', language: 'en', words: WORDS, seen: 0 }))).toMatchObject({
      is: 'changed-meanwhile',
    });
    expect(await refused(setTemplate(outside, admin, { kind: 'invitation', language: 'en', words: { ...WORDS, body: 'no link' } }))).toMatchObject({
      is: 'bad-input',
      field: 'body',
    });
    expect(await setTemplate(outside, admin, { kind: 'invitation', language: 'en', words: null })).toMatchObject({
      ...BUILT_IN_LETTERS.en.invitation,
      changed: null,
    });
    expect(await refused(setTemplate(outside, admin, { kind: 'invitation', language: 'en', words: null }))).toMatchObject({ is: 'nothing-to-do' });
    const rows: unknown[] = [];
    for await (const page of outside.store.rows('audit', { order: 'oldest' }))
      rows.push(...page.map(({ row }) => [row.action, row.subject, row.before?.subject, row.after?.subject]));
    const builtIn = BUILT_IN_LETTERS.en.invitation.subject;
    expect(rows).toEqual([
      ['enrollment.template-set', 'invitation/en', builtIn, WORDS.subject],
      ['enrollment.template-reset', 'invitation/en', WORDS.subject, builtIn],
    ]);
  });

  it('E3 are in Spanish for a Spanish locale; for any other, or none, in the language of the policy, else in English', () => {
    const locales = ['es', 'es-MX', 'ES_es', 'en', 'de-DE', '', undefined];
    expect(locales.map((locale) => languageOf(locale, {}))).toEqual(['es', 'es', 'es', 'en', 'en', 'en', 'en']);
    expect(locales.map((locale) => languageOf(locale, { language: 'es' }))).toEqual(['es', 'es', 'es', 'en', 'es', 'es', 'es']);
  });
});

describe('an address', () => {
  it('E6 is shown by its first character and its domain', () => {
    expect(['pat@example.org', 'p@example.org', '"a@b"@example.org', 'nonsense', '@example.org'].map(masked)).toEqual([
      'p…@example.org',
      'p…@example.org',
      '"…@example.org',
      '…',
      '…',
    ]);
  });

  it('E6 is in no word of a server that repeats it', () => {
    const said = withoutAddresses('550 5.1.1 <Pat.Lee@example.org>:\r\n mailbox PAT.LEE unknown (see other@example.net)', 'pat.lee@example.org');
    expect(said).toBe('550 5.1.1 <P…@example.org>: mailbox … unknown (see o…@example.net)');
    expect(withoutAddresses('x'.repeat(5_000), null)).toHaveLength(200);
  });
});
