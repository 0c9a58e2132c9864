import type { Outside } from '../../../ports/outside.ts';
import type { ConnectorId } from '../../connectors/connector.ts';

/** Makes active in the target whom a seat was granted, in one run; asked for again, those that came meanwhile (E10). */
export async function activateGranted(_outside: Outside, _connectorId: ConnectorId): Promise<void> {
  // Built by its helper.
}
