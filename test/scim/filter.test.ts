import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equals, memberWithValue } from '../../src/scim/filter.ts';
import { awkwardText } from './arbitrary.ts';

describe('a SCIM filter', () => {
  it('quotes its value as JSON, so that no value can end the string', () => {
    fc.assert(
      fc.property(awkwardText, (value) => {
        const filter = equals('userName', value);
        expect(filter.startsWith('userName eq "')).toBe(true);
        expect(JSON.parse(filter.slice('userName eq '.length))).toBe(value);
      }),
    );
  });

  it('escapes quotes and backslashes of a member id', () => {
    expect(memberWithValue('a"b\\c')).toBe('members[value eq "a\\"b\\\\c"]');
  });

  it('asks for a typed value by its list, without `and`', () => {
    expect(equals('emails[work].value', 'zoe@example.org')).toBe('emails.value eq "zoe@example.org"');
  });
});
