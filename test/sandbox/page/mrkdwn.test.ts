import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slackDate } from '../../../src/sandbox/page/mrkdwn/date.ts';
import { plainWords, type TextNode } from '../../../src/sandbox/page/mrkdwn/nodes.ts';
import { parseMrkdwn } from '../../../src/sandbox/page/mrkdwn/parse.ts';

const words = (text: string): string => plainWords(parseMrkdwn(text), () => null);

function addresses(nodes: readonly TextNode[]): string[] {
  return nodes.flatMap((node) => {
    if (node.is === 'link') return [node.href, ...addresses(node.children)];
    if (node.is === 'date') return node.href === null ? [] : [node.href];
    return 'children' in node ? addresses(node.children) : [];
  });
}

/** Text made of the pieces that mean something in mrkdwn, in any order, with anything between them. */
const piece = fc.constantFrom(
  '*',
  '_',
  '~',
  '`',
  '```',
  '>',
  '&gt;',
  '<',
  '>',
  '|',
  '!date^',
  '^',
  '{time}',
  '@U1',
  '#C1',
  ':',
  ':tada:',
  '\n',
  ' ',
  'javascript:alert(1)',
  'JaVaScRiPt:',
  'data:text/html,x',
  'https://a.example/',
  '&lt;',
  '&amp;',
  'x',
);
const anyMrkdwn = fc.array(fc.oneof(piece, fc.string({ maxLength: 8, unit: 'binary' })), { maxLength: 60 }).map((pieces) => pieces.join(''));

describe('mrkdwn in the page', () => {
  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(anyMrkdwn, (text) => Array.isArray(parseMrkdwn(text))),
      { numRuns: 2000 },
    );
  });

  it('never yields a link that runs a script, whatever the text', () => {
    const scheme = fc.constantFrom(
      'javascript:',
      'JAVASCRIPT:',
      ' javascript:',
      'java\tscript:',
      'vbscript:',
      'data:',
      'file:',
      'blob:',
      'https:',
      '//',
      '\u0001javascript:',
    );
    const linkTo = fc
      .tuple(scheme, fc.string({ maxLength: 12 }), fc.option(anyMrkdwn))
      .map(([start, rest, label]) => `<${start}${rest}${label === null ? '' : `|${label}`}>`);
    const dated = linkTo.map((text) => `<!date^1^{time}^${text.slice(1, -1)}|x>`);
    fc.assert(
      fc.property(fc.array(fc.oneof(linkTo, dated, anyMrkdwn), { maxLength: 6 }), (texts) => {
        for (const href of addresses(parseMrkdwn(texts.join(' ')))) expect(href).toMatch(/^(https?|mailto|tel):/);
      }),
      { numRuns: 2000 },
    );
  });

  it('loses no letter of a text without formatting', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', 'é', '木', ' ', '.', ',', "'", '0', '-') }), (text) => words(text) === text));
  });

  it('reads bold, italic, struck, code and links with their labels', () => {
    expect(parseMrkdwn('*Zoom*: _412_ ~430~ `x < y` <https://a.example|the page>')).toEqual([
      { is: 'bold', children: [{ is: 'text', text: 'Zoom' }] },
      { is: 'text', text: ': ' },
      { is: 'italic', children: [{ is: 'text', text: '412' }] },
      { is: 'text', text: ' ' },
      { is: 'strike', children: [{ is: 'text', text: '430' }] },
      { is: 'text', text: ' ' },
      { is: 'code', text: 'x < y' },
      { is: 'text', text: ' ' },
      { is: 'link', href: 'https://a.example/', children: [{ is: 'text', text: 'the page' }] },
    ]);
  });

  it('shows escaped text as written: no mention, no link', () => {
    expect(parseMrkdwn('&lt;!channel&gt; &lt;https://a.example|x&gt; &amp;amp;', true)).toEqual([
      { is: 'text', text: '<!channel> <https://a.example|x> &amp;' },
    ]);
  });

  it('joins quoted lines into one quote, escaped or not', () => {
    const quote = [{ is: 'quote', children: [{ is: 'text', text: 'one' }, { is: 'break' }, { is: 'text', text: 'two' }] }];
    expect(parseMrkdwn('&gt;one\n&gt;two')).toEqual(quote);
    expect(parseMrkdwn('>one\n>two')).toEqual(quote);
  });

  it('keeps the lines of a preformatted text and formats nothing in it', () => {
    expect(parseMrkdwn('```\na *b*\n  c\n```')).toEqual([{ is: 'pre', text: 'a *b*\n  c' }]);
  });

  it('knows mentions, channels, groups and broadcasts by their ids', () => {
    expect(parseMrkdwn('<@U1> <#C1|ops> <!subteam^S1|@it-leads> <!here>').filter((node) => node.is !== 'text')).toEqual([
      { is: 'person', userId: 'U1', label: null },
      { is: 'channel', channelId: 'C1', label: 'ops' },
      { is: 'group', groupId: 'S1', label: '@it-leads' },
      { is: 'everyone', range: 'here' },
    ]);
  });

  it('turns known shortcodes into glyphs and leaves others, and times, alone', () => {
    expect(words(':white_check_mark: :no_such_thing: 10:30:15')).toBe('✅ :no_such_thing: 10:30:15');
  });

  it('links a bare address without the full stop after it, unless verbatim', () => {
    expect(addresses(parseMrkdwn('See https://a.example:8080/x:y.'))).toEqual(['https://a.example:8080/x:y']);
    expect(addresses(parseMrkdwn('See https://a.example', true))).toEqual([]);
  });

  it('shows a very long text unformatted at once', () => {
    const text = '```x'.concat(' '.repeat(40_000));
    expect(parseMrkdwn(text)).toEqual([{ is: 'text', text }]);
  });
});

describe('dates in the page', () => {
  const noon = Date.UTC(2026, 10, 22, 12) / 1000;

  it("are told in the viewer's zone", () => {
    const madrid = slackDate(noon, '{date_num} {time}', 'Europe/Madrid', noon * 1000);
    const tokyo = slackDate(noon, '{date_num} {time}', 'Asia/Tokyo', noon * 1000);
    expect([madrid, tokyo]).toEqual(['2026-11-22 1:00 PM', '2026-11-22 9:00 PM']);
  });

  it('say today, tomorrow and yesterday where Slack does', () => {
    const at = (days: number): string | null => slackDate(noon + days * 86_400, '{date_short_pretty}', 'UTC', noon * 1000);
    expect([at(0), at(1), at(-1), at(-2)]).toEqual(['today', 'tomorrow', 'yesterday', 'Nov 20, 2026']);
  });

  it('write the day as an ordinal', () => {
    expect(slackDate(noon, '{date_long}', 'UTC', 0)).toBe('Sunday, November 22nd, 2026');
    expect(slackDate(Date.UTC(2026, 10, 13) / 1000, '{date}', 'UTC', 0)).toBe('November 13th, 2026');
  });

  it('leave an unknown token to the fallback, and never throw', () => {
    expect(slackDate(noon, '{weekday}', 'UTC', 0)).toBeNull();
    fc.assert(fc.property(fc.double(), fc.string(), fc.string(), (epoch, format, zone) => typeof (slackDate(epoch, format, zone, 0) ?? '') === 'string'));
  });
});
