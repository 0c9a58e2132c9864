import type { Outside } from '../../../ports/outside.ts';
import type { Connector, ConnectorId } from '../../connectors/connector.ts';
import { connectorById } from '../../connectors/verbs/find.ts';
import type { Actor } from '../../rights/grant.ts';
import { requireRight } from '../../rights/verbs/who.ts';

type Knowing = Pick<Outside, 'store' | 'settings'>;

/** The connector of whoever may run syncs of the whole of it: a reading tells of everybody in the target. */
export async function wholeConnector(outside: Knowing, actor: Actor, connectorId: ConnectorId): Promise<Connector> {
  const { connector } = await connectorById(outside, actor, connectorId);
  await requireRight(outside, actor, 'run', connector.organizationId, `verify ${connector.name}`);
  return connector;
}
