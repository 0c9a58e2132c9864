import type { AssignedPart, ConnectorRow } from '../../src/domain/connectors/verbs/overview.ts';
import type { Coverage } from '../../src/domain/projections/covering.ts';
import { actions, button, context, externalSelect, type Message, message, section, staticSelect, table } from '../blocks.ts';
import { namedChoices } from '../named-choices.ts';
import { bold, md } from '../mrkdwn.ts';
import { pageOf, pager } from '../paging.ts';
import { connectorSign, signed } from '../signs.ts';
import { count, moment, plural } from '../words.ts';

/** Rows of the table on one page: a connector and its assigned roles and groups are one row each. */
const ROWS = 25;

export interface ConnectorsList {
  readonly rows: readonly ConnectorRow[];
  /** Null is everything the viewer may see. */
  readonly organization: { readonly id: string; readonly name: string } | null;
  readonly page: number;
  readonly timeZone: string;
  readonly names: (userId: string) => string;
  /** What works for the viewer of what could be pressed there. */
  readonly may: { readonly create: boolean; readonly see: boolean };
}

/** The list of connectors (C1, C2): one table, one *Open…* below, the organization picker, paging. */
export function connectorsMessage(list: ConnectorsList): Message {
  if (list.rows.length === 0) return empty(list);
  const head = headOf(list);
  const lines = list.rows.flatMap((row) => [{ row, part: null }, ...row.parts.map((part) => ({ row, part }))]);
  const page = pageOf(lines, list.page, ROWS);
  const here = new Set(page.items.map(({ row }) => row.connector.id));
  const choices = namedChoices(list.rows.map(({ connector }) => connector)).filter(({ value }) => here.has(value));
  const organization = list.organization?.id ?? '';
  return message({
    text: `${head}: ${list.rows.map(({ connector, total }) => `${connector.name} ${coverage(total)}`).join(', ')}`,
    blocks: [
      section(md`${bold('Connectors')} · ${head}`, { accessory: list.may.see && organizationPicker(list.organization) }),
      table(
        [
          { title: 'Connector', wrap: true },
          { title: 'State' },
          { title: 'Accounts', align: 'right' },
          { title: 'Last assign', wrap: true },
          { title: 'Last provision' },
        ],
        page.items.map(({ row, part }) => (part === null ? connectorCells(row, list) : partCells(part))),
      ),
      actions([
        staticSelect({ action: 'connectors.open', placeholder: 'Open…', choices }),
        list.may.see && staticSelect({ action: 'connectors.history', placeholder: 'History of…', choices }),
        list.may.create && button({ text: 'New connector', action: 'connectors.new' }),
        list.may.see && button({ text: 'Download CSV', action: 'report.connectors', value: organization }),
        ...pager('connectors.page', page.page, page.pages, organization),
      ]),
      page.pages > 1 && context(`Rows ${page.from} to ${page.to} of ${count(page.total)}`),
    ],
  });
}

/** `12 connectors in Riverside and below, 2 need attention`. */
export function headOf(list: ConnectorsList): string {
  const attention = list.rows.filter(needsAttention).length;
  return `${plural(list.rows.length, 'connector')} in ${placeOf(list)}${attention === 0 ? '' : `, ${count(attention)} ${attention === 1 ? 'needs' : 'need'} attention`}`;
}

function placeOf({ organization }: ConnectorsList): string {
  return organization === null ? 'all organizations' : `${organization.name} and below`;
}

/** What stands in the place of an empty list. */
export function noneIn(list: ConnectorsList): string {
  return `No connectors${list.organization === null ? '' : ` in ${placeOf(list)}`} yet. A connector says how accounts reach one application.`;
}

function empty(list: ConnectorsList): Message {
  return message({
    text: noneIn(list),
    blocks: [
      section(noneIn(list), { accessory: list.organization !== null && organizationPicker(list.organization) }),
      actions([list.may.create && button({ text: 'New connector', action: 'connectors.new', style: 'primary' })]),
    ],
  });
}

/** Scopes the list to an organization and everything below (C3). */
export function organizationPicker(initial: ConnectorsList['organization']): ReturnType<typeof externalSelect> {
  return externalSelect({
    action: 'connectors.organization',
    placeholder: 'Organization',
    initial: initial === null ? null : { text: initial.name, value: initial.id },
  });
}

/** `412 of 430`. */
export function coverage({ have, of }: Coverage): string {
  return `${count(have)} of ${count(of)}`;
}

function connectorCells({ connector, total }: ConnectorRow, { timeZone, names }: ConnectorsList): readonly string[] {
  return [
    connector.name,
    signed(connectorSign(connector.state, connector.health)),
    coverage(total),
    connector.lastAssign === null ? '–' : `${moment(connector.lastAssign.at, timeZone, 'date')}, ${names(connector.lastAssign.by)}`,
    connector.lastProvision === null ? '–' : moment(connector.lastProvision, timeZone, 'date'),
  ];
}

function partCells(part: AssignedPart): readonly string[] {
  return [`↳ ${part.grouping}, ${part.organization}`, '', coverage(part), '', ''];
}

function needsAttention({ connector }: ConnectorRow): boolean {
  return connector.state.is === 'active' && (connector.health.is === 'failing' || connector.health.is === 'needs-credentials');
}
