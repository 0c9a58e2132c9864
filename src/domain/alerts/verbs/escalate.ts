import type { Put, Stored } from '../../../ports/store.ts';
import type { Place } from '../../cards/card.ts';
import { newCard } from '../../cards/show.ts';
import { MINUTE } from '../../instant.ts';
import { put } from '../../revise.ts';
import type { Alert, Subscription } from '../alert.ts';
import { cardIds, escalationCard, redrawnAlert } from '../cards.ts';
import { subscriptionsTo } from './covering.ts';
import { type Alerting, alertUntold } from './raise.ts';

/**
 * Once a minute (N3): tells of runs that a crash left untold, opens the alerts whose snooze has ended, and brings
 * those that stayed unanswered to the second channel or person, each once. What somebody else changes meanwhile is
 * looked at again a minute later.
 */
export async function escalateAlerts(outside: Alerting): Promise<void> {
  await alertUntold(outside);
  for await (const page of outside.store.scan('alert')) for (const stored of page) await look(outside, stored);
}

async function look(outside: Alerting, stored: Stored<Alert>): Promise<void> {
  const { state } = stored.value;
  if (state.is === 'snoozed' && state.until <= outside.clock.now()) await reopen(outside, stored, state);
  if (state.is === 'open' && state.escalated === null) await escalate(outside, stored, state.since);
}

async function reopen(outside: Alerting, { value: alert, version }: Stored<Alert>, state: Extract<Alert['state'], { is: 'snoozed' }>): Promise<void> {
  const open: Alert = { ...alert, state: { is: 'open', since: outside.clock.now(), escalated: state.escalated } };
  const line = { key: `snooze/${state.until}`, text: 'The snooze is over and this has not recovered.' };
  await commit(outside, [put('alert', alert.id, open, version), ...(await redrawnAlert(outside, alert.id, true, line))]);
}

async function escalate(outside: Alerting, { value: alert, version }: Stored<Alert>, since: number): Promise<void> {
  const escalation = await escalationOf(outside, alert);
  const now = outside.clock.now();
  if (escalation === null || now - since < escalation.afterMinutes * MINUTE) return;
  const told: Alert = { ...alert, state: { is: 'open', since, escalated: now } };
  const card = await outside.store.get('card', escalationCard(alert.id));
  const first = newCard(escalationCard(alert.id), placeOf(escalation.to), { is: 'alert-escalation', alertId: alert.id }, true);
  await commit(outside, [put('alert', alert.id, told, version), ...(await redrawnAlert(outside, alert.id, true)), ...(card === undefined ? [first] : [])]);
}

/** Null where nobody asked for it, or there is nothing left to answer: the connector is gone or disconnected. */
async function escalationOf(outside: Alerting, alert: Alert): Promise<Subscription['escalation']> {
  const connector = (await outside.store.get('connector', alert.connectorId))?.value;
  if (connector === undefined || connector.state.is === 'disconnected') return null;
  return (await subscriptionsTo(outside, connector)).get(alert.channelId)?.escalation ?? null;
}

function placeOf(to: string): Place {
  return /^[UW]/.test(to) ? { is: 'person', userId: to } : { is: 'channel', channelId: to };
}

async function commit(outside: Alerting, puts: readonly Put[]): Promise<void> {
  if ((await outside.store.transaction({ puts })) === 'committed') outside.cards.changed(cardIds(puts));
}
