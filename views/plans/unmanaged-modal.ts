import type { Unmanaged } from '../../src/domain/plans/verbs/unmanaged.ts';
import { actions, button, context, type ModalView, modal, section } from '../blocks.ts';
import { bold, code, date, md } from '../mrkdwn.ts';
import { plural } from '../words.ts';

/** Accounts on one page. */
export const UNMANAGED_PAGE = 10;

/** Accounts in the target that nobody's person is linked to: listed, never touched (S26). */
export function unmanagedModal({ connector, total, accounts, next }: Unmanaged, first: boolean, timeZone: string): ModalView {
  const { listing } = connector;
  return modal({
    callbackId: 'sync.unmanaged',
    title: 'Not managed',
    metadata: { connectorId: connector.id },
    blocks: [
      section(
        md`${bold(connector.name)}: ${total === 0 ? 'every account there is managed, as far as it was listed.' : `${plural(total, 'account is', 'accounts are')} not managed. They are never touched.`}`,
      ),
      ...accounts.map(({ targetId, match, active }) => section(md`${bold(match ?? 'no matching value')} · ${code(targetId)}${active ? '' : ' · inactive'}`)),
      listing === null
        ? context('The target was not listed yet.')
        : context(md`Listed ${date(listing.at, timeZone)}: ${plural(listing.total, 'account')} in all.`),
      total > 0 && context(md`Link one by hand: ${code('sync link <connector> <person> <target id>')}`),
      actions([
        !first && button({ text: '‹ First', action: 'sync.unmanaged', value: connector.id }),
        next !== null && button({ text: 'More ›', action: 'sync.unmanaged-more', value: `${connector.id}/${next}` }),
        total > 0 && button({ text: 'Download CSV', action: 'sync.unmanaged-file', value: connector.id }),
        button({ text: '‹ Connector', action: 'connectors.open', value: connector.id }),
      ]),
    ],
  });
}

/** Connector and account of a pressed *More*; null for anything else. A connector's id holds no slash. */
export function readMore(value: string | null): { readonly connectorId: string; readonly after: string } | null {
  const [, connectorId, after] = /^([^/]+)\/(.+)$/s.exec(value ?? '') ?? [];
  return connectorId === undefined || after === undefined ? null : { connectorId, after };
}
