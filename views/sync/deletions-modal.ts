import type { ScheduledDeletion } from '../../src/domain/sync/verbs/deletions.ts';
import { actions, button, context, type ModalView, modal, section } from '../blocks.ts';
import { bold, date, md, type Mrkdwn } from '../mrkdwn.ts';
import { pageOf, pager, readPager } from '../paging.ts';
import { plural } from '../words.ts';

/** Accounts on one page. */
const PAGE = 10;

export interface Deletions {
  readonly connector: { readonly id: string; readonly name: string };
  readonly deletions: readonly ScheduledDeletion[];
  readonly timeZone: string;
}

/** Accounts *scheduled for deletion*, the soonest first, each with *Cancel deletion* (S10). */
export function deletionsModal({ connector, deletions, timeZone }: Deletions, at: number): ModalView {
  const page = pageOf(deletions, at, PAGE);
  return modal({
    callbackId: 'sync.deletions',
    title: 'Scheduled for deletion',
    metadata: { connectorId: connector.id, page: page.page },
    blocks: [
      section(
        md`${bold(connector.name)}: ${deletions.length === 0 ? 'no account is' : plural(deletions.length, 'account is', 'accounts are')} scheduled for deletion.`,
      ),
      ...page.items.map((deletion) => section(line(deletion, timeZone), { accessory: deletion.mayCancel && keep(deletion, connector.id) })),
      deletions.length > 0 && context('They are deactivated now. A cancelled one stays deactivated until its person comes back.'),
      actions([
        ...pager('sync.deletions', page.page, page.pages, connector.id),
        button({ text: '‹ Connector', action: 'connectors.open', value: connector.id }),
      ]),
    ],
  });
}

function line({ name, organization, deleteAt, protected: shielded }: ScheduledDeletion, timeZone: string): Mrkdwn {
  const when = shielded ? md`protected: not deleted` : md`deleted on ${date(deleteAt, timeZone, 'date')}`;
  return md`${bold(name)} · ${organization === '' ? 'left the directory' : organization} · ${when}`;
}

function keep({ personId, name }: ScheduledDeletion, connectorId: string): ReturnType<typeof button> {
  return button({ text: 'Cancel deletion', action: 'sync.keep', value: `${connectorId}/${personId}`, accessibilityLabel: `Cancel the deletion of ${name}` });
}

/** Connector and page of a pressed button that leads here: the connector's id alone, or a page of it. */
export function readDeletions(value: string | null): { readonly connectorId: string; readonly page: number } {
  const paged = readPager(value ?? undefined);
  return paged.value === '' ? { connectorId: value ?? '', page: 1 } : { connectorId: paged.value, page: paged.page };
}

/** Connector and person of a pressed *Cancel deletion*; null for anything else. A connector's id holds no slash. */
export function readKeep(value: string | null): { readonly connectorId: string; readonly personId: string } | null {
  const [, connectorId, personId] = /^([^/]+)\/(.+)$/s.exec(value ?? '') ?? [];
  return connectorId === undefined || personId === undefined ? null : { connectorId, personId };
}
