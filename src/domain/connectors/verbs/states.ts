import type { Outside } from '../../../ports/outside.ts';
import { audited } from '../../audit/row.ts';
import { Refusal } from '../../refusal.ts';
import { put, revise } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import { runsOf, runUnderWay } from '../consequences.ts';
import type { Connector, ConnectorId, ConnectorState, RehearsedSettings } from '../connector.ts';
import { complete, editable, isRehearsed } from '../settings.ts';
import { requireConnector } from './require.ts';

type Parts = Pick<Outside, 'store' | 'settings' | 'clock' | 'chance' | 'fingerprint' | 'work'>;

/** Puts the rehearsed draft in force (C8). Refused unless the last rehearsal passed with exactly the saved settings. */
export async function activate(outside: Parts, actor: Actor, id: ConnectorId): Promise<Connector> {
  return changeState(outside, actor, id, 'activate', (connector) => {
    if (connector.state.is !== 'draft' && connector.state.is !== 'disconnected') throw wrongState(connector, 'activate', 'none');
    const settings = connector.draft === null ? null : complete(connector.draft);
    if (settings === null || !isRehearsed(connector, (text) => outside.fingerprint.of(text)))
      throw new Refusal({ is: 'not-rehearsed', connectorId: id, connector: connector.name });
    return { ...connector, state: { is: 'active', since: outside.clock.now() }, inForce: settings, draft: null, health: { is: 'unknown' } };
  });
}

/** Temporary: the schedule stops, no new run starts, a running one finishes, settings stay (C12). */
export async function disable(outside: Parts, actor: Actor, id: ConnectorId): Promise<Connector> {
  return changeState(outside, actor, id, 'disable', (connector) => {
    if (connector.state.is !== 'active') throw wrongState(connector, 'disable', 'none');
    return { ...connector, state: { is: 'disabled', since: outside.clock.now() } };
  });
}

export async function enable(outside: Parts, actor: Actor, id: ConnectorId): Promise<Connector> {
  return changeState(outside, actor, id, 'enable', (connector) => {
    if (connector.state.is !== 'disabled') throw wrongState(connector, 'enable', connector.state.is === 'disconnected' ? 'reconnect' : 'none');
    return { ...connector, state: { is: 'active', since: outside.clock.now() } };
  });
}

/**
 * Stops at once: a running sync ends, its unfinished operations recorded as errors; accounts in the target stay; the
 * stored secret is erased; everything else is kept as a draft for reconnecting (C13).
 */
export async function disconnect(outside: Parts, actor: Actor, id: ConnectorId): Promise<Connector> {
  const next = await changeState(outside, actor, id, 'disconnect', (connector) => {
    if (connector.state.is !== 'active' && connector.state.is !== 'disabled') throw wrongState(connector, 'disconnect', 'none');
    return {
      ...connector,
      state: { is: 'disconnected', since: outside.clock.now() },
      draft: connector.inForce === null ? connector.draft : withoutToken(connector.inForce),
      inForce: null,
      rehearsal: null,
    };
  });
  const running = await runUnderWay(outside, id);
  if (running !== null) {
    await revise(outside.store, 'run', running.id, (run) => (run.state.is === 'ended' ? null : { ...run, asked: 'disconnect' }));
    outside.work.run(running.id);
  }
  return next;
}

function withoutToken(inForce: RehearsedSettings): NonNullable<Connector['draft']> {
  const { secret: _erased, ...kept } = editable(inForce);
  return inForce.secret.is === 'reference' ? { ...kept, secret: inForce.secret } : kept;
}

/**
 * Permanent, and only after disconnect or of a draft (C14). Erases accounts, events, sightings, generated values,
 * assignments, alerts; keeps the audit and one line per run without people.
 */
export async function deleteConnector(outside: Parts, actor: Actor, id: ConnectorId): Promise<void> {
  const { connector, version } = await requireConnector(outside, actor, id, 'administer', 'delete');
  if (connector.state.is === 'active' || connector.state.is === 'disabled') throw wrongState(connector, 'delete', 'disconnect');
  const running = await runUnderWay(outside, id);
  if (running !== null)
    throw new Refusal({
      is: 'running',
      connectorId: id,
      connector: connector.name,
      runId: running.id,
      done: running.done,
      total: running.total,
      verb: 'deleted',
    });
  const runs = await runsOf(outside, id);
  const outcome = await outside.store.transaction({
    puts: [
      put('connector', id, null, version),
      put('instance', connector.instanceId, null),
      // The id's key ranges must never be read as another connector's.
      put('counter', `connector/${id}`, { value: 1 }),
      ...runs.flatMap((run) => [
        put('run', run.id, null),
        put('card', `run/${run.id}`, null),
        put('runLine', run.id, {
          connector: connector.name,
          run: { id: run.id, kind: run.kind, by: run.by, startedAt: run.startedAt, state: run.state, counts: run.counts },
        }),
      ]),
      ...(await alertPuts(outside, id)),
    ],
    erase: [
      ...(['account', 'sighting', 'reservation', 'pushedGroup', 'assignment'] as const).map((kind) => ({ kind, prefix: `${id}/` })),
      { log: 'event', partition: id },
      { log: 'rehearsal', partition: id },
    ],
    appends: [audited(outside, actor, { action: 'connectors.delete', connectorId: id, summary: `deleted the connector ${connector.name}` })],
  });
  if (outcome === 'conflict') throw new Refusal({ is: 'changed-meanwhile', what: connector.name });
}

async function alertPuts(outside: Parts, id: ConnectorId): Promise<readonly ReturnType<typeof put>[]> {
  const gone: ReturnType<typeof put>[] = [];
  for await (const page of outside.store.scan('alert'))
    for (const { key, value } of page) if (value.connectorId === id) gone.push(put('alert', key, null), put('card', `alert/${value.id}`, null));
  for await (const page of outside.store.scan('subscription'))
    for (const { key, value } of page) if (value.connectorId === id) gone.push(put('subscription', key, null));
  return gone;
}

async function changeState(outside: Parts, actor: Actor, id: ConnectorId, verb: string, change: (connector: Connector) => Connector): Promise<Connector> {
  await requireConnector(outside, actor, id, 'administer', verb);
  const next = await revise(outside.store, 'connector', id, change, (now) => ({
    appends: [
      audited(outside, actor, { action: `connectors.${verb}`, connectorId: id, summary: `${PAST[verb] ?? verb} ${now.name}`, after: { state: now.state.is } }),
    ],
  }));
  if (next === undefined) throw new Refusal({ is: 'not-found', what: 'connector', typed: id, near: [] });
  return next;
}

const PAST: Readonly<Record<string, string>> = { activate: 'activated', disable: 'disabled', enable: 'enabled', disconnect: 'disconnected' };

function wrongState(connector: Connector, verb: string, remedy: 'enable' | 'disconnect' | 'reconnect' | 'none'): Refusal {
  const state: ConnectorState['is'] = connector.state.is;
  return new Refusal({ is: 'wrong-state', connectorId: connector.id, connector: connector.name, state, verb, remedy });
}
