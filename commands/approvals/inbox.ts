import { approvalInbox } from '../../src/domain/approvals/verbs/inbox.ts';
import { namesIn } from '../../src/domain/approvals/verbs/model.ts';
import { holdsSomewhere } from '../../src/domain/rights/grant.ts';
import { inboxModal, type Tab, tabNamed } from '../../views/approvals/inbox-modal.ts';
import { loading } from '../../views/notice.ts';
import { readPager } from '../../views/paging.ts';
import type { Answer, Ask, Command } from '../command.ts';

/** What waits for the viewer, what they asked for, what they decided lately. */
export const approvalsInbox: Command = {
  typed: [
    { topic: 'approvals', verb: '', usage: 'approvals', summary: 'The inbox: what waits for you, what you asked for', run: (ask) => open(ask, 'waiting', 1) },
    { topic: 'approvals', verb: 'inbox', usage: 'approvals inbox', summary: 'The same', run: (ask) => open(ask, 'waiting', 1) },
  ],
  presses: {
    'approvals.inbox': (ask, press) => open(ask, tabNamed(press.value), 1),
    'approvals.page': (ask, press) => {
      const { page, value } = readPager(press.value ?? undefined);
      return open(ask, tabNamed(value), page);
    },
  },
};

/** Refuses at once whoever has no part in approvals; names are asked of Slack behind it. */
async function open(ask: Ask, tab: Tab, page: number): Promise<Answer> {
  const inbox = await approvalInbox(ask.outside, ask.actor);
  return {
    is: 'modal',
    view: loading('Approvals', 'Reading the requests…'),
    later: async () =>
      inboxModal({
        lists: inbox,
        tab,
        page,
        names: await namesIn(ask.outside, Object.values(inbox).flat()),
        timeZone: ask.outside.settings.timeZone,
        policies: holdsSomewhere(ask.actor, 'decide'),
      }),
  };
}
