import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toAscii } from '../../../src/domain/connectors/ascii.ts';
import { defaultMapping } from '../../../src/domain/connectors/default-mapping.ts';
import type { Expression, Mapping, ScimValues } from '../../../src/domain/connectors/mapping.ts';
import { type EvaluationContext, evaluate } from '../../../src/domain/connectors/mapping-evaluate.ts';
import { parseExpression } from '../../../src/domain/connectors/mapping-language.ts';
import type { Person } from '../../../src/domain/directory/person.ts';

function someone(attributes: Person['attributes']): Person {
  return { id: 'csv:1', source: 'csv', sourceId: '1', organizationId: 'o', groupings: [], attributes, status: 'active' };
}

function context(changes: Partial<EvaluationContext> = {}): EvaluationContext {
  return { organizationName: 'North School', kept: {}, taken: () => false, ...changes };
}

function expression(text: string): Expression {
  const parsed = parseExpression(text);
  if (parsed.is === 'problem') throw new Error(`${parsed.at}: ${parsed.problem}`);
  return parsed.expression;
}

function value(text: string, attributes: Person['attributes'], changes: Partial<EvaluationContext> = {}): string | undefined {
  return evaluate([{ attribute: 'nickName', from: expression(text) }], someone(attributes), context(changes)).values.nickName;
}

describe('the default mapping', () => {
  it('C10 maps a person to core and enterprise attributes', () => {
    const person = someone({ userName: 'Ann.Lee', email: 'Ann.Lee@Example.org', givenName: 'Ann', familyName: 'Lee', employeeNumber: '7' });
    expect(evaluate(defaultMapping(), person, context()).values).toEqual({
      userName: 'ann.lee',
      'name.givenName': 'Ann',
      'name.familyName': 'Lee',
      displayName: 'Ann Lee',
      'emails[work].value': 'ann.lee@example.org',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber': '7',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:organization': 'North School',
    });
  });

  it('C10 takes the e-mail where there is no user name', () => {
    expect(evaluate(defaultMapping(), someone({ email: 'Ann@Example.org' }), context()).values).toMatchObject({ userName: 'ann@example.org' });
  });

  it('D4 tells which required attribute came out empty', () => {
    expect(evaluate(defaultMapping(), someone({ givenName: 'Ann' }), context()).missing).toEqual(['userName']);
  });
});

describe('templates', () => {
  const ann = { userName: 'Ann', givenName: ' Ann ', familyName: 'Lee', phone: '+49 30 1', 'Home room': '12b' };

  it.each([
    ['lower(userName)', 'ann'],
    ['upper(userName)', 'ANN'],
    ['trim(givenName)', 'Ann'],
    ['ascii("Sørensen, Łukasz Weiß")', 'Sorensen, Lukasz Weiss'],
    ['join(" ", trim(givenName), familyName)', 'Ann Lee'],
    ['join(" ", nothing, familyName)', 'Lee'],
    ['join(" ", nothing, nothing)', undefined],
    ['first(nothing, familyName, userName)', 'Lee'],
    ['default(title, "Teacher")', 'Teacher'],
    ['default(familyName, "Teacher")', 'Lee'],
    ['replace(phone, " ", "")', '+49301'],
    ['replace(familyName, "e", "$&")', 'L$&$&'],
    ['"constant"', 'constant'],
    ['attribute("Home room")', '12b'],
    ['organization', 'North School'],
    ['nothing', undefined],
    ['constructor', undefined],
    ['lower(nothing)', undefined],
  ])('C10 %s gives %s', (text, expected) => {
    expect(value(text, ann)).toBe(expected);
  });

  it('C10 an excluded attribute gets no value', () => {
    expect(evaluate([{ attribute: 'title', from: { is: 'excluded' } }], someone({ title: 'Head' }), context()).values).toEqual({});
  });

  it('C10 spells names in ASCII: accents go, Cyrillic and Greek are spelled out, other scripts are dropped', () => {
    expect(toAscii('Ñandú Æsir Đorđe Þór Čapek İpek')).toBe('Nandu AEsir Dorde Thor Capek Ipek');
    expect(toAscii('Юлія Щербакова')).toBe('Yuliya Shcherbakova');
    expect(toAscii('Ελένη')).toBe('Eleni');
    expect(toAscii('李 Lee')).toBe(' Lee');
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => /^[\x20-\x7e]*$/.test(toAscii(text))));
  });
});

describe('generated values', () => {
  const mapping: Mapping = [{ attribute: 'userName', from: expression('unique(ascii(lower(userName)))') }];

  it('C10 a taken value gets the smallest free number', () => {
    const taken = new Set(['ann', 'ann2']);
    const made = evaluate(mapping, someone({ userName: 'Ann' }), context({ taken: (_, wanted) => taken.has(wanted.toLowerCase()) }));
    expect(made).toEqual({ values: { userName: 'ann3' }, generated: { userName: 'ann3' }, missing: [] });
  });

  it('C10 the number stands where unique stands', () => {
    const taken = (_: string, wanted: string): boolean => wanted === 'ann@x.org';
    expect(value('join("@", unique(lower(userName)), "x.org")', { userName: 'Ann' }, { taken })).toBe('ann2@x.org');
  });

  it('C10 a generated value stays with its person, even when the name changes', () => {
    expect(evaluate(mapping, someone({ userName: 'Anna' }), context({ kept: { userName: 'ann3' } })).values).toEqual({ userName: 'ann3' });
  });

  it('C10 no generated value is ever given to two people, whatever their names and in whatever case', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('ann', 'Ann', 'ÁNN', 'bob', 'ann2', 'ann22'), { maxLength: 40 }), (names) => {
        const owners = new Map<string, number>();
        for (const [at, userName] of names.entries()) {
          const taken = (_: string, wanted: string): boolean => owners.has(wanted.toLowerCase());
          const { userName: made } = evaluate(mapping, someone({ userName }), context({ taken })).values as ScimValues;
          expect(made).toBeDefined();
          owners.set((made ?? '').toLowerCase(), at);
        }
        expect(owners.size).toBe(names.length);
      }),
    );
  });

  it('C10 a template that can’t be made unique gives no value rather than somebody else’s', () => {
    expect(value('replace(unique(userName), "2", "")', { userName: 'ann' }, { taken: () => true })).toBeUndefined();
  });
});
