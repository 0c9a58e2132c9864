import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Problem, validateMessage, validateOptions, validateView } from '../../src/sandbox/slack/validator/index.ts';
import * as draw from '../../views/blocks.ts';
import { LIMITS } from '../../views/limits.ts';
import { bold, channelMention, code, date, italic, joined, link, md, mention, render, type Text } from '../../views/mrkdwn.ts';

const HOSTILE = [
  '',
  ' ',
  '\u200b',
  '<!channel>',
  '<!here|here>',
  '<\u0000!everyone>',
  '<@U012ABC>',
  '<#C012ABC|x>',
  '&lt;!channel&gt;',
  '*`~_',
  '```',
  '\u202egnp.exe',
  '\ud83d',
  '😀'.repeat(200),
  '<'.repeat(4_000),
  'é'.repeat(3_500),
  'a\nb\r\n\tc',
  '<https://evil.example|Approve>',
];

/** Anything that can come from a directory, a target or a keyboard. */
const outside = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom(...HOSTILE)).map((parts) => parts.join('')),
  },
);
const text: fc.Arbitrary<Text> = fc.oneof(
  outside,
  outside.map((value) => md`*Name*: ${value} & <more>`),
  fc.tuple(outside, outside).map(([one, other]) => joined([bold(one), italic(other), code(one), link('https://a.example/?a=1&b=2', other)], ' · ')),
  fc.tuple(outside, fc.double()).map(([value, at]) => md`${date(at, value)} ${mention(value)} ${channelMention(value)}`),
);
const choice = fc.record({ text: outside, value: outside, description: outside }, { requiredKeys: ['text', 'value'] });
/** A few, or so many of them again that a limit is passed. */
const amount = <T>(one: fc.Arbitrary<T>, ...sizes: number[]): fc.Arbitrary<T[]> =>
  fc
    .tuple(fc.array(one, { minLength: 1, maxLength: 6 }), fc.constantFrom(0, 1, ...sizes))
    .map(([few, size]) => Array.from({ length: size }, (_, index) => few[index % few.length]).filter((item) => item !== undefined));
const choices = amount(choice, 5, 6, 10, 11, 100, 101, 130);
const confirmation = fc.record(
  { title: outside, text, confirm: outside, deny: outside, style: fc.constantFrom('primary' as const, 'danger' as const) },
  { requiredKeys: ['title', 'text', 'confirm'] },
);
const common = { action: outside, confirm: confirmation, placeholder: outside };
const only: { requiredKeys: ['action'] } = { requiredKeys: ['action'] };

const button = fc
  .record(
    {
      text: outside,
      action: outside,
      value: outside.map((value) => value.slice(0, LIMITS.buttonValue)),
      style: fc.constantFrom('primary' as const, 'danger' as const),
      accessibilityLabel: outside,
      confirm: confirmation,
    },
    { requiredKeys: ['text', 'action'] },
  )
  .map(draw.button);
const withChoices = fc.record({ ...common, choices, initial: outside, focus: fc.constant(false) }, { requiredKeys: ['action', 'choices'] });
const withMany = fc.record({ ...common, choices, initial: fc.array(outside, { maxLength: 5 }) }, { requiredKeys: ['action', 'choices'] });
const field = fc.oneof(
  withChoices.map(draw.staticSelect),
  withChoices.map(draw.radioButtons),
  withMany.map(draw.multiStaticSelect),
  withMany.map(draw.checkboxes),
  fc.record({ ...common, initial: choice }, only).map(draw.externalSelect),
  fc.record({ ...common, initial: choices, most: fc.integer() }, only).map(draw.multiExternalSelect),
  fc.record(common, only).map(draw.usersSelect),
  fc.record(common, only).map(draw.multiUsersSelect),
  fc.record(common, only).map(draw.conversationsSelect),
  fc.record(common, only).map(draw.channelsSelect),
  fc.record({ ...common, initial: outside }, only).map(draw.datePicker),
  fc.record({ ...common, initial: outside }, only).map(draw.timePicker),
);
const menu = fc.oneof(field, fc.record({ ...common, choices }, { requiredKeys: ['action', 'choices'] }).map(draw.overflow));
const typed = fc.oneof(
  fc
    .record(
      {
        ...common,
        initial: outside,
        min: fc.integer(),
        max: fc.integer(),
        multiline: fc.boolean(),
        dispatchOn: fc.constantFrom('enter' as const, 'character' as const),
      },
      only,
    )
    .map(draw.plainInput),
  fc.record({ ...common, initial: fc.double(), min: fc.double(), max: fc.double(), decimal: fc.boolean() }, only).map(draw.numberInput),
  fc.record({ ...common, initial: outside }, only).map(draw.emailInput),
  fc.record({ ...common, initial: outside }, only).map(draw.urlInput),
);
const picture = outside.map((alt) => draw.imageElement('https://pics.example/a.png', alt));
const block = fc.oneof(
  fc.tuple(text, fc.option(fc.oneof(button, menu, picture))).map(([body, accessory]) => draw.section(body, { accessory })),
  fc.tuple(fc.array(text, { maxLength: 14 }), fc.option(text)).map(([fields, body]) => draw.sectionFields(fields, body === null ? {} : { text: body })),
  fc.array(fc.oneof(text, picture), { maxLength: 14 }).map((elements) => draw.context(...elements)),
  fc.array(fc.oneof(button, menu, fc.constant(null)), { maxLength: 25 }).map((elements) => draw.actions(elements)),
  outside.map(draw.header),
  outside.map(draw.preformatted),
  outside.map((alt) => draw.image('https://pics.example/a.png', alt, alt)),
  fc.constantFrom(draw.divider(), null, false as const, undefined),
);
const table = fc
  .tuple(
    fc.array(fc.record({ title: outside, wrap: fc.boolean() }), { minLength: 1, maxLength: 20 }),
    amount(fc.array(outside, { maxLength: 22 }), 20, 99, 100, 130),
  )
  .map(([columns, rows]) => draw.table(columns, rows));

/** What the validator would find in the request as it goes over the wire. */
const wire = <T>(payload: T): unknown => JSON.parse(JSON.stringify(payload));
const inMessage = (payload: draw.Message): Problem[] => validateMessage(wire(payload), 'ephemeral');

/** Every string of a payload that somebody sees. */
function shown(value: unknown, key = ''): string[] {
  if (typeof value === 'string') return ['value', 'action_id', 'block_id', 'initial_value', 'private_metadata', 'callback_id'].includes(key) ? [] : [value];
  if (Array.isArray(value)) return value.flatMap((item) => shown(item, key));
  return typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([name, item]) => shown(item, name)) : [];
}

describe('whatever comes in', () => {
  it('X4 shows a dash for a text of control characters alone', () => {
    expect(inMessage(draw.message({ text: 'x', blocks: [draw.preformatted('\u0007\u001b')] }))).toEqual([]);
  });

  it('makes messages that Slack takes', () => {
    fc.assert(
      fc.property(text, amount(block, 9, 50, 51, 70), fc.option(table), (fallback, blocks, one) => {
        expect(inMessage(draw.message({ text: fallback, blocks: one === null ? blocks : [one, ...blocks] }))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('makes modals and Home tabs that Slack takes', () => {
    const inputs = fc.array(fc.tuple(outside, fc.oneof(field, typed), fc.option(outside)), { maxLength: 8 });
    fc.assert(
      fc.property(outside, amount(block, 9, 100, 101, 130), inputs, (title, blocks, fields) => {
        const form = fields.map(([label, element, hint], index) =>
          draw.input(label, { ...element, action_id: `field${index}` }, { ...(hint === null ? {} : { hint }), optional: index % 2 === 0 }),
        );
        const metadata = { title: title.slice(0, 100) };
        expect(validateView(wire(draw.modal({ callbackId: title, title, submit: title, close: title, blocks: [...form, ...blocks], metadata })))).toEqual([]);
        expect(validateView(wire(draw.home([...blocks, ...form], metadata)))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('makes suggestions that Slack takes', () => {
    fc.assert(
      fc.property(choices, (offered) => {
        expect(validateOptions(wire(draw.suggestions(offered)))).toEqual([]);
      }),
    );
  });

  it('X4 shows nothing that pings, links or names a channel', () => {
    fc.assert(
      fc.property(outside, outside, (one, other) => {
        const payload = draw.message({
          text: one,
          blocks: [
            draw.section(one, { accessory: draw.overflow({ action: 'a.b', choices: [{ text: one, value: other, description: one }] }) }),
            draw.section(md`*Name*: ${one} _${other}_`),
            draw.context(bold(one), code(other), mention(`${one}>`), channelMention(`${other}>`), link(one, other)),
            draw.header(other),
            draw.preformatted(one),
            draw.table([{ title: one }], [[other]]),
          ],
        });
        for (const string of shown(payload)) expect(string).not.toMatch(/<[!@#]|<https?:/);
      }),
    );
  });

  it('X4 keeps a value from formatting what stands around it', () => {
    fc.assert(
      fc.property(outside, (value) => {
        const shownText = render(md`${value}`, 3_000);
        expect(shownText).not.toMatch(/[*~`\n]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/u);
      }),
    );
    expect(render(md`${'first_last'} _x_ ${'_x_'}`, 100)).toBe('first_last _x_ ˍxˍ');
    expect(render(code('a*b`c_'), 100)).toBe('`a*bˋc_`');
  });

  it('X4 never cuts an escape, a mention or a pair of surrogates in two', () => {
    fc.assert(
      fc.property(fc.array(outside, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 400 }), (values, limit) => {
        const whole = joined(values.map((value) => md`${value} ${mention('U012ABC')} ${date(0, 'Europe/Madrid')} ${link('https://a.example', value)}`));
        const cut = render(whole, limit);
        expect(cut.length).toBeLessThanOrEqual(limit);
        expect(cut.replace(/<(@U012ABC|!date\^0\^[^<>]*|https:\/\/a\.example\|[^<>]*)>/g, '')).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)|\p{Surrogate}/u);
      }),
    );
  });
});
