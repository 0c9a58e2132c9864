import type { Outside } from '../../../ports/outside.ts';
import type { Place } from '../../cards/card.ts';
import type { Connector, ConnectorId } from '../../connectors/connector.ts';
import { Refusal } from '../../refusal.ts';
import type { Actor } from '../../rights/grant.ts';
import type { Run, RunScope } from '../run.ts';
import { createRun } from './create-run.ts';
import { connectorOf, permittedScope } from './permit.ts';

export type Starting = Pick<Outside, 'store' | 'clock' | 'chance' | 'work' | 'settings' | 'cards'>;

export interface StartSync {
  readonly connectorId: ConnectorId;
  /** Default: everybody the actor may sync (C3). */
  readonly scope?: RunScope;
  readonly kind?: Run['kind'];
  /** Where its live message goes (S2). */
  readonly place?: Place | undefined;
}

/**
 * *Sync now* (S1). Refused without the right to run syncs, where the connector is not active (C12: with *Enable* as the
 * remedy), and where a run is under way: the refusal carries that run, to show its progress.
 */
export async function startSync(outside: Starting, actor: Actor, { connectorId, scope = { is: 'all' }, kind = 'sync', place }: StartSync): Promise<Run> {
  const connector = await connectorOf(outside, actor, connectorId);
  const permitted = await permittedScope(outside, actor, connector, scope);
  requireActive(connector, 'sync');
  return await createRun(outside, { connector, kind, scope: permitted, by: actor.userId, way: actor.way, verb: 'sync', place });
}

/** Refuses a connector that can't run, with what to do about it. */
export function requireActive(connector: Connector, verb: string): void {
  const { id: connectorId, name, state } = connector;
  switch (state.is) {
    case 'active':
      return;
    case 'disabled':
      throw new Refusal({ is: 'wrong-state', connectorId, connector: name, state: state.is, verb, remedy: 'enable' });
    case 'disconnected':
      throw new Refusal({ is: 'wrong-state', connectorId, connector: name, state: state.is, verb, remedy: 'reconnect' });
    case 'draft':
      throw new Refusal({ is: connector.draft === null ? 'not-configured' : 'not-rehearsed', connectorId, connector: name });
  }
}
