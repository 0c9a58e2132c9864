import { unsubscribe } from '../../src/domain/alerts/verbs/unsubscribe.ts';
import { subscriptions } from '../../src/domain/alerts/verbs/subscriptions.ts';
import { holdsSomewhere } from '../../src/domain/rights/grant.ts';
import { requireRole } from '../../src/domain/rights/verbs/who.ts';
import { namesOf } from '../../src/domain/rights/verbs/names.ts';
import { readConnectorAlerts, readSubscriptionKey, subscriptionsMessage } from '../../views/alerts/subscriptions.ts';
import { message } from '../../views/blocks.ts';
import { channelMention, md } from '../../views/mrkdwn.ts';
import { note } from '../../views/notice.ts';
import { readPager } from '../../views/paging.ts';
import type { Answer, Ask, Command, Press } from '../command.ts';
import type { Words } from '../words.ts';
import { namedIn, openAlerts, typedChannel, typedConnector } from './subscribe.ts';

/** Which channels are told of what (N1). */
export const listAlerts: Command = {
  typed: [
    {
      topic: 'alerts',
      verb: '',
      right: 'see',
      usage: 'alerts [page=2]',
      summary: 'Which channels are told of which connectors',
      run: (ask, words) => list(ask, pageIn(words), false),
    },
    { topic: 'alerts', verb: 'list', right: 'see', usage: 'alerts list [page=2]', summary: 'The same', run: (ask, words) => list(ask, pageIn(words), false) },
    {
      topic: 'alerts',
      verb: 'unsubscribe',
      right: 'run',
      usage: 'alerts unsubscribe [#channel] [connector=<connector>|all]',
      summary: 'Tell a channel no more',
      run: typedUnsubscribe,
    },
  ],
  presses: {
    'alerts.list': (ask) => list(ask, 1, false),
    'alerts.page': paged,
    'alerts.unsubscribe': pressedUnsubscribe,
  },
};

function pageIn({ options }: Words): number {
  return Number(options.page ?? 1);
}

async function list(ask: Ask, page: number, replaces: boolean): Promise<Answer> {
  await requireRole(ask.outside, ask.actor);
  return {
    is: 'message',
    message: note('Reading the subscriptions…'),
    replaces,
    later: async () => {
      const rows = await subscriptions(ask.outside, ask.actor);
      return subscriptionsMessage(rows, page, await namesOf(ask.outside, rows.flatMap(namedIn)), holdsSomewhere(ask.actor, 'run'));
    },
  };
}

async function paged(ask: Ask, press: Press): Promise<Answer> {
  const { page, value } = readPager(press.value ?? undefined);
  return value === '' ? list(ask, page, true) : openAlerts(ask, value, page);
}

/** Stays in the list where *Remove* was pressed. */
async function pressedUnsubscribe(ask: Ask, press: Press): Promise<Answer> {
  const wanted = readSubscriptionKey(press.value);
  if (wanted === null) return { is: 'nothing' };
  await unsubscribe(ask.outside, ask.actor, wanted);
  const shown = press.view === null ? null : readConnectorAlerts(press.view.metadata);
  return shown === null ? list(ask, 1, true) : openAlerts(ask, shown.connectorId, shown.page);
}

async function typedUnsubscribe(ask: Ask, words: Words): Promise<Answer> {
  const connector = await typedConnector(ask, words);
  const { channelId } = await unsubscribe(ask.outside, ask.actor, { channelId: typedChannel(ask, words), connectorId: connector?.id ?? null });
  return { is: 'message', message: message({ text: md`${channelMention(channelId)} is told no more of ${connector?.name ?? 'all connectors'}.` }) };
}
