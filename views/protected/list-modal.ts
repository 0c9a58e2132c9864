import type { ProtectedRow } from '../../src/domain/protected/verbs/list.ts';
import { actions, button, context, type ModalView, modal, section } from '../blocks.ts';
import { bold, date, md, type Mrkdwn } from '../mrkdwn.ts';
import { pageOf, pager } from '../paging.ts';
import { count, listed, plural } from '../words.ts';

/** Entries on one page. */
const PAGE = 10;

export interface ProtectedList {
  readonly rows: readonly ProtectedRow[];
  /** Plain names of Slack people. */
  readonly names: (userId: string) => string;
  readonly timeZone: string;
}

/** Whom no sync, un-assignment, deletion or undo removes or downgrades (A7): who, why, by whom, and who agreed. */
export function protectedModal({ rows, names, timeZone }: ProtectedList, at: number): ModalView {
  const page = pageOf(rows, at, PAGE);
  return modal({
    callbackId: 'protected.list',
    title: 'Protected people',
    metadata: { page: page.page },
    blocks: [
      section(rows.length === 0 ? NOBODY : `${plural(rows.length, 'entry', 'entries')}. Usher removes and downgrades none of these people.`),
      ...page.items.map((row) => section(line(row, names, timeZone), { accessory: remove(row) })),
      page.pages > 1 && context(`${page.from} to ${page.to} of ${count(page.total)}`),
      actions([
        button({ text: 'Add…', action: 'protected.add', style: rows.length === 0 ? 'primary' : undefined }),
        ...pager('protected.page', page.page, page.pages),
      ]),
      context('Editing this list takes two people: a global admin asks, somebody else approves.'),
    ],
  });
}

const NOBODY = 'Nobody is protected yet. Put service accounts, break-glass accounts and the last admin of each application here.';

function line({ entry, name, organization, connector }: ProtectedRow, names: ProtectedList['names'], timeZone: string): Mrkdwn {
  const agreed = entry.approvedBy.length === 0 ? 'released from the host' : `approved by ${listed(entry.approvedBy.map(names), 5)}`;
  return md`${bold(name)} · ${organization ?? 'left the directory'} · ${connector ?? 'all connectors'}\n${entry.why}\nasked by ${names(entry.by)}, ${agreed}, ${date(entry.at, timeZone, 'date')}`;
}

function remove({ entry, name }: ProtectedRow): ReturnType<typeof button> {
  return button({ text: 'Un-protect…', action: 'protected.remove', value: entry.id, accessibilityLabel: `Stop protecting ${name}` });
}
