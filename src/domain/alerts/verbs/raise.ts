import type { Outside } from '../../../ports/outside.ts';
import type { Put, Stored } from '../../../ports/store.ts';
import { newCard } from '../../cards/show.ts';
import type { Connector } from '../../connectors/connector.ts';
import { seatsTaken } from '../../connectors/verbs/card.ts';
import { channelCardPuts } from '../../enrollment/channel-card.ts';
import { DAY } from '../../instant.ts';
import { put } from '../../revise.ts';
import { cardOf } from '../../sync/run-card.ts';
import type { Run } from '../../sync/run.ts';
import { latestRun } from '../../sync/verbs/create-run.ts';
import { type Alert, isLive, type Subscription } from '../alert.ts';
import { alertCard, cardIds, redrawnAlert } from '../cards.ts';
import { subscriptionsTo } from './covering.ts';
import { follow, type Step } from '../follow.ts';
import { isTelling, newsOf, type Seats } from '../news.ts';

export type Alerting = Pick<Outside, 'store' | 'settings' | 'clock' | 'breath' | 'cards'>;

/** Runs looked back over for the last one that tells how the connector did. */
const LOOK_BACK = 20;

/**
 * Tells the subscribed channels of a run that is over, and of any before it that a crash left untold (N1–N3). The
 * connector's last told run is written in the same transaction as the alerts and their cards: asked twice, nothing
 * happens twice.
 */
export async function alertAfterRun(outside: Alerting, run: Run, connector: Connector): Promise<void> {
  const runs = await untold(outside, connector.id);
  for (const each of runs.some(({ id }) => id === run.id) ? runs : [...runs, run]) await tell(outside, each, connector);
}

/** Takes up what a crash between a run's end and its alerts left; for once a minute. */
export async function alertUntold(outside: Alerting): Promise<void> {
  for await (const page of outside.store.scan('connector')) {
    for (const { value } of page) for (const run of await untold(outside, value.id)) await tell(outside, run, value);
  }
}

/** The connector's runs that are over and not told of, oldest first; what ended more than a day ago is no news. */
async function untold(outside: Alerting, connectorId: string): Promise<readonly Run[]> {
  const told = (await outside.store.get('counter', toldKey(connectorId)))?.value.value ?? 0;
  const found: Run[] = [];
  for (let run = await latestRun(outside.store, connectorId); run !== undefined && numberOf(run.id) > told; run = await before(outside, run)) {
    if (run.state.is !== 'ended') continue;
    if (run.state.at < outside.clock.now() - DAY) break;
    found.push(run);
  }
  return found.reverse();
}

async function before(outside: Pick<Outside, 'store'>, run: Run): Promise<Run | undefined> {
  const { previous = null } = run;
  return previous === null ? undefined : (await outside.store.get('run', previous))?.value;
}

async function lastTelling(outside: Pick<Outside, 'store'>, run: Run): Promise<Run | undefined> {
  let found = await before(outside, run);
  for (let looked = 0; found !== undefined && !isTelling(found) && looked < LOOK_BACK; looked += 1) found = await before(outside, found);
  return found;
}

function toldKey(connectorId: string): string {
  return `alerted/${connectorId}`;
}

function numberOf(runId: string): number {
  return Number(/^R-(\d+)$/.exec(runId)?.[1] ?? 0);
}

async function tell(outside: Alerting, run: Run, connector: Connector): Promise<void> {
  for (;;) {
    const told = await outside.store.get('counter', toldKey(connector.id));
    if (run.state.is !== 'ended' || numberOf(run.id) <= (told?.value.value ?? 0)) return;
    const mark = put('counter', toldKey(connector.id), { value: numberOf(run.id) }, told?.version ?? 0);
    const puts = [mark, ...(await putsAfter(outside, run, connector))];
    if ((await outside.store.transaction({ puts })) === 'conflict') continue;
    outside.cards.changed(cardIds(puts));
    return;
  }
}

async function putsAfter(outside: Alerting, run: Run, connector: Connector): Promise<readonly Put[]> {
  const subscriptions = await subscriptionsTo(outside, connector);
  const live = await liveAlerts(outside, connector.id);
  const seats = await seatsAfter(outside, connector, [...subscriptions.values()], live);
  const news = newsOf(run, await lastTelling(outside, run), seats, connector.health.is === 'quarantined' && connector.state.is === 'active');
  if (news === null) return [];
  const channels = new Set([...subscriptions.keys(), ...live.map(({ value }) => value.channelId)]);
  const steps = [...channels].flatMap((channelId) => {
    const there = live.filter(({ value }) => value.channelId === channelId).map(({ value }) => value);
    return follow(news, { channelId, subscription: subscriptions.get(channelId) ?? null, live: there }, outside.clock.now());
  });
  return [...(await resultCards(outside, run, [...subscriptions.values()])), ...(await written(outside, steps, live))];
}

async function liveAlerts(outside: Alerting, connectorId: string): Promise<readonly Stored<Alert>[]> {
  const found: Stored<Alert>[] = [];
  for await (const page of outside.store.scan('alert')) found.push(...page.filter(({ value }) => value.connectorId === connectorId && isLive(value)));
  return found;
}

/** Counts the accounts only where somebody wants to know. */
async function seatsAfter(
  outside: Alerting,
  connector: Connector,
  subscriptions: readonly Subscription[],
  live: readonly Stored<Alert>[],
): Promise<Seats | null> {
  const wanted = subscriptions.some(({ conditions }) => conditions.includes('low-seats')) || live.some(({ value }) => value.condition === 'low-seats');
  if (!wanted) return null;
  const seats = (await outside.store.get('instance', connector.instanceId))?.value.seats;
  if (seats === undefined || seats.is === 'unlimited' || seats.total === null) return null;
  return { free: seats.total - (await seatsTaken(outside, connector.id, connector.listing?.unmanagedActive ?? 0)), total: seats.total };
}

/** The result of a scheduled run, as its card, in each channel that wants every one (N1), and the task that it made in the first to have asked (E11). */
async function resultCards(outside: Alerting, run: Run, subscriptions: readonly Subscription[]): Promise<readonly Put[]> {
  if (run.by !== 'schedule' || run.kind === 'activate') return [];
  const wanting = subscriptions.filter(({ conditions }) => conditions.includes('result')).sort((a, b) => a.at - b.at);
  const channelIds = wanting.map(({ channelId }) => channelId);
  const puts: Put[] = [];
  for (const channelId of channelIds) {
    const id = `${cardOf(run.id)}/${channelId}`;
    if ((await outside.store.get('card', id)) === undefined) puts.push(newCard(id, { is: 'channel', channelId }, { is: 'run', runId: run.id }, true));
  }
  return [...puts, ...(await channelCardPuts(outside.store, run, channelIds))];
}

async function written(outside: Alerting, steps: readonly Step[], live: readonly Stored<Alert>[]): Promise<readonly Put[]> {
  const counter = await outside.store.get('counter', 'alert');
  let number = counter?.value.value ?? 0;
  const puts: Put[] = [];
  const changed = async (alert: Alert, urgent: boolean, line?: { readonly key: string; readonly text: string }): Promise<void> => {
    const version = live.find(({ value }) => value.id === alert.id)?.version;
    puts.push(put('alert', alert.id, alert, version), ...(await redrawnAlert(outside, alert.id, urgent, line)));
  };
  for (const step of steps) {
    switch (step.is) {
      case 'raise': {
        number += 1;
        const alert: Alert = { id: `A-${number}`, ...step.alert };
        const place = { is: 'channel', channelId: alert.channelId } as const;
        puts.push(put('alert', alert.id, alert, 0), newCard(alertCard(alert.id), place, { is: 'alert', alertId: alert.id }, true));
        for (const old of step.instead) await changed({ ...old, state: { is: 'superseded', at: alert.raisedAt, by: alert.id } }, true);
        break;
      }
      case 'repeat':
        await changed(step.alert, false);
        break;
      case 'recover':
        await changed(step.alert, true, { key: 'recovered', text: `Recovered with ${step.alert.runId}.` });
        break;
    }
  }
  return number === (counter?.value.value ?? 0) ? puts : [put('counter', 'alert', { value: number }, counter?.version ?? 0), ...puts];
}
