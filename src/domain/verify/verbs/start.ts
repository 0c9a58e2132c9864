import type { Place } from '../../cards/card.ts';
import type { ConnectorId } from '../../connectors/connector.ts';
import type { Actor } from '../../rights/grant.ts';
import type { Run } from '../../sync/run.ts';
import { createRun } from '../../sync/verbs/create-run.ts';
import { requireActive, type Starting } from '../../sync/verbs/start.ts';
import { wholeConnector } from './permit.ts';

/**
 * *Verify* (S20): a run that reads the target and writes nothing to it. Refused without the right to run syncs of the whole
 * connector, where it is not active, and while another run is under way: what is read then would be half of it.
 */
export async function startVerification(
  outside: Starting,
  actor: Actor,
  { connectorId, place }: { readonly connectorId: ConnectorId; readonly place?: Place | undefined },
): Promise<Run> {
  const connector = await wholeConnector(outside, actor, connectorId);
  requireActive(connector, 'verify');
  return await createRun(outside, { connector, kind: 'verify', scope: { is: 'all' }, by: actor.userId, way: actor.way, verb: 'verify', place });
}
