import type { ConnectorId } from '../connectors/connector.ts';

/** The counter of when a connector's schedule fired last, or was set: what it counts from. */
export function firedKey(connectorId: ConnectorId): string {
  return `fired/${connectorId}`;
}

/** The counter of when a connector's scheduled deletions were looked at last. */
export function deletionsKey(connectorId: ConnectorId): string {
  return `deletions/${connectorId}`;
}
