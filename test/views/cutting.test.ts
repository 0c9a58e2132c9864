import { describe, expect, it } from 'vitest';
import * as draw from '../../views/blocks.ts';

describe('what is cut says so', () => {
  const sections = (length: number): draw.Blocks => Array.from({ length }, (_, index) => draw.section(`Row ${index}`));

  it('counts the blocks of a message that do not fit', () => {
    const { blocks } = draw.message({ text: 'Rows', blocks: sections(62) });
    expect(blocks).toHaveLength(50);
    expect(blocks.at(-1)).toMatchObject({ type: 'context', elements: [{ text: 'and 13 more' }] });
    expect(draw.message({ text: 'Rows', blocks: sections(50) }).blocks.at(-1)).toMatchObject({ text: { text: 'Row 49' } });
  });

  it('counts the blocks of a view that would be over 250 KB', () => {
    const { blocks } = draw.home(Array.from({ length: 100 }, () => draw.section('é'.repeat(3_000))));
    expect(blocks.length).toBeLessThan(60);
    expect(blocks.at(-1)).toMatchObject({ elements: [{ text: `and ${101 - blocks.length} more` }] });
  });

  it('counts rows and options that do not fit, and takes that line for no choice', () => {
    const { rows } = draw.table(
      [{ title: 'Name' }, { title: 'State' }],
      Array.from({ length: 150 }, (_, index) => [`${index}`]),
    );
    expect(rows).toHaveLength(100);
    expect(rows.at(-1)?.[0]).toMatchObject({ text: 'and 52 more' });
    const offered = Array.from({ length: 150 }, (_, index) => ({ text: `${index}`, value: `${index}` }));
    expect(draw.staticSelect({ action: 'a.b', choices: offered }).options?.at(-1)).toMatchObject({ text: { text: 'and 51 more' }, value: 'usher:more' });
  });

  it('clips with an ellipsis and shows a dash for nothing', () => {
    expect(draw.header('x'.repeat(151)).text.text).toBe(`${'x'.repeat(149)}…`);
    expect(draw.header(' \u200b').text.text).toBe('–');
    expect(draw.message({ text: '' })).toMatchObject({ text: '–', blocks: [{ text: { text: '–' } }] });
  });

  it('keeps the whole of a long error over several blocks', () => {
    const error = 'é😀'.repeat(3_000);
    const texts = draw
      .preformattedWhole(error)
      .flatMap((one) => one.elements)
      .flatMap((part) => (part.type === 'rich_text_preformatted' ? part.elements : []))
      .map((element) => element.text);
    expect(texts.join('')).toBe(error);
  });
});

describe('what can not be cut', () => {
  it.each<readonly [string, () => unknown, RegExp]>([
    ['metadata over 3,000', () => draw.modal({ callbackId: 'a.b', title: 'T', blocks: [], metadata: 'x'.repeat(3_001) }), /private_metadata/],
    ['a button value over 2,000', () => draw.button({ text: 'T', action: 'a.b', value: 'x'.repeat(2_001) }), /a\.b/],
    ['a button to http', () => draw.button({ text: 'T', action: 'a.b', url: 'http://a.example' }), /https/],
    ['a picture with a password', () => draw.image('https://me:secret@a.example/x.png', 'A'), /https/],
    [
      'two inputs of one name',
      () => draw.home([draw.input('A', draw.emailInput({ action: 'x' })), draw.input('B', draw.emailInput({ action: 'x' }))]),
      /x is used twice/,
    ],
    [
      'inputs without a submit button',
      () => draw.modal({ callbackId: 'a.b', title: 'T', blocks: [draw.input('A', draw.emailInput({ action: 'x' }))] }),
      /submit/,
    ],
    ['two tables in a message', () => draw.message({ text: 'T', blocks: [draw.table([{ title: 'A' }], []), draw.table([{ title: 'A' }], [])] }), /one table/],
    ['26 buttons in a row', () => draw.actions(Array.from({ length: 26 }, () => draw.button({ text: 'T', action: 'a.b' }))), /26/],
  ])('refuses %s with a RangeError', (_, make, says) => {
    expect(make).toThrow(RangeError);
    expect(make).toThrow(says);
  });
});

it('numbers the buttons of one route, so that rows need no suffix', () => {
  const rows = ['zoom', 'box', 'slack'].map((id) => draw.section(id, { accessory: draw.button({ text: 'Open', action: 'connectors.open', value: id }) }));
  const { blocks } = draw.message({ text: 'Connectors', blocks: rows });
  expect(blocks.map((one) => (one.type === 'section' && one.accessory?.type === 'button' ? one.accessory.action_id : null))).toEqual([
    'connectors.open',
    'connectors.open:2',
    'connectors.open:3',
  ]);
});
