import type { Outside } from '../../../ports/outside.ts';
import type { Actor, Right } from '../../rights/grant.ts';
import { requireRight } from '../../rights/verbs/who.ts';
import type { Connector, ConnectorId } from '../connector.ts';
import { connectorById } from './find.ts';

/** The connector as stored, with its version, for a verb that the actor may do; refuses otherwise. `verb` is its plain word: `disconnect`. */
export async function requireConnector(
  outside: Pick<Outside, 'store' | 'settings'>,
  actor: Actor,
  id: ConnectorId,
  right: Right,
  verb: string,
): Promise<{ readonly connector: Connector; readonly version: number }> {
  const { connector } = await connectorById(outside, actor, id);
  await requireRight(outside, actor, right, connector.organizationId, `${verb} ${connector.name}`);
  const stored = await outside.store.get('connector', id);
  return stored === undefined ? { connector, version: 0 } : { connector: stored.value, version: stored.version };
}
