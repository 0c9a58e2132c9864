import type { ApprovalRequest } from '../../src/domain/approvals/request.ts';
import { actions, button, context, type ModalView, modal, section } from '../blocks.ts';
import { bold, date, md, type Mrkdwn } from '../mrkdwn.ts';
import { pageOf, pager } from '../paging.ts';
import { signed } from '../signs.ts';
import { count, plural } from '../words.ts';
import { requestSign } from './request-words.ts';

/** Requests on one page. */
const PAGE = 10;

export const TABS = ['waiting', 'asked', 'decided'] as const;
export type Tab = (typeof TABS)[number];

const TAB_WORDS: Readonly<Record<Tab, { readonly name: string; readonly empty: string }>> = {
  waiting: { name: 'Waiting for you', empty: 'Nothing waits for your approval.' },
  asked: { name: 'Asked by you', empty: 'You have asked for nothing that needed approval.' },
  decided: { name: 'Decided lately', empty: 'You have decided nothing lately.' },
};

export interface InboxPage {
  /** Newest first in each. */
  readonly lists: Readonly<Record<Tab, readonly ApprovalRequest[]>>;
  readonly tab: Tab;
  readonly page: number;
  readonly names: (id: string) => string;
  readonly timeZone: string;
  /** The viewer may see policies. */
  readonly policies: boolean;
}

/** The approvals inbox: what waits for the viewer, what they asked for, what they decided; each with *Open*. */
export function inboxModal(of: InboxPage): ModalView {
  const list = of.lists[of.tab];
  const page = pageOf(list, of.page, PAGE);
  return modal({
    callbackId: 'approvals.inbox',
    title: 'Approvals',
    metadata: { tab: of.tab, page: page.page },
    blocks: [
      actions(
        TABS.map((tab) =>
          button({
            text: `${TAB_WORDS[tab].name} (${count(of.lists[tab].length)})`,
            action: 'approvals.inbox',
            value: tabValue(tab, 1),
            style: tab === of.tab ? 'primary' : undefined,
          }),
        ),
      ),
      section(list.length === 0 ? TAB_WORDS[of.tab].empty : md`${bold(TAB_WORDS[of.tab].name)}: ${plural(list.length, 'request')}`),
      ...page.items.map((request) =>
        section(requestLine(request, of.names, of.timeZone), {
          accessory: button({ text: 'Open', action: 'approvals.show', value: request.id, accessibilityLabel: `Open ${request.id}` }),
        }),
      ),
      page.pages > 1 && context(`${page.from} to ${page.to} of ${count(page.total)}`),
      actions([
        ...pager('approvals.page', page.page, page.pages, of.tab),
        of.policies && button({ text: 'Policies', action: 'approvals.policies' }),
        button({ text: 'While you are away…', action: 'approvals.delegate' }),
      ]),
    ],
  });
}

/** One request in a list: who asks for what, and until when or what became of it. */
function requestLine(request: ApprovalRequest, names: (id: string) => string, timeZone: string): Mrkdwn {
  const { state } = request;
  const when = state.is === 'open' ? md`expires ${date(request.expiresAt, timeZone)}` : md`${signed(requestSign(request))}, ${date(state.at, timeZone)}`;
  return md`${bold(request.id)} ${names(request.by.userId)} asks to ${bold(request.described.title)} · ${when}`;
}

function tabValue(tab: Tab, page: number): string {
  return `${page}/${tab}`;
}

/** The list that a pressed button means; the first one for anything else. */
export function tabNamed(value: string | null): Tab {
  return TABS.find((tab) => tab === value || value?.endsWith(`/${tab}`) === true) ?? 'waiting';
}
