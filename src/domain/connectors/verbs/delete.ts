import type { Outside } from '../../../ports/outside.ts';
import type { Documents, Kind, Put } from '../../../ports/store.ts';
import type { Clearance } from '../../approvals/clearance.ts';
import { closing } from '../../approvals/closing.ts';
import { plansOf } from '../../plans/closing.ts';
import { planCard } from '../../plans/plan.ts';
import { audited } from '../../audit/row.ts';
import { erasingTasks } from '../../enrollment/closing.ts';
import { forgetTyped } from '../../enrollment/verbs/letters.ts';
import { activationKey } from '../../enrollment/verbs/seating.ts';
import { releasePuts } from '../../enrollment/verbs/stock-reserve.ts';
import { latestHoldKey } from '../../holds/hold.ts';
import type { CardContent } from '../../cards/card.ts';
import { Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import type { Run } from '../../sync/run.ts';
import { runsOf } from '../consequences.ts';
import { deletionsKey, firedKey } from '../../sync/marks.ts';
import type { Connector, ConnectorId } from '../connector.ts';
import { requireConnector } from './require.ts';
import { requireNoRun, wrongState } from './states.ts';

type Parts = Pick<Outside, 'store' | 'settings' | 'clock' | 'chance' | 'cards'>;

/**
 * Permanent, and only after disconnect or of a draft (C14). Erases accounts, events, sightings, generated values,
 * assignments, enrollment tasks, subscriptions and alerts, with their cards; closes open requests about it; keeps the audit and one line per run
 * without people. Gives the connector as it was.
 */
export async function deleteConnector(outside: Parts, actor: Actor, id: ConnectorId, clearance: Clearance): Promise<Connector> {
  const { connector, version } = await requireConnector(outside, actor, id, 'administer', 'delete');
  if (connector.state.is === 'active' || connector.state.is === 'disabled') throw wrongState(connector, 'delete', 'disconnect');
  await requireNoRun(outside, connector, 'delete');
  const runs = await runsOf(outside, id);
  const closed = await closing(outside, id, 'The connector was deleted.');
  const plans = await plansOf(outside, id);
  const enrollment = await erasingTasks(outside, connector, { runs: runs.map((run) => run.id), plans: plans.map((plan) => plan.id) });
  const outcome = await outside.store.transaction({
    puts: [
      put('connector', id, null, version),
      put('instance', connector.instanceId, null),
      put('counter', activationKey(id), null),
      // The id's key ranges must never be read as another connector's.
      put('counter', `connector/${id}`, { value: 1 }),
      put('counter', `run/${id}`, null),
      put('counter', firedKey(id), null),
      put('counter', deletionsKey(id), null),
      put('counter', latestHoldKey(id), null),
      put('verification', id, null),
      ...runs.flatMap((run) => [put('run', run.id, null), put('runLine', run.id, lineOf(connector, run))]),
      ...(await followers(outside, id, new Set(runs.map((run) => run.id)))),
      ...plans.flatMap((plan) => [put('plan', plan.id, null), put('card', planCard(plan.id), null)]),
      ...enrollment.puts,
      ...(await releasePuts(outside, enrollment.reserved)),
      ...closed.puts,
    ],
    erase: [
      ...enrollment.erase,
      ...(['account', 'sighting', 'reservation', 'pushedGroup', 'assignment'] as const).map((kind) => ({ kind, prefix: `${id}/` })),
      { log: 'event', partition: id },
      ...plans.map((plan) => ({ log: 'plan' as const, partition: plan.id })),
      { log: 'drift', partition: id },
      { log: 'rehearsal', partition: id },
    ],
    appends: [
      audited(outside, actor, {
        action: 'connectors.delete',
        connectorId: id,
        summary: `deleted the connector ${connector.name}`,
        before: { name: connector.name, state: connector.state.is, organization: connector.organizationId },
        ...clearance.row,
      }),
      ...closed.appends,
    ],
  });
  if (outcome === 'conflict') throw new Refusal({ is: 'changed-meanwhile', what: connector.name });
  forgetTyped(outside, enrollment.letters);
  outside.cards.changed(closed.cards);
  return connector;
}

/** Dates, counts and result; what a target said of somebody is left out. */
function lineOf(
  { name }: Connector,
  { id, kind, by, startedAt, state, counts }: Run,
): { connector: string; run: Pick<Run, 'id' | 'kind' | 'by' | 'startedAt' | 'state' | 'counts'> } {
  return { connector: name, run: { id, kind, by, startedAt, state: state.is === 'ended' ? { ...state, detail: null } : state, counts } };
}

/** Removals of its alerts, subscriptions, holds and freezes, and of every card that shows something of it. */
async function followers(outside: Pick<Outside, 'store'>, id: ConnectorId, runs: ReadonlySet<string>): Promise<readonly Put[]> {
  const { store } = outside;
  const its = ({ connectorId }: { readonly connectorId: ConnectorId | null }): boolean => connectorId === id;
  const [held, freezes, alerts, subscriptions] = [
    await keysOf(store, 'hold', its),
    await keysOf(store, 'freeze', its),
    await keysOf(store, 'alert', its),
    await keysOf(store, 'subscription', its),
  ];
  const cards = await keysOf(store, 'card', ({ content }) => shows(content, id, { runs, alerts: new Set(alerts), held: new Set(held) }));
  return [
    ...held.map((key) => put('hold', key, null)),
    ...freezes.map((key) => put('freeze', key, null)),
    ...alerts.map((key) => put('alert', key, null)),
    ...subscriptions.map((key) => put('subscription', key, null)),
    ...cards.map((key) => put('card', key, null)),
    put('silence', `run/${id}`, null),
  ];
}

async function keysOf<K extends Kind>(store: Outside['store'], kind: K, isIts: (value: Documents[K]) => boolean): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const page of store.scan(kind)) for (const { key, value } of page) if (isIts(value)) keys.push(key);
  return keys;
}

type Gone = Readonly<Record<'runs' | 'alerts' | 'held', ReadonlySet<string>>>;

function shows(content: CardContent, id: ConnectorId, { runs, alerts, held }: Gone): boolean {
  switch (content.is) {
    case 'run':
    case 'trace':
      return runs.has(content.runId);
    case 'rehearsal':
      return content.connectorId === id;
    case 'alert':
    case 'alert-escalation':
      return alerts.has(content.alertId);
    case 'silence':
      return content.silenceId === `run/${id}`;
    case 'hold':
      return held.has(content.holdId);
    case 'held-import':
    // A plan's goes with the plan, a task's with the task.
    case 'plan':
    case 'enrollment':
    // What was decided stays told, as the audit does.
    case 'approval':
    case 'offboarding':
    case 'note':
      return false;
  }
}
