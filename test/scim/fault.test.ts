import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FailedAnswer, faultOfAnswer, faultOfContent, isErrorBody, type Purpose, retryAfterOf, withoutSecrets } from '../../src/scim/fault.ts';

const NOW = Date.UTC(2026, 2, 2, 9);
const scim = (status: number | string, scimType?: string, detail = 'no') =>
  JSON.stringify({ schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status, scimType, detail });
const answer = (given: Partial<FailedAnswer>): FailedAnswer => ({
  purpose: 'create',
  status: 400,
  retryAfter: null,
  location: null,
  text: '',
  token: 'tok-123456',
  now: NOW,
  ...given,
});

describe('an answer that is no success', () => {
  it.each<[number, Purpose, string, string]>([
    [429, 'create', '', 'again'],
    [503, 'create', '', 'again'],
    [500, 'change', scim(500), 'again'],
    [502, 'create', '<html><title>Bad gateway</title></html>', 'again'],
    [401, 'search', scim(401), 'credentials'],
    [403, 'create', scim(403), 'refused'],
    [400, 'create', scim(400, 'invalidValue'), 'refused'],
    [408, 'create', '', 'refused'],
    [413, 'change', '', 'refused'],
    [409, 'create', scim(409, 'uniqueness'), 'taken'],
    [409, 'create', scim(409), 'taken'],
    [409, 'change', scim('409', 'uniqueness'), 'taken'],
    [400, 'create', scim(400, 'uniqueness'), 'taken'],
    [409, 'create', scim(409, 'mutability'), 'refused'],
    [409, 'remove', scim(409), 'refused'],
    [404, 'change', scim(404), 'gone'],
    [404, 'read', '', 'gone'],
    [410, 'remove', '', 'gone'],
    [404, 'search', '<html>not here</html>', 'unusable'],
    [404, 'create', '', 'unusable'],
    [404, 'create', scim(404), 'refused'],
    [302, 'search', '', 'unusable'],
    [200, 'read', scim('404'), 'gone'],
    [200, 'read', scim(404), 'gone'],
    [200, 'create', scim('409', 'uniqueness'), 'taken'],
    [200, 'search', scim('401'), 'credentials'],
  ])('S12 with status %i to a %s (%s) is named "%s"', (status, purpose, text, next) => {
    expect(faultOfAnswer(answer({ status, purpose, text })).next).toBe(next);
  });

  it.each<[number, Purpose, boolean]>([
    [500, 'create', true],
    [502, 'change', true],
    [504, 'remove', true],
    [500, 'search', false],
    [503, 'create', false],
    [429, 'create', false],
    [400, 'create', false],
  ])('S23 with status %i to a %s may have been written: %j', (status, purpose, maybeWritten) => {
    expect(faultOfAnswer(answer({ status, purpose })).maybeWritten).toBe(maybeWritten);
  });

  it("C8 keeps the provider's own words, wherever it puts them", () => {
    const said = (body: unknown) => faultOfAnswer(answer({ text: JSON.stringify(body) })).message;
    expect(said({ detail: 'Attribute shoeSize is unknown' })).toBe('Attribute shoeSize is unknown');
    expect(said({ Errors: { description: 'invalid_email', code: 400 } })).toBe('invalid_email');
    expect(said({ errorSummary: 'Api validation failed' })).toBe('Api validation failed');
    expect(said({ error: { message: 'nope' } })).toBe('nope');
    expect(said({ message: 'nope' })).toBe('nope');
    expect(faultOfAnswer(answer({ text: 'plain words' })).message).toBe('plain words');
    expect(faultOfAnswer(answer({ status: 502, text: '<html><head><title>Bad  gateway</title></head><body>x</body></html>' })).message).toBe(
      'answered 502 with a web page: Bad gateway',
    );
    expect(faultOfAnswer(answer({ status: 400, text: '' })).message).toBe('answered 400 without saying why');
  });

  it('X6 cuts the token out of the words, and words to 8,000 characters', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 6, maxLength: 40 }).map((text) => text.replace(/\s|[[\]]/g, '_')),
        fc.string(),
        fc.string(),
        (token, before, after) => {
          expect(withoutSecrets(`${before}${token}${after}`, token).replaceAll('[secret]', '')).not.toContain(token);
        },
      ),
    );
    expect(faultOfAnswer(answer({ text: 'you sent authorization: Bearer abc.def' })).message).toBe('you sent authorization: Bearer [secret]');
    expect(faultOfAnswer(answer({ text: `${'x'.repeat(7_998)}tok-123456` })).message).toBe(`${'x'.repeat(7_998)}[s`);
  });

  it('says where a redirect leads, and does not take it for an answer', () => {
    expect(faultOfAnswer(answer({ status: 301, location: 'https://elsewhere.example/' })).message).toContain('redirects to https://elsewhere.example/');
  });

  it('names any answer at all, without throwing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 599 }), fc.oneof(fc.json(), fc.string()), fc.option(fc.string()), (status, text, retryAfter) => {
        const error = faultOfAnswer(answer({ status, text, retryAfter }));
        expect(error.message.length).toBeGreaterThan(0);
        expect(error.message.length).toBeLessThanOrEqual(8_000);
      }),
    );
  });
});

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 1.5 ', 1_500],
    ['Mon, 02 Mar 2026 09:01:00 GMT', 60_000],
    ['Mon, 02 Mar 2026 08:00:00 GMT', 0],
    ['soon', null],
    ['-5', null],
    ['', null],
    [null, null],
  ])('S12 %j asks for %j milliseconds', (header, expected) => {
    expect(retryAfterOf(header, NOW)).toBe(expected);
  });

  it('S12 is read of 429 and 503', () => {
    expect(faultOfAnswer(answer({ status: 429, retryAfter: '7' })).retryAfter).toBe(7_000);
    expect(faultOfAnswer(answer({ status: 503, retryAfter: 'Mon, 02 Mar 2026 09:00:03 GMT' })).retryAfter).toBe(3_000);
    expect(faultOfAnswer(answer({ status: 400, retryAfter: '7' })).retryAfter).toBeNull();
  });
});

describe('a success without a resource', () => {
  it('is looked up again after a create, and stops everything where it is a web page', () => {
    expect(faultOfContent('create', 201, '', 'tok')).toMatchObject({ next: 'again', maybeWritten: true });
    expect(faultOfContent('create', 200, '<!doctype html><title>Sign in</title>', 'tok')).toMatchObject({
      next: 'unusable',
      message: expect.stringContaining('Sign in'),
    });
    expect(faultOfContent('search', 200, '{}', 'tok')).toMatchObject({ next: 'unusable', maybeWritten: false });
  });
  it('is told from one by the Error schema', () => {
    expect(isErrorBody({ schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'] })).toBe(true);
    expect(isErrorBody({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'] })).toBe(false);
    expect(isErrorBody(null)).toBe(false);
  });
});
