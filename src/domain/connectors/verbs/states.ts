import type { Outside } from '../../../ports/outside.ts';
import type { Append, Put } from '../../../ports/store.ts';
import { closingAlerts } from '../../alerts/closing.ts';
import type { Clearance } from '../../approvals/clearance.ts';
import { closing } from '../../approvals/closing.ts';
import { closingPlans } from '../../plans/closing.ts';
import { audited } from '../../audit/row.ts';
import { closingTasks } from '../../enrollment/closing.ts';
import { clearRemoved } from '../../enrollment/verbs/remove.ts';
import { closingHold } from '../../holds/closing.ts';
import { Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import { isUnderWay, type Run } from '../../sync/run.ts';
import { runUnderWay } from '../../sync/verbs/create-run.ts';
import type { Connector, ConnectorId, ConnectorState, RehearsedSettings } from '../connector.ts';
import type { Rehearsal } from '../rehearsal.ts';
import { complete, isRehearsed } from '../settings.ts';
import { forgetTenant } from './move.ts';
import { requireConnector } from './require.ts';

type Parts = Pick<Outside, 'store' | 'settings' | 'clock' | 'chance' | 'breath' | 'fingerprint' | 'work'>;

/**
 * Puts the rehearsed draft in force (C8). Refused unless the last rehearsal passed with exactly the saved settings. A
 * connector that comes back at another address counts as a new one: its accounts are adopted again by plan (C9).
 */
export async function activate(outside: Parts, actor: Actor, id: ConnectorId): Promise<Connector> {
  const { connector } = await requireConnector(outside, actor, id, 'administer', 'activate');
  const settings = activatable(outside, connector);
  const moves = connector.inForce !== null && connector.inForce.baseUrl !== settings.baseUrl;
  if (connector.state.is === 'disconnected') await requireNoRun(outside, connector, 'activate');
  if (moves) await forgetTenant(outside, id);
  return changeState(outside, actor, id, 'activate', (now) => ({
    ...now,
    state: { is: 'active', since: outside.clock.now() },
    inForce: activatable(outside, now),
    ...(now.rehearsal?.dialect === undefined ? {} : { dialect: now.rehearsal.dialect }),
    draft: null,
    health: { is: 'unknown' },
    listing: moves ? null : now.listing,
  }));
}

function activatable(outside: Parts, connector: Connector): RehearsedSettings {
  if (connector.state.is === 'disabled') throw wrongState(connector, 'activate', 'enable');
  if (connector.state.is === 'active') throw wrongState(connector, 'activate', 'none');
  const settings = connector.draft === null ? null : complete(connector.draft);
  if (settings === null || !isRehearsed(connector, (text) => outside.fingerprint.of(text)))
    throw new Refusal({ is: 'not-rehearsed', connectorId: connector.id, connector: connector.name });
  return settings;
}

/** Temporary: the schedule stops, no new run starts, a running one finishes, settings stay (C12). Nothing is slowed down any more, so that alert closes. */
export async function disable(outside: Parts & Pick<Outside, 'cards'>, actor: Actor, id: ConnectorId): Promise<Connector> {
  let drawn: readonly string[] = [];
  const disabled = await changeState(
    outside,
    actor,
    id,
    'disable',
    (connector) => {
      if (connector.state.is !== 'active') throw wrongState(connector, 'disable', 'none');
      return { ...connector, state: { is: 'disabled', since: outside.clock.now() } };
    },
    async () => {
      const alerts = await closingAlerts(outside, id, 'The connector was disabled.', { conditions: ['quarantine'] });
      drawn = alerts.cards;
      return alerts.puts;
    },
  );
  outside.cards.changed(drawn);
  return disabled;
}

export async function enable(outside: Parts, actor: Actor, id: ConnectorId): Promise<Connector> {
  return changeState(outside, actor, id, 'enable', (connector) => {
    if (connector.state.is !== 'disabled') throw wrongState(connector, 'enable', connector.state.is === 'disconnected' ? 'reconnect' : 'none');
    return { ...connector, state: { is: 'active', since: outside.clock.now() } };
  });
}

/**
 * Stops at once: a running sync ends, its unfinished operations recorded as errors, and a rehearsal sends nothing more;
 * accounts in the target stay; the secret is erased, that of unsaved edits too; what was collected so far stays; open
 * requests about it and enrollment tasks close (C13).
 */
export async function disconnect(outside: Parts & Pick<Outside, 'cards'>, actor: Actor, id: ConnectorId, clearance: Clearance): Promise<Connector> {
  await requireConnector(outside, actor, id, 'administer', 'disconnect');
  for (;;) {
    const stored = await outside.store.get('connector', id);
    if (stored === undefined) throw gone(id);
    const next = disconnected(outside, stored.value);
    // Asked of the run in the same transaction, so that no crash in between leaves it at work.
    const run = await runUnderWay(outside.store, id);
    const storedRun = run === undefined ? undefined : await outside.store.get('run', run.id);
    const stops = storedRun !== undefined && isUnderWay(storedRun.value);
    const closed = await closing(outside, id, 'The connector was disconnected.');
    const held = await closingHold(outside, id, 'The connector was disconnected.');
    const plans = await closingPlans(outside, id, 'The connector was disconnected.');
    const tasks = await closingTasks(outside, id, actor.userId);
    const drawn = [...closed.puts, ...held.puts, ...plans.puts, ...tasks.puts];
    const alerts = await closingAlerts(outside, id, 'The connector was disconnected.', { drawn });
    const outcome = await outside.store.transaction({
      puts: [
        put('connector', id, next, stored.version),
        ...(stops ? [put('run', storedRun.value.id, stopped(storedRun.value, actor.userId), storedRun.version)] : []),
        ...drawn,
        ...alerts.puts,
      ],
      appends: [stateAudit(outside, actor, stored.value, next, 'disconnect', clearance.row), ...closed.appends, ...held.appends],
    });
    if (outcome === 'conflict') continue;
    outside.cards.changed([...closed.cards, ...held.cards, ...plans.cards, ...tasks.cards, ...alerts.cards]);
    if (stops) outside.work.run(storedRun.value.id);
    for (const task of tasks.tasks) await clearRemoved(outside, task);
    return next;
  }
}

function stopped(run: Run, by: string): Run {
  return { ...run, asked: 'disconnect', askedBy: by };
}

function disconnected(outside: Pick<Outside, 'clock'>, connector: Connector): Connector {
  if (connector.state.is !== 'active' && connector.state.is !== 'disabled') throw wrongState(connector, 'disconnect', 'none');
  const { inForce, rehearsal } = connector;
  return {
    ...connector,
    state: { is: 'disconnected', since: outside.clock.now() },
    inForce: inForce === null ? null : { ...inForce, secret: { is: 'erased' } },
    draft: null,
    rehearsal: rehearsal === null ? null : voided(rehearsal, outside.clock.now()),
  };
}

/** It stands for no settings any more, so that reconnecting takes another (C11); what it left in the target is remembered (C7). */
function voided(rehearsal: Rehearsal, now: number): Rehearsal {
  if (rehearsal.verdict !== 'running') return { ...rehearsal, fingerprint: '' };
  const steps = rehearsal.steps.map((step) =>
    step.outcome.is === 'waiting' || step.outcome.is === 'running' ? { ...step, outcome: { is: 'skipped' as const } } : step,
  );
  return { ...rehearsal, fingerprint: '', verdict: 'failed', steps, endedAt: now };
}

/** Refuses while a run of the connector is not over. `verb`: `delete`. */
export async function requireNoRun(outside: Pick<Outside, 'store'>, connector: Connector, verb: string): Promise<void> {
  const run = await runUnderWay(outside.store, connector.id);
  if (run === undefined) return;
  throw new Refusal({ is: 'running', connectorId: connector.id, connector: connector.name, runId: run.id, done: run.done, total: run.total, verb });
}

type Verb = 'activate' | 'disable' | 'enable' | 'disconnect';
const PAST: Readonly<Record<Verb, string>> = { activate: 'activated', disable: 'disabled', enable: 'enabled', disconnect: 'disconnected' };

async function changeState(
  outside: Parts,
  actor: Actor,
  id: ConnectorId,
  verb: Verb,
  change: (connector: Connector) => Connector,
  along: () => Promise<readonly Put[]> = async () => [],
): Promise<Connector> {
  await requireConnector(outside, actor, id, 'administer', verb);
  for (;;) {
    const stored = await outside.store.get('connector', id);
    if (stored === undefined) throw gone(id);
    const next = change(stored.value);
    const puts: readonly Put[] = [put('connector', id, next, stored.version), ...(await along())];
    if ((await outside.store.transaction({ puts, appends: [stateAudit(outside, actor, stored.value, next, verb)] })) === 'committed') return next;
  }
}

function stateAudit(
  outside: Pick<Outside, 'clock' | 'chance'>,
  actor: Actor,
  before: Connector,
  next: Connector,
  verb: Verb,
  approval: Clearance['row'] = {},
): Append {
  return audited(outside, actor, {
    action: `connectors.${verb}`,
    connectorId: next.id,
    summary: `${PAST[verb]} ${next.name}`,
    before: { state: before.state.is },
    after: { state: next.state.is },
    ...approval,
  });
}

function gone(id: ConnectorId): Refusal {
  return new Refusal({ is: 'not-found', what: 'connector', typed: id, near: [] });
}

/** Refuses a change that the connector's state does not allow (C11). */
export function wrongState(connector: Connector, verb: string, remedy: 'enable' | 'disconnect' | 'reconnect' | 'none'): Refusal {
  const state: ConnectorState['is'] = connector.state.is;
  return new Refusal({ is: 'wrong-state', connectorId: connector.id, connector: connector.name, state, verb, remedy });
}
