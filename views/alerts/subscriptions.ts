import { subscriptionKey } from '../../src/domain/alerts/alert.ts';
import type { SubscriptionRow } from '../../src/domain/alerts/verbs/subscriptions.ts';
import { actions, type Blocks, button, context, type Message, message, type ModalView, modal, section } from '../blocks.ts';
import { bold, channelMention, md, type Mrkdwn } from '../mrkdwn.ts';
import { pageOf, pager } from '../paging.ts';
import { count, duration, listed, plural } from '../words.ts';
import { CONDITION_WORDS } from './condition-words.ts';

/** Each has its own button, so a page is short; a table's cells could show neither a channel nor a button. */
const PAGE = 10;

/** Which channels are told of what, as an ephemeral message. `names` gives plain names of people. */
export function subscriptionsMessage(rows: readonly SubscriptionRow[], page: number, names: (userId: string) => string, maySubscribe: boolean): Message {
  const head = rows.length === 0 ? NOTHING : `${plural(rows.length, 'alert subscription')}.`;
  return message({ text: head, blocks: [section(head), ...rowBlocks(rows, page, names, ''), actions([maySubscribe && subscribeButton('')])] });
}

/** The subscriptions that speak for one connector: from its card. */
export function connectorAlertsModal(
  connector: { readonly id: string; readonly name: string },
  rows: readonly SubscriptionRow[],
  page: number,
  names: (userId: string) => string,
): ModalView {
  const head =
    rows.length === 0 ? `No channel is told of ${connector.name} yet.` : `${plural(rows.length, 'channel is', 'channels are')} told of ${connector.name}.`;
  return modal({
    callbackId: 'alerts.connector',
    title: 'Alerts',
    metadata: { connectorId: connector.id, page },
    blocks: [
      section(head),
      ...rowBlocks(rows, page, names, connector.id),
      actions([subscribeButton(connector.id), button({ text: '‹ Connector', action: 'connectors.open', value: connector.id })]),
    ],
  });
}

const NOTHING = 'No channel is told of anything yet. A subscription says which channel hears of which connector.';

function subscribeButton(connectorId: string): ReturnType<typeof button> {
  return button({ text: 'Subscribe a channel…', action: 'alerts.subscribe', value: connectorId, style: 'primary' });
}

function rowBlocks(rows: readonly SubscriptionRow[], wanted: number, names: (userId: string) => string, pagerValue: string): Blocks {
  const page = pageOf(rows, wanted, PAGE);
  return [
    ...page.items.map((row) => section(rowLine(row, names), { accessory: row.mayEnd && removeButton(row) })),
    page.pages > 1 && actions(pager('alerts.page', page.page, page.pages, pagerValue)),
    page.pages > 1 && context(`${page.from} to ${page.to} of ${count(page.total)}`),
  ];
}

function rowLine({ subscription, connector }: SubscriptionRow, names: (userId: string) => string): Mrkdwn {
  const { channelId, conditions, escalation, mayNames, by } = subscription;
  const of = connector === null ? 'All connectors' : connector.name;
  const told = listed(
    conditions.map((condition) => CONDITION_WORDS[condition].name.toLowerCase()),
    conditions.length,
  );
  const silence = escalation === null ? md`` : md` · unanswered for ${duration(escalation.afterMinutes * 60_000)}: ${target(escalation.to, names)}`;
  return md`${channelMention(channelId)} · ${bold(of)} · ${told}${silence}\n${mayNames ? 'may see names' : 'counts only'} · by ${names(by)}`;
}

function target(to: string, names: (userId: string) => string): Mrkdwn {
  return /^[UW]/.test(to) ? md`${names(to)}` : channelMention(to);
}

function removeButton({ subscription, connector }: SubscriptionRow): ReturnType<typeof button> {
  return button({
    text: 'Remove',
    action: 'alerts.unsubscribe',
    value: subscriptionKey(subscription),
    accessibilityLabel: `Remove the subscription to ${connector?.name ?? 'all connectors'}`,
    confirm: {
      title: 'End these alerts?',
      text: md`${channelMention(subscription.channelId)} is told no more of ${connector?.name ?? 'any connector'}. Open alerts can still be answered.`,
      confirm: 'End them',
      deny: 'Keep them',
      style: 'danger',
    },
  });
}

/** The subscription of a pressed *Remove*; null for anything else. */
export function readSubscriptionKey(value: string | null): { readonly channelId: string; readonly connectorId: string | null } | null {
  const [, channelId, connectorId] = /^([^/]+)\/(.+)$/s.exec(value ?? '') ?? [];
  return channelId === undefined || connectorId === undefined ? null : { channelId, connectorId: connectorId === '*' ? null : connectorId };
}

/** The connector and page that a connector's alerts modal shows; null for any other view's metadata. */
export function readConnectorAlerts(metadata: unknown): { readonly connectorId: string; readonly page: number } | null {
  if (typeof metadata !== 'object' || metadata === null || !('connectorId' in metadata) || !('page' in metadata)) return null;
  const { connectorId, page } = metadata;
  return typeof connectorId === 'string' && typeof page === 'number' ? { connectorId, page } : null;
}
