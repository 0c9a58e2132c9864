import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Expression } from '../../../src/domain/connectors/mapping.ts';
import { parseExpression, parseRule, printExpression, printRule } from '../../../src/domain/connectors/mapping-language.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const name = fc.oneof(
  text.filter((each) => each !== ''),
  fc.constantFrom('givenName', 'excluded', 'lower', 'Home room', 'x-1', 'a"b\\c'),
);
const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ is: fc.constant('attribute' as const), name }),
    fc.record({ is: fc.constant('constant' as const), value: text }),
    fc.record({
      is: fc.constant('transform' as const),
      name: fc.constantFrom('lower' as const, 'upper' as const, 'trim' as const, 'ascii' as const),
      of: tie('expression'),
    }),
    fc.record({ is: fc.constant('join' as const), separator: text, of: fc.array(tie('expression'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ is: fc.constant('first' as const), of: fc.array(tie('expression'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ is: fc.constant('default' as const), of: tie('expression'), value: text }),
    fc.record({ is: fc.constant('replace' as const), find: text, by: text, of: tie('expression') }),
    fc.record({ is: fc.constant('unique' as const), of: tie('expression') }),
  ),
}));

describe('the mapping language', () => {
  it('C10 what is printed is read back to the same template', () => {
    fc.assert(
      fc.property(expression, (given) => {
        expect(parseExpression(printExpression(given))).toEqual({ is: 'expression', expression: given });
      }),
    );
  });

  it('C10 no text makes the reader fail otherwise than with a place and a remedy', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          expression.map(printExpression).chain((printed) => fc.nat(printed.length).map((at) => printed.slice(0, at))),
        ),
        (given) => {
          const parsed = parseExpression(given);
          if (parsed.is === 'expression') return;
          expect(parsed.at).toBeGreaterThanOrEqual(1);
          expect(parsed.at).toBeLessThanOrEqual(given.length + 1);
          expect(parsed.remedy).not.toBe('');
        },
      ),
    );
  });

  it.each([
    ['lower(email', 12, 'Here “)” is missing.', 'lower(email)'],
    ['', 1, 'Here an attribute, a function or a text is missing.', 'givenName'],
    ['shout(email)', 1, 'There is no function “shout”.', 'upper'],
    ['join(givenName)', 6, 'Here stands “g” where a text in double quotes should be.', 'join(" ", givenName, familyName)'],
    ['givenName familyName', 11, 'Here stands “f” where the end should be.', 'join'],
    ['"open', 1, 'This text has no closing quote.', '"'],
    ['"a\\q"', 3, 'A backslash must be followed by ", \\, n, r or t.', '\\\\'],
  ])('C10 a mistake in %s is told with its place and what to write', (given, at, problem, remedy) => {
    const parsed = parseExpression(given);
    expect(parsed).toMatchObject({ is: 'problem', at, problem });
    if (parsed.is === 'problem') expect(parsed.remedy).toContain(remedy);
  });

  it('C10 curly quotes, which Slack makes of straight ones, are quotes', () => {
    expect(parseExpression('default(title, “Teacher”)')).toEqual(parseExpression('default(title, "Teacher")'));
  });

  it('C10 “excluded” leaves an attribute out, and an attribute of that name is still reachable', () => {
    expect(parseRule(' excluded ')).toEqual({ is: 'from', from: { is: 'excluded' } });
    expect(printRule({ is: 'excluded' })).toBe('excluded');
    expect(parseRule(printRule({ is: 'attribute', name: 'excluded' }))).toEqual({ is: 'from', from: { is: 'attribute', name: 'excluded' } });
  });
});
