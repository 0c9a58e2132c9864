import type { Outside } from '../../../ports/outside.ts';
import type { Put } from '../../../ports/store.ts';
import type { Clearance } from '../../approvals/clearance.ts';
import { closing } from '../../approvals/closing.ts';
import { audited } from '../../audit/row.ts';
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
 * assignments, subscriptions and alerts, with their cards; closes open requests about it; keeps the audit and one line per run
 * without people. Gives the connector as it was.
 */
export async function deleteConnector(outside: Parts, actor: Actor, id: ConnectorId, clearance: Clearance): Promise<Connector> {
  const { connector, version } = await requireConnector(outside, actor, id, 'administer', 'delete');
  if (connector.state.is === 'active' || connector.state.is === 'disabled') throw wrongState(connector, 'delete', 'disconnect');
  await requireNoRun(outside, connector, 'delete');
  const runs = await runsOf(outside, id);
  const closed = await closing(outside, id, 'The connector was deleted.');
  const outcome = await outside.store.transaction({
    puts: [
      put('connector', id, null, version),
      put('instance', connector.instanceId, null),
      // The id's key ranges must never be read as another connector's.
      put('counter', `connector/${id}`, { value: 1 }),
      put('counter', `run/${id}`, null),
      put('counter', firedKey(id), null),
      put('counter', deletionsKey(id), null),
      ...runs.flatMap((run) => [put('run', run.id, null), put('runLine', run.id, lineOf(connector, run))]),
      ...(await followers(outside, id, new Set(runs.map((run) => run.id)))),
      ...closed.puts,
    ],
    erase: [
      ...(['account', 'sighting', 'reservation', 'pushedGroup', 'assignment'] as const).map((kind) => ({ kind, prefix: `${id}/` })),
      { log: 'event', partition: id },
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

/** Removals of its alerts and subscriptions, and of every card that shows something of it. */
async function followers(outside: Pick<Outside, 'store'>, id: ConnectorId, runs: ReadonlySet<string>): Promise<readonly Put[]> {
  const gone: Put[] = [];
  const alerts = new Set<string>();
  for await (const page of outside.store.scan('alert'))
    for (const { key, value } of page)
      if (value.connectorId === id) {
        alerts.add(value.id);
        gone.push(put('alert', key, null));
      }
  for await (const page of outside.store.scan('subscription'))
    for (const { key, value } of page) if (value.connectorId === id) gone.push(put('subscription', key, null));
  for await (const page of outside.store.scan('card'))
    for (const { key, value } of page) if (shows(value.content, id, runs, alerts)) gone.push(put('card', key, null));
  return gone;
}

function shows(content: CardContent, id: ConnectorId, runs: ReadonlySet<string>, alerts: ReadonlySet<string>): boolean {
  switch (content.is) {
    case 'run':
      return runs.has(content.runId);
    case 'rehearsal':
      return content.connectorId === id;
    case 'alert':
    case 'alert-escalation':
      return alerts.has(content.alertId);
    // What was decided stays told, as the audit does.
    case 'approval':
    case 'note':
      return false;
  }
}
