import fc from 'fast-check';
import { expect, it } from 'vitest';
import { channelIn, named, preceded, rest, split, userIn, without } from '../../commands/words.ts';

it('splits at blanks and keeps key=value apart, keys in lower case, the last of a repeated one', () => {
  expect(split('sync now  Zoom page=2 Page=3 why=')).toMatchObject({ objects: ['sync', 'now', 'Zoom'], options: { page: '3', why: '' } });
  expect(split('   ')).toMatchObject({ objects: [], options: {}, text: '' });
});

it('gives mentions after an empty value to its key: Slack knows one only after a blank', () => {
  const typed = 'approvals policy disconnect channel= <#C1|provisioning> by= <@U1|sam> <!subteam^S1|@it-leads> hours=24';
  expect(split(typed)).toMatchObject({
    objects: ['approvals', 'policy', 'disconnect'],
    options: { channel: '<#C1|provisioning>', by: '<@U1|sam>,<!subteam^S1|@it-leads>', hours: '24' },
  });
  expect(split('roles give <@U1|sam> viewer why= later <@U2|mia>')).toMatchObject({
    objects: ['roles', 'give', '<@U1|sam>', 'viewer', 'later', '<@U2|mia>'],
    options: { why: '' },
  });
});

it('keeps quoted words together, with straight and with curly quotes, and what an unclosed quote begins', () => {
  expect(split('list "North High" why="contract ends" “South  High” „Ost“ «Ouest»')).toMatchObject({
    objects: ['list', 'North High', 'South  High', 'Ost', 'Ouest'],
    options: { why: 'contract ends' },
  });
  expect(split('show "North High and on')).toMatchObject({ objects: ['show', 'North High and on'] });
  expect(split('"a=b" c=d').objects).toEqual(['a=b']);
});

it('undoes what Slack does to typed text: escapes, links, addresses', () => {
  expect(split('find R&amp;D &lt;team&gt;').objects).toEqual(['find', 'R&D', '<team>']);
  expect(split('set zoom url=<https://api.example.com/scim/v2> test=<mailto:a@b.example|a@b.example>').options).toEqual({
    url: 'https://api.example.com/scim/v2',
    test: 'a@b.example',
  });
  expect(split('<https://a.example/?x=1&amp;y=2>').objects).toEqual(['https://a.example/?x=1&y=2']);
  expect(split('see <http://example.com|example.com>').objects).toEqual(['see', 'example.com']);
  expect(split('tell <@U012AB3CD|ana> in <#C012AB3CD|general>').objects).toEqual(['tell', '<@U012AB3CD|ana>', 'in', '<#C012AB3CD|general>']);
});

it('has no key that every object has', () => {
  const { options } = split('x=1');
  expect(options.constructor).toBeUndefined();
  expect(Object.keys(split('__proto__=1 toString=2').options)).toEqual(['tostring']);
});

it('takes words off the front, joins the others to one name, and finds what was typed after them, quotes and all', () => {
  const words = split('map "Slack EDU" title join(" ", givenName, title) x=1');
  expect(named(without(words, 1))).toBe('Slack EDU title join( , givenName, title)');
  expect(rest(without(words, 1), 2)).toBe('join(" ", givenName, title) x=1');
  expect(rest(words, 99)).toBe('');
  expect(rest(preceded(split('map zoom title lower(title)'), 'connectors'), 4)).toBe('lower(title)');
});

it('knows users and channels, escaped or bare', () => {
  expect(userIn('<@U012AB3CD|ana>')).toBe('U012AB3CD');
  expect(userIn('<@W012AB3CD>')).toBe('W012AB3CD');
  expect(userIn('U012AB3CD')).toBe('U012AB3CD');
  expect(userIn('ana')).toBeNull();
  expect(userIn('<#C012AB3CD>')).toBeNull();
  expect(channelIn('<#C012AB3CD|it-provisioning>')).toBe('C012AB3CD');
  expect(channelIn('C012AB3CD')).toBe('C012AB3CD');
  expect(channelIn('#general')).toBeNull();
});

it('never throws, loses no letter outside of quotes, and knows where each word ends', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (typed) => {
      const words = split(typed);
      expect(words.ends).toHaveLength(words.objects.length);
      for (const [index, end] of words.ends.entries()) {
        expect(end).toBeGreaterThan(words.ends[index - 1] ?? 0);
        expect(end).toBeLessThanOrEqual(words.text.length);
      }
      const letters = (text: string): string => text.replace(/["\s]/g, '');
      const length =
        letters(words.objects.join('')).length + Object.entries(words.options).reduce((sum, [key, value]) => sum + letters(`${key}=${value}`).length, 0);
      expect(length).toBeLessThanOrEqual(letters(words.text).length);
    }),
  );
});

it('reads back what it was given: any words, quoted', () => {
  const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((text) => !/["“”„‟«»&<>]/.test(text) && text.trim() !== '');
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), (objects) => {
      expect(split(objects.map((object) => `"${object}"`).join(' ')).objects).toEqual(objects);
    }),
  );
});
