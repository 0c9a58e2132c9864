import { cleared, type Dialect, EVERY, GROUPS, RFC_DIALECT, type Shape } from '../../src/domain/connectors/dialect.ts';
import type { Connector } from '../../src/domain/connectors/connector.ts';
import { SCIM_ATTRIBUTES } from '../../src/domain/connectors/mapping.ts';
import { button, context, type Message, message, type ModalView, modal, section } from '../blocks.ts';
import { bold, date, md } from '../mrkdwn.ts';
import { count, listed, plural } from '../words.ts';

const SHAPES: Readonly<Record<Shape, string>> = {
  path: 'PATCH by path',
  object: 'PATCH without a path',
  put: 'PUT from a fresh read',
  none: 'not kept in any way',
};

const LABELS: ReadonlyMap<string, string> = new Map([
  ...SCIM_ATTRIBUTES.flatMap(({ path, label }) => [[path, label] as const, [cleared(path), `clearing ${label}`] as const]),
  ['active', 'active'],
  ['externalId', 'external id'],
  [GROUPS, 'groups'],
]);

function labels(keys: readonly string[]): string {
  return listed(keys.map((key) => LABELS.get(key) ?? key));
}

function usual({ shapes }: Dialect): Shape {
  return shapes[EVERY] ?? 'path';
}

/** What a target does otherwise than most, in a few words for its card: "PATCH by path, no Bulk, pages of 100" (C20). */
export function dialectInWords(dialect: Dialect): string {
  const exceptions = Object.keys(dialect.shapes).filter((key) => key !== EVERY).length;
  return [
    SHAPES[usual(dialect)],
    ...(exceptions === 0 ? [] : [plural(exceptions, 'exception')]),
    ...(dialect.active === 'string' ? ['active as text'] : []),
    dialect.bulk === null ? 'no Bulk' : `Bulk of ${count(dialect.bulk.maxOperations)}`,
    `pages of ${count(dialect.pages.size)}`,
  ].join(', ');
}

const PUTS: Readonly<Record<Dialect['put'], string>> = {
  replaces: 'wipes what it leaves out, so it always starts from a fresh read',
  merges: 'keeps what it leaves out',
  none: 'does not work',
  unknown: 'not known',
};
const CASES = { any: 'ignores letter case', exact: 'compares letter case: a walk of the pages finds what it misses', unknown: 'not tried' } as const;
const FOUND = { works: 'works', fails: 'finds nobody', unknown: 'not tried' } as const;
const REMOVALS: Readonly<Record<Dialect['members']['removal'], string>> = {
  filter: 'one by one, by filter',
  replace: 'by writing the whole list',
  values: 'by a list of values',
  none: 'in no way',
};
const READABLE: Readonly<Record<Dialect['members']['readable'], string>> = {
  whole: 'shown whole',
  partly: 'cut off: nothing is concluded from them',
  never: 'never shown: Usher goes by what it wrote',
  unknown: 'not looked at yet',
};
const TOTALS = { honest: 'true', page: 'only those of the page', unknown: 'not proved' } as const;
const VERSIONS: Readonly<Record<Dialect['etag'], string>> = {
  ignored: 'not checked',
  checked: 'checked where they are sent',
  required: 'demanded: every change reads first',
  unknown: 'not tried',
};

/** Every line of the profile: what, and how it is. */
function lines(dialect: Dialect): readonly (readonly [string, string])[] {
  const { shapes, filter, members, pages, etag, bulk } = dialect;
  const by = (shape: Shape): readonly string[] => Object.keys(shapes).filter((key) => key !== EVERY && shapes[key] === shape);
  const exceptions = (['object', 'put', 'none'] as const).flatMap((shape) => (by(shape).length === 0 ? [] : [`${SHAPES[shape]}: ${labels(by(shape))}`]));
  return [
    ['Changes', [SHAPES[usual(dialect)], ...exceptions].join('. ')],
    ['Active', dialect.active === 'boolean' ? 'true or false' : 'the text True or False'],
    ['PUT', PUTS[dialect.put]],
    ['Looking up by user name', CASES[filter.letterCase]],
    ['Looking up by external id', FOUND[filter.externalId]],
    ['Pages', `${count(pages.size)} rows; totals ${TOTALS[pages.totals]}`],
    ['Group members', `taken out ${REMOVALS[members.removal]}, ${count(members.batch)} a request; lists ${READABLE[members.readable]}`],
    ['Versions (ETag)', VERSIONS[etag]],
    [
      'Bulk',
      bulk === null ? 'does not work, or was not tried' : `works, ${count(bulk.maxOperations)} operations a request; used where requests a second are limited`,
    ],
  ];
}

function blocksOf(connector: Connector, timeZone: string) {
  const dialect = connector.dialect ?? RFC_DIALECT;
  return [
    section(
      dialect.learntAt === null
        ? md`Not rehearsed since Usher learns dialects: this is what the standard says, and what syncs found out.`
        : md`Learnt by the rehearsal of ${date(dialect.learntAt, timeZone)}, and by syncs since.`,
    ),
    ...lines(dialect).map(([name, value]) => section(md`${bold(name)}: ${value}`)),
    context('Syncs speak this dialect. The next rehearsal learns it anew.'),
  ];
}

/** The whole profile, as a message. */
export function dialectMessage(connector: Connector, timeZone: string): Message {
  return message({
    text: `${connector.name}: ${dialectInWords(connector.dialect ?? RFC_DIALECT)}.`,
    blocks: [section(md`${bold(connector.name)}: what its SCIM service really does`), ...blocksOf(connector, timeZone)],
  });
}

/** The whole profile, after *Details*; *Back* is the connector's card. */
export function dialectModal(connector: Connector, timeZone: string): ModalView {
  const back = section(md`${bold(connector.name)}: what its SCIM service really does`, {
    accessory: button({ text: 'Back', action: 'connectors.open', value: connector.id }),
  });
  return modal({
    callbackId: 'connectors.dialect',
    title: 'Dialect',
    blocks: [back, ...blocksOf(connector, timeZone)],
    metadata: { connectorId: connector.id },
  });
}
