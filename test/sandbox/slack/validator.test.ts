import { describe, expect, it } from 'vitest';
import { type Problem, validateMessage, validateOptions, validateView } from '../../../src/sandbox/slack/validator/index.ts';

type Json = Record<string, unknown>;

const plain = (text: string): Json => ({ type: 'plain_text', text });
const mrkdwn = (text: string): Json => ({ type: 'mrkdwn', text });
const chars = (length: number): string => 'x'.repeat(length);
const many = <T>(length: number, item: (index: number) => T): T[] => Array.from({ length }, (_, index) => item(index));
const option = (value: string): Json => ({ text: plain(value), value });
const options = (length: number): Json[] => many(length, (index) => option(`o${index}`));
const button = (extra: Json = {}): Json => ({ type: 'button', text: plain('Go'), action_id: 'a', ...extra });
const section = (accessory?: Json): Json => ({ type: 'section', text: plain('Text'), ...(accessory === undefined ? {} : { accessory }) });
const cell = (text: string): Json => ({ type: 'raw_text', text });
const table = (rows: unknown): Json => ({ type: 'table', rows });
const input = (element: Json, extra: Json = {}): Json => ({ type: 'input', label: plain('Label'), element, ...extra });
const typed = (extra: Json = {}): Json => ({ type: 'plain_text_input', action_id: 't', ...extra });
const select = (extra: Json = {}): Json => ({ type: 'static_select', action_id: 's', options: options(2), ...extra });
const image = (extra: Json = {}): Json => ({ type: 'image', image_url: 'https://pics.example/a.png', alt_text: 'A', ...extra });
const inForm = (block: Json): Json => modal({ submit: plain('Save'), blocks: [block] });

function modal(extra: Json = {}): Json {
  return { type: 'modal', title: plain('Title'), blocks: [section()], ...extra };
}

const message = (...blocks: unknown[]): Problem[] => validateMessage({ text: 'Fallback', blocks }, 'message');
const pointers = (problems: readonly Problem[]): string[] => problems.map((problem) => problem.pointer);

interface Limit {
  readonly of: string;
  readonly max: number;
  readonly check: (size: number) => Problem[];
  readonly pointer: string;
  readonly says: string;
}
const less = (max: number): string => `must be less than ${max + 1} characters`;
const items = (max: number): string => `no more than ${max} items allowed`;
const onBlock = (of: string, max: number, block: (size: number) => Json, pointer: string, says = less(max)): Limit => ({
  of,
  max,
  check: (size) => message(block(size)),
  pointer: `/blocks/0${pointer}`,
  says,
});
const onInput = (of: string, max: number, block: (size: number) => Json, pointer: string, says = less(max)): Limit => ({
  of,
  max,
  check: (size) => validateView(inForm(block(size))),
  pointer: `/view/blocks/0${pointer}`,
  says,
});
const onView = (of: string, max: number, extra: (size: number) => Json, pointer: string, says = less(max)): Limit => ({
  of,
  max,
  check: (size) => validateView(modal(extra(size))),
  pointer: `/view${pointer}`,
  says,
});
const actionsOf = (length: number): Json => ({ type: 'actions', elements: many(length, (index) => button({ action_id: `a${index}` })) });
const confirmed = (extra: Json): Json => section(button({ confirm: { text: plain('Sure?'), ...extra } }));

const LIMITS: readonly Limit[] = [
  { of: 'blocks of a message', max: 50, check: (size) => message(...many(size, () => section())), pointer: '/blocks', says: items(50) },
  onView('blocks of a modal', 100, (size) => ({ blocks: many(size, () => section()) }), '/blocks', items(100)),
  {
    of: 'blocks of the Home tab',
    max: 100,
    check: (size) => validateView({ type: 'home', blocks: many(size, () => section()) }),
    pointer: '/view/blocks',
    says: items(100),
  },
  onView('modal title', 24, (size) => ({ title: plain(chars(size)) }), '/title/text'),
  onView('modal submit', 24, (size) => ({ submit: plain(chars(size)) }), '/submit/text'),
  onView('modal close', 24, (size) => ({ close: plain(chars(size)) }), '/close/text'),
  onView('private_metadata', 3000, (size) => ({ private_metadata: chars(size) }), '/private_metadata'),
  onView('callback_id', 255, (size) => ({ callback_id: chars(size) }), '/callback_id'),
  onView('external_id', 255, (size) => ({ external_id: chars(size) }), '/external_id'),
  onBlock('block_id', 255, (size) => ({ type: 'divider', block_id: chars(size) }), '/block_id'),
  onBlock('action_id', 255, (size) => section(button({ action_id: chars(size) })), '/accessory/action_id'),
  onBlock('section text', 3000, (size) => ({ type: 'section', text: mrkdwn(chars(size)) }), '/text/text'),
  onBlock('section fields', 10, (size) => ({ type: 'section', fields: many(size, () => plain('f')) }), '/fields', items(10)),
  onBlock('a section field', 2000, (size) => ({ type: 'section', fields: [plain(chars(size))] }), '/fields/0/text'),
  onBlock('header', 150, (size) => ({ type: 'header', text: plain(chars(size)) }), '/text/text'),
  onBlock('context elements', 10, (size) => ({ type: 'context', elements: many(size, () => mrkdwn('c')) }), '/elements', items(10)),
  onBlock('actions elements', 25, actionsOf, '/elements', items(25)),
  onBlock('image url', 3000, (size) => image({ image_url: `https://${chars(size - 8)}` }), '/image_url'),
  onBlock('image alt text', 2000, (size) => image({ alt_text: chars(size) }), '/alt_text'),
  onBlock('image title', 2000, (size) => image({ title: plain(chars(size)) }), '/title/text'),
  onBlock('markdown', 12_000, (size) => ({ type: 'markdown', text: chars(size) }), '/text'),
  onBlock('button text', 75, (size) => section(button({ text: plain(chars(size)) })), '/accessory/text/text'),
  onBlock('button value', 2000, (size) => section(button({ value: chars(size) })), '/accessory/value'),
  onBlock('button url', 3000, (size) => section(button({ url: `https://${chars(size - 8)}` })), '/accessory/url'),
  onBlock('accessibility label', 75, (size) => section(button({ accessibility_label: chars(size) })), '/accessory/accessibility_label'),
  onBlock('confirm title', 100, (size) => confirmed({ title: plain(chars(size)) }), '/accessory/confirm/title/text'),
  onBlock('confirm text', 300, (size) => confirmed({ text: mrkdwn(chars(size)) }), '/accessory/confirm/text/text'),
  onBlock('confirm button', 30, (size) => confirmed({ confirm: plain(chars(size)) }), '/accessory/confirm/confirm/text'),
  onBlock('deny button', 30, (size) => confirmed({ deny: plain(chars(size)) }), '/accessory/confirm/deny/text'),
  onBlock('placeholder', 150, (size) => section(select({ placeholder: plain(chars(size)) })), '/accessory/placeholder/text'),
  onBlock('select options', 100, (size) => section(select({ options: options(size) })), '/accessory/options', items(100)),
  onBlock('option text', 75, (size) => section(select({ options: [{ ...option('v'), text: plain(chars(size)) }] })), '/accessory/options/0/text/text'),
  onBlock('option value', 75, (size) => section(select({ options: [{ ...option('v'), value: chars(size) }] })), '/accessory/options/0/value'),
  onBlock(
    'option description',
    75,
    (size) => section(select({ options: [{ ...option('v'), description: plain(chars(size)) }] })),
    '/accessory/options/0/description/text',
  ),
  onBlock(
    'option groups',
    100,
    (size) => section(select({ options: undefined, option_groups: many(size, () => ({ label: plain('G'), options: options(1) })) })),
    '/accessory/option_groups',
    items(100),
  ),
  onBlock(
    'group label',
    75,
    (size) => section(select({ options: undefined, option_groups: [{ label: plain(chars(size)), options: options(1) }] })),
    '/accessory/option_groups/0/label/text',
  ),
  onBlock(
    'options of a group',
    100,
    (size) => section(select({ options: undefined, option_groups: [{ label: plain('G'), options: options(size) }] })),
    '/accessory/option_groups/0/options',
    items(100),
  ),
  onBlock('overflow options', 5, (size) => section({ type: 'overflow', options: options(size) }), '/accessory/options', items(5)),
  onBlock('checkboxes', 10, (size) => section({ type: 'checkboxes', options: options(size) }), '/accessory/options', items(10)),
  onBlock('radio buttons', 10, (size) => section({ type: 'radio_buttons', options: options(size) }), '/accessory/options', items(10)),
  onBlock('table rows', 100, (size) => table(many(size, () => [cell('1')])), '/rows', items(100)),
  onBlock('table cells', 20, (size) => table([many(size, () => cell('1'))]), '/rows/0', items(20)),
  onBlock(
    'column settings',
    20,
    (size) => ({ ...table([[cell('1')]]), column_settings: many(size, () => ({ align: 'left' })) }),
    '/column_settings',
    items(20),
  ),
  onBlock('table characters', 10_000, (size) => table([[cell(chars(5_000)), cell(chars(size - 5_000))]]), '/rows', 'must be less than 10001 characters in all'),
  onBlock('data table rows', 101, (size) => ({ type: 'data_table', caption: 'C', rows: many(size, () => [cell('1')]) }), '/rows', items(101)),
  onBlock('carousel cards', 10, (size) => ({ type: 'carousel', elements: many(size, () => ({ type: 'card', title: mrkdwn('T') })) }), '/elements', items(10)),
  onBlock('card body', 200, (size) => ({ type: 'card', body: mrkdwn(chars(size)) }), '/body/text'),
  onBlock('container blocks', 10, (size) => ({ type: 'container', title: plain('T'), child_blocks: many(size, () => section()) }), '/child_blocks', items(10)),
  onBlock(
    'context actions',
    5,
    (size) => ({
      type: 'context_actions',
      elements: many(size, (index) => ({ type: 'icon_button', action_id: `i${index}`, icon: 'trash', text: plain('Drop') })),
    }),
    '/elements',
    items(5),
  ),
  onInput('input label', 2000, (size) => input(typed(), { label: plain(chars(size)) }), '/label/text'),
  onInput('input hint', 2000, (size) => input(typed(), { hint: plain(chars(size)) }), '/hint/text'),
  onInput('max_length', 3000, (size) => input(typed({ max_length: size })), '/element/max_length', 'must be at most 3000'),
  onInput('initial value', 40, (size) => input(typed({ max_length: 40, initial_value: chars(size) })), '/element/initial_value'),
  onInput('files', 10, (size) => input({ type: 'file_input', max_files: size }), '/element/max_files', 'must be at most 10'),
  onInput('an alert', 200, (size) => ({ type: 'alert', text: mrkdwn(chars(size)) }), '/text/text'),
  { of: 'suggested options', max: 100, check: (size) => validateOptions({ options: options(size) }), pointer: '/options', says: items(100) },
  { of: 'message text', max: 4000, check: (size) => validateMessage({ text: chars(size) }, 'message'), pointer: '/text', says: less(4000) },
  {
    of: 'text of an ephemeral, in bytes',
    max: 2000,
    check: (size) => validateMessage({ text: 'é'.repeat(size) }, 'ephemeral'),
    pointer: '/text',
    says: 'must be less than 4001 bytes',
  },
  {
    of: 'attachments',
    max: 100,
    check: (size) => validateMessage({ text: 'T', attachments: many(size, () => ({})) }, 'message'),
    pointer: '/attachments',
    says: items(100),
  },
];

describe('limits', () => {
  it.each(LIMITS)('$of: $max pass, one more fails at $pointer', ({ max, check, pointer, says }) => {
    expect(check(max)).toEqual([]);
    expect(check(max + 1)).toContainEqual(expect.objectContaining({ pointer, message: says }));
  });

  it('counts an astral character as two', () => {
    expect(message({ type: 'header', text: plain('😀'.repeat(75)) })).toEqual([]);
    expect(pointers(message({ type: 'header', text: plain('😀'.repeat(76)) }))).toEqual(['/blocks/0/text/text']);
  });

  it('refuses a view over 250 KB', () => {
    const heavy = modal({ blocks: many(90, () => ({ type: 'section', text: plain(chars(2_900)) })) });
    expect(validateView(heavy)).toEqual([{ code: 'view_too_large', message: 'must be at most 250000 bytes', pointer: '/view' }]);
  });

  it('counts tables and markdown blocks of a message together', () => {
    expect(message(table([[cell('1')]]), table([[cell('1')]])).map((problem) => problem.code)).toEqual(['only_one_table_allowed']);
    expect(pointers(message({ type: 'markdown', text: chars(6_001) }, { type: 'markdown', text: chars(6_000) }))).toEqual(['/blocks/1/text']);
  });
});

describe('what must be there, and what must not', () => {
  it.each<readonly [string, Problem[], string, string]>([
    ['an empty text', message({ type: 'section', text: plain('') }), '/blocks/0/text/text', 'must be more than 0 characters'],
    ['an empty cell', message(table([[cell('')]])), '/blocks/0/rows/0/0/text', 'must be more than 0 characters'],
    ['rows of different length', message(table([[cell('1'), cell('2')], [cell('1')]])), '/blocks/0/rows/1', 'must have 2 cells like the first row'],
    ['a section with nothing in it', message({ type: 'section' }), '/blocks/0/type', 'must define either `text` or `fields`'],
    ['no actions', message({ type: 'actions', elements: [] }), '/blocks/0/elements', 'no fewer than 1 items allowed'],
    ['no options', message(section(select({ options: [] }))), '/blocks/0/accessory/options', 'no fewer than 1 items allowed'],
    [
      'an option without a value',
      message(section(select({ options: [{ text: plain('x') }] }))),
      '/blocks/0/accessory/options/0',
      'missing required field: value',
    ],
    ['an image without alt text', message({ type: 'image', image_url: 'https://a.example/b.png' }), '/blocks/0', 'missing required field: alt_text'],
    ['an image from nowhere', message({ type: 'image', alt_text: 'A' }), '/blocks/0', 'missing required field: image_url'],
    ['a modal without a title', validateView({ type: 'modal', blocks: [section()] }), '/view', 'missing required field: title'],
    ['a view without blocks', validateView(modal({ blocks: [] })), '/view/blocks', 'no fewer than 1 items allowed'],
    ['a view of no kind', validateView({ blocks: [] }), '/view', 'missing required field: type'],
    [
      'a null where an object belongs',
      validateView(inForm(input(select({ initial_option: null })))),
      '/view/blocks/0/element/initial_option',
      'must provide an object',
    ],
    ['an unknown property of a block', message({ type: 'divider', color: 'red' }), '/blocks/0', 'invalid additional property: color'],
    ['an unknown property of a view', validateView(modal({ id: 'V1' })), '/view', 'invalid additional property: id'],
    ['a title on the Home tab', validateView({ type: 'home', title: plain('T'), blocks: [section()] }), '/view', 'invalid additional property: title'],
    [
      'verbatim on a plain text',
      message({ type: 'section', text: { ...plain('x'), verbatim: true } }),
      '/blocks/0/text',
      'invalid additional property: verbatim',
    ],
    ['mrkdwn in a header', message({ type: 'header', text: mrkdwn('x') }), '/blocks/0/text/type', 'must be a valid enum value'],
    ['a style of its own', message(section(button({ style: 'warning' }))), '/blocks/0/accessory/style', 'must be a valid enum value'],
    ['no such block', message({ type: 'bogus' }), '/blocks/0/type', 'unsupported type: bogus'],
    ['a message without anything', validateMessage({}, 'message'), '', 'missing required field: text'],
    ['blocks as a string', validateMessage({ text: 'T', blocks: '[]' }, 'message'), '/blocks', 'must provide an array'],
    ['an address that is none', message(section(button({ url: 'javascript:alert(1)' }))), '/blocks/0/accessory/url', 'failed to match schema'],
  ])('refuses %s', (_, problems, pointer, says) => {
    expect(problems).toContainEqual(expect.objectContaining({ pointer, message: says }));
  });

  it('lets a response URL delete its message without a text', () => {
    expect(validateMessage({ delete_original: true }, 'response')).toEqual([]);
  });
});

describe('where things may stand', () => {
  it.each<readonly [string, Problem[], string]>([
    ['an input in a message', message(input(typed())), '/blocks/0/type'],
    ['an alert in a message', message({ type: 'alert', text: mrkdwn('x') }), '/blocks/0/type'],
    ['a table in a modal', validateView(modal({ blocks: [table([[cell('1')]])] })), '/view/blocks/0/type'],
    ['an alert on the Home tab', validateView({ type: 'home', blocks: [{ type: 'alert', text: mrkdwn('x') }] }), '/view/blocks/0/type'],
    ['a text input as an accessory', message(section(typed())), '/blocks/0/accessory/type'],
    ['a button in an input', validateView(inForm(input(button()))), '/view/blocks/0/element/type'],
    ['an image in a row of actions', message({ type: 'actions', elements: [image()] }), '/blocks/0/elements/0/type'],
    ['a button in a context', message({ type: 'context', elements: [button()] }), '/blocks/0/elements/0/type'],
    [
      'a rich text heading of a data table',
      message({ type: 'data_table', caption: 'C', rows: [[{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [] }] }], [cell('1')]] }),
      '/blocks/0/rows/0/0/type',
    ],
  ])('refuses %s', (_, problems, pointer) => {
    expect(problems).toContainEqual(expect.objectContaining({ pointer, message: expect.stringMatching(/^unsupported type: /) }));
  });

  it('takes response_url_enabled only in the input of a modal', () => {
    const asking = { type: 'conversations_select', action_id: 'c', response_url_enabled: true };
    expect(validateView(inForm(input(asking)))).toEqual([]);
    expect(pointers(validateView(modal({ blocks: [section(asking)] })))).toEqual(['/view/blocks/0/accessory/response_url_enabled']);
    expect(pointers(message(section(asking)))).toEqual(['/blocks/0/accessory/response_url_enabled']);
  });
});

describe('rules across a payload', () => {
  it('refuses a second block_id or action_id of one name', () => {
    expect(message({ type: 'divider', block_id: 'b' }, { type: 'divider', block_id: 'b' })).toEqual([
      { code: 'duplicate_block_id', message: '`block_id` "b" already exists', pointer: '/blocks/1/block_id' },
    ]);
    expect(validateView(modal({ blocks: [section(button()), section(button())] }))).toEqual([
      { code: 'duplicate_action_id', message: '`action_id` "a" already exists', pointer: '/view/blocks/1/accessory/action_id' },
    ]);
  });

  it('wants a submit button beside an input in a modal, not on the Home tab', () => {
    expect(validateView(modal({ blocks: [section(), input(typed())] }))).toEqual([
      { code: 'submit_required', message: 'must define `submit` to use an `input` block in modals', pointer: '/view/blocks/1/input' },
    ]);
    expect(validateView({ type: 'home', blocks: [input(typed())] })).toEqual([]);
  });

  it('lets one element take the focus', () => {
    const focused = (id: string): Json => input(typed({ action_id: id, focus_on_load: true }));
    expect(validateView(inForm(focused('a')))).toEqual([]);
    expect(pointers(validateView(modal({ submit: plain('Go'), blocks: [focused('a'), focused('b')] })))).toEqual(['/view/blocks/1/element/focus_on_load']);
  });

  it('wants what is chosen at first to be an offered option, in every part', () => {
    const described = { ...option('o1'), description: plain('Second') };
    expect(message(section(select({ initial_option: option('o1') })))).toEqual([]);
    expect(pointers(message(section(select({ initial_option: described }))))).toEqual(['/blocks/0/accessory/initial_option']);
    expect(pointers(message(section({ type: 'checkboxes', options: options(2), initial_options: [option('o0'), option('o9')] })))).toEqual([
      '/blocks/0/accessory/initial_options/1',
    ]);
    const grouped = select({ options: undefined, option_groups: [{ label: plain('G'), options: options(1) }], initial_option: option('o0') });
    expect(message(section(grouped))).toEqual([]);
  });

  it('wants options or groups, not both and not neither', () => {
    const groups = [{ label: plain('G'), options: options(1) }];
    expect(pointers(message(section(select({ option_groups: groups }))))).toEqual(['/blocks/0/accessory']);
    expect(pointers(message(section(select({ options: undefined }))))).toEqual(['/blocks/0/accessory']);
    expect(validateOptions({ option_groups: groups })).toEqual([]);
    expect(validateOptions({ options: [] })).toEqual([]);
    expect(validateOptions({}).map((problem) => problem.code)).toEqual(['either_or']);
  });

  it('wants numbers in order', () => {
    const number = (extra: Json): Problem[] => validateView(inForm(input({ type: 'number_input', is_decimal_allowed: false, ...extra })));
    expect(number({ min_value: '1', max_value: '5', initial_value: '3' })).toEqual([]);
    expect(pointers(number({ min_value: '6', max_value: '5' }))).toEqual(['/view/blocks/0/element/min_value']);
    expect(pointers(number({ max_value: '5', initial_value: '6' }))).toEqual(['/view/blocks/0/element/initial_value']);
    expect(pointers(number({ initial_value: '1.5' }))).toEqual(['/view/blocks/0/element/initial_value']);
    expect(pointers(validateView(inForm(input(typed({ min_length: 9, max_length: 8 })))))).toEqual(['/view/blocks/0/element/min_length']);
  });

  it('wants dates and times that exist', () => {
    expect(message(section({ type: 'datepicker', initial_date: '2024-02-29' }))).toEqual([]);
    expect(pointers(message(section({ type: 'datepicker', initial_date: '2023-02-29' })))).toEqual(['/blocks/0/accessory/initial_date']);
    expect(pointers(message(section({ type: 'timepicker', initial_time: '24:00' })))).toEqual(['/blocks/0/accessory/initial_time']);
  });

  it('X4 finds a broadcast in any text that is shown, and in none that is not', () => {
    expect(validateMessage({ text: 'Hello <!channel>' }, 'message')).toEqual([
      { code: 'unsafe_broadcast', message: 'must not notify a whole channel', pointer: '/text' },
    ]);
    expect(pointers(message({ type: 'section', text: mrkdwn('<!here|here>') }))).toEqual(['/blocks/0/text/text']);
    expect(pointers(message({ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'broadcast', range: 'everyone' }] }] }))).toEqual([
      '/blocks/0/elements/0/elements/0',
    ]);
    expect(pointers(validateView(modal({ title: plain('<!everyone>') })))).toEqual(['/view/title/text']);
    expect(message(section(button({ value: '<!channel>' })))).toEqual([]);
    expect(message({ type: 'section', text: mrkdwn('<!date^1700000000^{date}|then> &lt;!channel&gt;') })).toEqual([]);
  });
});

it('accepts one of everything', () => {
  const richText = {
    type: 'rich_text',
    elements: [
      {
        type: 'rich_text_section',
        elements: [
          { type: 'text', text: 'a', style: { bold: true } },
          { type: 'user', user_id: 'U1' },
          { type: 'emoji', name: 'tada' },
        ],
      },
      { type: 'rich_text_list', style: 'bullet', indent: 1, elements: [{ type: 'rich_text_section', elements: [{ type: 'link', url: 'https://a.example' }] }] },
      { type: 'rich_text_preformatted', border: 0, elements: [{ type: 'text', text: '{}' }] },
    ],
  };
  const everything = [
    richText,
    section(image()),
    {
      type: 'actions',
      elements: [
        { type: 'datetimepicker', initial_date_time: 1_700_000_000 },
        { type: 'multi_users_select', initial_users: ['U1'] },
        { type: 'external_select', initial_option: option('x'), min_query_length: 0 },
      ],
    },
    { type: 'task_card', task_id: '1', title: 'T', status: 'complete', details: richText },
    { ...table([[cell('1'), { type: 'raw_number', value: 3, text: '3' }, richText]]), column_settings: [null, { align: 'right', is_wrapped: true }] },
    { type: 'video', video_url: 'https://v.example/1', thumbnail_url: 'https://v.example/1.png', alt_text: 'V', title: plain('V') },
  ];
  expect(message(...everything)).toEqual([]);
});
