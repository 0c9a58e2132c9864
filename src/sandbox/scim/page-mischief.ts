import type { Fault, FaultName } from './faults.ts';
import type { FaultState } from './mischief.ts';
import { type Html, html } from './html.ts';

/** One choice of a select: what the person reads, and the JSON that goes into the fault. */
type Choice = readonly [label: string, json: unknown];

/** An input of a switch; its value becomes the fault's property `name`. */
type Field =
  | { readonly is: 'choice'; readonly name: string; readonly label: string; readonly choices: readonly Choice[] }
  | { readonly is: 'number'; readonly name: string; readonly label: string; readonly value: number; readonly min: number; readonly max: number }
  | { readonly is: 'text'; readonly name: string; readonly label: string; readonly value: string };

interface Switch {
  readonly is: FaultName;
  readonly label: string;
  readonly says: string;
  readonly fields: readonly Field[];
}

const WHEN: Field = {
  is: 'choice',
  name: 'when',
  label: 'How often',
  choices: [
    ['Every time', { is: 'always' }],
    ['The next one', { is: 'next', requests: 1 }],
    ['The next 3', { is: 'next', requests: 3 }],
    ['The next 10', { is: 'next', requests: 10 }],
    ['Every 2nd', { is: 'every', nth: 2 }],
    ['Every 5th', { is: 'every', nth: 5 }],
    ['Every 20th', { is: 'every', nth: 20 }],
    ['One in ten, at random', { is: 'share', of: 0.1 }],
    ['After 50 more', { is: 'after', requests: 50 }],
  ],
};

function aim(first: string): Field {
  const all: readonly (readonly [string, string])[] = [
    ['All requests', 'everything'],
    ['Reading', 'reads'],
    ['Listing pages', 'lists'],
    ['Look-ups', 'lookups'],
    ['All writing', 'writes'],
    ['Creating', 'creates'],
    ['Changing', 'changes'],
    ['Deleting', 'deletes'],
    ['Groups', 'groups'],
  ];
  return { is: 'choice', name: 'aim', label: 'On', choices: [...all.filter(([, json]) => json === first), ...all.filter(([, json]) => json !== first)] };
}

const RETRY_AFTER: Field = {
  is: 'choice',
  name: 'retryAfter',
  label: 'Retry-After',
  choices: [
    ['1 second', { is: 'seconds', seconds: 1 }],
    ['5 seconds', { is: 'seconds', seconds: 5 }],
    ['30 seconds', { is: 'seconds', seconds: 30 }],
    ['a date, 5 seconds ahead', { is: 'date', seconds: 5 }],
    ['none', { is: 'none' }],
  ],
};

const NETWORK: readonly Switch[] = [
  { is: 'too-many-requests', label: 'Too many requests', says: 'Answers 429 and asks to wait.', fields: [aim('everything'), WHEN, RETRY_AFTER] },
  {
    is: 'slow',
    label: 'Slow answers',
    says: 'Answers late.',
    fields: [{ is: 'number', name: 'ms', label: 'Milliseconds', value: 800, min: 1, max: 120_000 }, aim('everything'), WHEN],
  },
  { is: 'lost-reply', label: 'Lost replies', says: 'Does what was asked, then hangs up without answering.', fields: [aim('writes'), WHEN] },
  {
    is: 'truncated-body',
    label: 'Truncated answers',
    says: 'Does what was asked, and sends half of the answer.',
    fields: [
      {
        is: 'choice',
        name: 'end',
        label: 'Then',
        choices: [
          ['hangs up', 'hangs-up'],
          ['ends as if that were all', 'short'],
        ],
      },
      aim('everything'),
      WHEN,
    ],
  },
  { is: 'dropped-connection', label: 'Dropped connections', says: 'Hangs up before doing anything.', fields: [aim('everything'), WHEN] },
  {
    is: 'server-error',
    label: 'Server errors',
    says: 'Answers that something broke.',
    fields: [
      { is: 'choice', name: 'status', label: 'Status', choices: [500, 502, 503, 504].map((status) => [String(status), status] as const) },
      aim('everything'),
      WHEN,
      RETRY_AFTER,
    ],
  },
  {
    is: 'html-body',
    label: 'A web page for an answer',
    says: 'Sends HTML where SCIM should be, as proxies and sign-in pages do.',
    fields: [
      { is: 'choice', name: 'status', label: 'Status', choices: [502, 403, 200].map((status) => [String(status), status] as const) },
      aim('everything'),
      WHEN,
    ],
  },
  { is: 'token-expired', label: 'Token expired', says: 'Refuses the bearer token with 401.', fields: [WHEN] },
];

const APPLICATION: readonly Switch[] = [
  {
    is: 'unverified-domain',
    label: 'E-mail domain not verified',
    says: 'Refuses addresses of one domain.',
    fields: [{ is: 'text', name: 'domain', label: 'Domain', value: 'riverside.example' }],
  },
  {
    is: 'rejected-attribute',
    label: 'Attribute not supported',
    says: 'Refuses whoever brings this attribute.',
    fields: [{ is: 'text', name: 'attribute', label: 'Attribute', value: 'phoneNumbers' }],
  },
  {
    is: 'conflict',
    label: 'Conflicts that are no duplicates',
    says: 'Answers 409 without saying that something is taken.',
    fields: [{ is: 'text', name: 'detail', label: 'Message', value: 'Profile is required' }, aim('creates'), WHEN],
  },
  {
    is: 'cannot-delete',
    label: 'Deleting not possible',
    says: 'Refuses every DELETE.',
    fields: [{ is: 'choice', name: 'status', label: 'Status', choices: [405, 501, 403].map((status) => [String(status), status] as const) }],
  },
];

const READING: readonly Switch[] = [
  {
    is: 'vanishing',
    label: 'Vanishing users',
    says: 'Some accounts can no longer be found.',
    fields: [
      {
        is: 'choice',
        name: 'share',
        label: 'How many',
        choices: [
          ['One in ten', 0.1],
          ['Half of them', 0.5],
          ['All of them', 1],
          ['Only those named by a test', 0],
        ],
      },
    ],
  },
  { is: 'inactive-hidden', label: 'Inactive users hidden', says: 'Deactivated accounts can’t be read, but their names stay taken.', fields: [] },
  { is: 'half-pages', label: 'Half pages', says: 'Every page holds half of what was asked for.', fields: [] },
  {
    is: 'page-cap',
    label: 'Small pages',
    says: 'No page is longer than this, whatever was asked.',
    fields: [{ is: 'number', name: 'rows', label: 'Rows', value: 10, min: 1, max: 1_000 }],
  },
  {
    is: 'wrong-total',
    label: 'Wrong totals',
    says: 'totalResults is not the total.',
    fields: [
      {
        is: 'choice',
        name: 'total',
        label: 'Total is',
        choices: [
          ['the rows of the page', 'page'],
          ['too high', 'more'],
          ['half', 'half'],
        ],
      },
    ],
  },
  { is: 'stuck-pages', label: 'Always the first page', says: 'Ignores startIndex.', fields: [] },
  { is: 'case-exact', label: 'Letter case matters in look-ups', says: 'Finds nobody when a letter differs in case, yet refuses to create them.', fields: [] },
];

/** The JSON of an option: equal choices must give equal text. */
function optionValue(json: unknown): string {
  return JSON.stringify(json);
}

function fieldOf(field: Field, id: string, present: unknown): Html {
  const label = html`<label for="${id}">${field.label}</label>`;
  switch (field.is) {
    case 'choice': {
      const chosen = present === undefined ? undefined : optionValue(present);
      const known = field.choices.some(([, json]) => optionValue(json) === chosen);
      const choices: readonly Choice[] = chosen === undefined || known ? field.choices : [...field.choices, ['As set by a test', present]];
      const options = choices.map(
        ([text, json]) => html`<option value="${optionValue(json)}"${optionValue(json) === chosen && html` selected`}>${text}</option>`,
      );
      return html`<span class="field">${label}<select id="${id}" name="${field.name}" data-json>${options}</select></span>`;
    }
    case 'number':
      return html`<span class="field">${label}<input id="${id}" name="${field.name}" type="number" data-json required min="${field.min}" max="${field.max}" value="${String(present ?? field.value)}"></span>`;
    case 'text':
      return html`<span class="field">${label}<input id="${id}" name="${field.name}" type="text" required value="${String(present ?? field.value)}"></span>`;
  }
}

function presentOf(fault: Fault | undefined, name: string): unknown {
  return fault === undefined ? undefined : Object.entries(fault).find(([key]) => key === name)?.[1];
}

/** What a fault has done so far; nothing while it is off. The page's script says the same. */
function struckText(state: FaultState | undefined): string {
  if (state === undefined) return '';
  return state.considered === 0 ? 'On. Nothing struck yet.' : `Struck ${state.struck} of ${state.considered} so far.`;
}

function row(one: Switch, states: readonly FaultState[]): Html {
  const state = states.find(({ fault }) => fault.is === one.is);
  const fields = one.fields.map((field) => fieldOf(field, `${one.is}-${field.name}`, presentOf(state?.fault, field.name)));
  return html`<li><form class="switch" data-fault="${one.is}">
    <span class="toggle"><input type="checkbox" role="switch" id="${one.is}" aria-describedby="${one.is}-says"${state !== undefined && html` checked`}>
    <label for="${one.is}">${one.label}</label></span>
    <span class="says" id="${one.is}-says">${one.says}</span>
    ${fields.length > 0 && html`<span class="fields">${fields}</span>`}
    <span class="struck" data-struck="${one.is}">${struckText(state)}</span>
  </form></li>`;
}

/** The switches for everything that can be made to go wrong. */
export function mischiefSection(states: readonly FaultState[]): Html {
  const group = (title: string, switches: readonly Switch[]) => html`<h3>${title}</h3><ul class="switches">${switches.map((one) => row(one, states))}</ul>`;
  return html`<section aria-labelledby="mischief"><div class="bar"><h2 id="mischief">Mischief</h2><button type="button" data-do="calm">Switch all off</button></div>
  <p class="hint">Break this application, and see what Usher makes of it.</p>
  ${group('The connection', NETWORK)}${group('The application says no', APPLICATION)}${group('What can be read', READING)}</section>`;
}
