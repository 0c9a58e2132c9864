import { CONDITIONS, type Condition } from '../../src/domain/alerts/alert.ts';
import { requireAlerting } from '../../src/domain/alerts/verbs/permit.ts';
import { checked, type SubscriptionWish, subscribe } from '../../src/domain/alerts/verbs/subscribe.ts';
import { subscribable, subscriptionsOf } from '../../src/domain/alerts/verbs/subscriptions.ts';
import { connectorById, connectorNamed } from '../../src/domain/connectors/verbs/find.ts';
import { wordsOf } from '../../src/domain/directory/fold.ts';
import { badInput, Refusal } from '../../src/domain/refusal.ts';
import { namesOf } from '../../src/domain/rights/verbs/names.ts';
import { ALL, readSubscribe, subscribeModal, USUAL } from '../../views/alerts/subscribe-modal.ts';
import { connectorAlertsModal } from '../../views/alerts/subscriptions.ts';
import { type Choice, type Message, type ModalView, message } from '../../views/blocks.ts';
import { isValueOf } from '../../views/ids.ts';
import { channelMention, md } from '../../views/mrkdwn.ts';
import { loading, messageAsModal, note } from '../../views/notice.ts';
import { refusalLine } from '../../views/refusal.ts';
import { fittingChoices } from '../choices.ts';
import type { Answer, Ask, Command, Form, Suggestion } from '../command.ts';
import { channelIn, userIn, type Words } from '../words.ts';

/** Subscribes a channel to a connector's alerts, or to all (N1). */
export const subscribeAlerts: Command = {
  typed: [
    {
      topic: 'alerts',
      verb: 'subscribe',
      right: 'run',
      usage: 'alerts subscribe [#channel] [connector=<connector>|all] [conditions=failure,partial,…] [escalate= @user|#channel after=30] [names=yes]',
      summary: 'Tell a channel of a connector; without words: the form',
      run: typedSubscribe,
    },
  ],
  presses: { 'alerts.subscribe': (ask, press) => openSubscribe(ask, press.value) },
  forms: { 'alerts.subscribe': submitted },
  suggestions: { 'alerts.connector': connectorChoices },
};

/** The channels that are told of a connector, as a modal: from its card. */
export async function openAlerts(ask: Ask, connectorId: string, page = 1): Promise<Answer> {
  const { connector } = await connectorById(ask.outside, ask.actor, connectorId);
  await requireAlerting(ask.outside, ask.actor, connectorId);
  return {
    is: 'modal',
    view: loading('Alerts', `Reading who is told of ${connector.name}…`),
    later: async () => {
      const rows = await subscriptionsOf(ask.outside, ask.actor, connector);
      return connectorAlertsModal(connector, rows, page, await namesOf(ask.outside, rows.flatMap(namedIn)));
    },
  };
}

/** The people that a list of subscriptions names. */
export function namedIn({ subscription: { by, escalation } }: Awaited<ReturnType<typeof subscriptionsOf>>[number]): readonly string[] {
  return escalation === null ? [by] : [by, escalation.to];
}

async function openSubscribe(ask: Ask, connectorId: string | null): Promise<Answer> {
  await requireAlerting(ask.outside, ask.actor, connectorId);
  const connector = connectorId === null ? null : (await connectorById(ask.outside, ask.actor, connectorId)).connector;
  const channelId = channelIn(ask.channelId ?? '');
  return { is: 'modal', view: subscribeModal({ connector, wish: channelId === null ? {} : { channelId }, problem: null }) };
}

async function connectorChoices(ask: Ask, { typed }: Suggestion): Promise<readonly Choice[]> {
  return [...(wordsOf(typed).length === 0 ? [ALL] : []), ...fittingChoices(typed, await subscribable(ask.outside, ask.actor))];
}

async function submitted(ask: Ask, form: Form): Promise<Answer> {
  const { connector, twoTargets, ...read } = readSubscribe(form.state);
  if (twoTargets) throw badInput('escalateChannel', 'A person is chosen as well.', 'Choose one of the two.');
  const chosen = connector === ALL.value ? null : (await subscribable(ask.outside, ask.actor)).find(({ id }) => isValueOf(connector, id));
  if (chosen === undefined) throw badInput('connector', 'That connector is not yours to set alerts of.', 'Choose another one.');
  const wish: SubscriptionWish = { ...read, connectorId: chosen?.id ?? null };
  await requireAlerting(ask.outside, ask.actor, wish.connectorId);
  checked(wish);
  return {
    is: 'modal',
    view: loading('Alerts', 'Asking Slack whether Usher can post there…'),
    later: () => asked(ask, wish, chosen),
  };
}

/** Slack is asked after the ack; where it says no, the form stands again as it was filled in (N1). */
async function asked(ask: Ask, wish: SubscriptionWish, connector: { readonly id: string; readonly name: string } | null): Promise<ModalView> {
  try {
    return messageAsModal(await subscribed(ask, wish, connector?.name ?? null));
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    return subscribeModal({ connector, wish, problem: refusalLine(refusal.reason, ask.outside.settings) });
  }
}

async function subscribed(ask: Ask, wish: SubscriptionWish, connector: string | null): Promise<Message> {
  const { namesHeld } = await subscribe(ask.outside, ask.actor, wish);
  const names = namesHeld ? md`` : md` Guests or another workspace read along there, so it gets counts only for as long as they do.`;
  return message({ text: md`${channelMention(wish.channelId)} is told of ${connector ?? 'all connectors'} from now on.${names}` });
}

async function typedSubscribe(ask: Ask, words: Words): Promise<Answer> {
  if (words.objects.length === 0 && Object.keys(words.options).length === 0) return openSubscribe(ask, null);
  const connector = await typedConnector(ask, words);
  const { escalate, after, names, conditions } = words.options;
  const wish: SubscriptionWish = {
    channelId: typedChannel(ask, words),
    connectorId: connector?.id ?? null,
    conditions: conditions === undefined ? USUAL : conditionsIn(conditions),
    escalation: escalate === undefined ? null : { to: targetIn(escalate), afterMinutes: Number(after ?? 30) },
    mayNames: /^(yes|true|on)$/i.test(names ?? ''),
  };
  await requireAlerting(ask.outside, ask.actor, wish.connectorId);
  checked(wish);
  return {
    is: 'message',
    message: note('Asking Slack whether Usher can post there…'),
    later: () => subscribed(ask, wish, connector?.name ?? null),
  };
}

/** The channel of typed words, or the one the person stands in. */
export function typedChannel(ask: Ask, words: Words): string {
  const [typed] = words.objects;
  if (typed === undefined && ask.channelId !== null) return ask.channelId;
  const channelId = channelIn(typed ?? '');
  if (channelId === null) throw badInput('channel', `“${typed ?? ''}” is no channel.`, 'Choose it from the list that Slack offers after #.');
  return channelId;
}

/** `connector=` of typed words; null is all. */
export async function typedConnector(ask: Ask, { options }: Words): Promise<{ readonly id: string; readonly name: string } | null> {
  const typed = options.connector ?? 'all';
  return /^(all|\*)$/i.test(typed) ? null : (await connectorNamed(ask.outside, ask.actor, typed)).connector;
}

function conditionsIn(typed: string): readonly Condition[] {
  const wanted = typed.toLowerCase().split(',');
  return wanted
    .map((word) => word.trim())
    .filter((word) => word !== '')
    .map((word) => {
      const found = CONDITIONS.find((condition) => condition === word);
      if (found === undefined) throw badInput('conditions', `“${word}” is no condition.`, `There are ${CONDITIONS.join(', ')}.`);
      return found;
    });
}

function targetIn(typed: string): string {
  const target = userIn(typed) ?? channelIn(typed);
  if (target === null)
    throw badInput('escalate', `“${typed}” is neither a person nor a channel.`, 'Type escalate= and, after a blank, @ or # and the name: escalate= @sam.');
  return target;
}
