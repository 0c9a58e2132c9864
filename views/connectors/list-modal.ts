import type { AssignedPart, ConnectorRow } from '../../src/domain/connectors/verbs/overview.ts';
import { actions, button, context, type ModalView, modal, section } from '../blocks.ts';
import { bold, date, joined, md, type Mrkdwn } from '../mrkdwn.ts';
import { pageOf, pager } from '../paging.ts';
import { connectorSign, signed } from '../signs.ts';
import { count } from '../words.ts';
import { type ConnectorsList, coverage, headOf, noneIn, organizationPicker } from './list-message.ts';

const PAGE = 10;
/** Roles and groups named under a connector; its card shows all. */
const PARTS = 4;

/** The list of connectors where no table can stand: in modals, and from the Home tab (C1–C3). */
export function connectorsModal(list: ConnectorsList): ModalView {
  const page = pageOf(list.rows, list.page, PAGE);
  const isEmpty = list.rows.length === 0;
  return modal({
    callbackId: 'connectors.list',
    title: 'Connectors',
    close: 'Close',
    blocks: [
      section(isEmpty ? noneIn(list) : headOf(list), { accessory: list.may.see && organizationPicker(list.organization) }),
      ...page.items.map((row) => rowSection(row, list)),
      actions([
        list.may.create && button({ text: 'New connector', action: 'connectors.new' }),
        ...pager('connectors.page', page.page, page.pages, list.organization?.id ?? ''),
      ]),
      page.pages > 1 && context(`Connectors ${page.from} to ${page.to} of ${count(page.total)}`),
    ],
  });
}

function rowSection(row: ConnectorRow, list: ConnectorsList): ReturnType<typeof section> {
  const { connector, total, parts } = row;
  const lines = [
    md`${bold(connector.name)} · ${signed(connectorSign(connector.state, connector.health))} · ${coverage(total)}`,
    ...parts.slice(0, PARTS).map(partLine),
    ...(parts.length > PARTS ? [md`and ${count(parts.length - PARTS)} more`] : []),
    ...lastLine(row, list),
  ];
  return section(joined(lines, '\n'), {
    accessory: button({ text: 'Open', action: 'connectors.open', value: connector.id, accessibilityLabel: `Open ${connector.name}` }),
  });
}

function partLine(part: AssignedPart): Mrkdwn {
  return md`${part.grouping}, ${part.organization} (${coverage(part)})`;
}

function lastLine({ connector: { lastAssign, lastProvision } }: ConnectorRow, { timeZone, names }: ConnectorsList): readonly Mrkdwn[] {
  const known = [
    ...(lastAssign === null ? [] : [md`last assign ${date(lastAssign.at, timeZone, 'date')}, ${names(lastAssign.by)}`]),
    ...(lastProvision === null ? [] : [md`last provision ${date(lastProvision, timeZone, 'date')}`]),
  ];
  return known.length === 0 ? [] : [joined(known, ' · ')];
}
