import type { AssignedPart, ConnectorRow } from '../../src/domain/connectors/verbs/overview.ts';
import { coverage } from '../connectors/list-message.ts';
import { actions, button, context, type ModalView, modal, section } from '../blocks.ts';
import { bold, date, md, type Mrkdwn } from '../mrkdwn.ts';
import { pageOf, pager } from '../paging.ts';
import { count, plural } from '../words.ts';

/** Assignments on one page. */
const PAGE = 10;

export interface AssignmentsList {
  readonly row: ConnectorRow;
  readonly page: number;
  /** Where the viewer may end an assignment. */
  readonly mayEnd: (organizationId: string) => boolean;
  /** The viewer may assign it somewhere. */
  readonly mayAssign: boolean;
  readonly timeZone: string;
  readonly names: (userId: string) => string;
}

/** What a connector is assigned to, each with *Un-assign…* (A2, C1). */
export function assignmentsModal(of: AssignmentsList): ModalView {
  const { connector, total, parts, whole } = of.row;
  const page = pageOf(parts, of.page, PAGE);
  return modal({
    callbackId: 'assign.list',
    title: 'Assignments',
    metadata: { connectorId: connector.id },
    blocks: [
      section(
        md`${bold(connector.name)} · ${plural(parts.length, 'assignment')}${whole ? md`` : md` in your part`} · ${coverage(total)} people have an account`,
      ),
      parts.length === 0 && section('Assigned to nobody yet. Whoever is in an assigned role or group gets an account at the next run.'),
      ...page.items.map((part) =>
        section(partLine(part, of), {
          accessory:
            of.mayEnd(part.assignment.organizationId) &&
            button({ text: 'Un-assign…', action: 'assign.remove', value: part.assignment.id, accessibilityLabel: `Un-assign ${part.grouping}` }),
        }),
      ),
      page.pages > 1 && context(`${page.from} to ${page.to} of ${count(page.total)}`),
      actions([
        ...pager('assign.page', page.page, page.pages, connector.id),
        of.mayAssign && button({ text: 'Assign…', action: 'assign.new', value: connector.id, style: 'primary' }),
        button({ text: 'History', action: 'connectors.history', value: connector.id }),
        button({ text: '‹ Connector', action: 'connectors.open', value: connector.id }),
      ]),
    ],
  });
}

function partLine(part: AssignedPart, { timeZone, names }: AssignmentsList): Mrkdwn {
  const { by, why, effectiveAt } = part.assignment;
  const reason = why === null ? md`` : md` · “${why}”`;
  return md`${bold(part.grouping)} (${part.organization}) · ${part.kind} · ${coverage(part)}\nsince ${date(effectiveAt, timeZone, 'date')}, by ${names(by)}${reason}`;
}
