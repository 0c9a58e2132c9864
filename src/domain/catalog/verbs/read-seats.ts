import type { Outside } from '../../../ports/outside.ts';
import { SecretFault } from '../../../ports/secrets.ts';
import type { Connector, ConnectorId } from '../../connectors/connector.ts';
import { hostOf, sealedFor } from '../../connectors/settings.ts';
import { TargetFault } from '../../connectors/target-error.ts';
import { revise } from '../../revise.ts';
import type { Instance } from '../catalog.ts';

type Parts = Pick<Outside, 'store' | 'clock' | 'secrets' | 'targets' | 'paces'>;

/** What became of reading the seat total from the target. */
export type SeatReading =
  | { readonly is: 'read'; readonly total: number }
  /** The total is set by an admin, unlimited, or the connector is not connected. */
  | { readonly is: 'not-wanted' }
  /** In words for the person; the last known total stays. */
  | { readonly is: 'failed'; readonly why: string };

/** Reads the instance's seat total from the target, where an admin or the catalog says that it is told there (E12). One request, under the target's rate. */
export async function readSeats(outside: Parts, connectorId: ConnectorId): Promise<SeatReading> {
  const connector = (await outside.store.get('connector', connectorId))?.value;
  const instance = connector === undefined ? undefined : (await outside.store.get('instance', connector.instanceId))?.value;
  if (connector === undefined || instance?.seats.is !== 'read' || !isConnected(connector)) return { is: 'not-wanted' };
  const { path, pointer } = instance.seats;
  try {
    const total = await asked(outside, connector, path, pointer);
    if (total === null || !Number.isInteger(total) || total < 0)
      return { is: 'failed', why: `${connector.name} shows no number of seats at ${path} ${pointer}.` };
    await revise(outside.store, 'instance', instance.id, (now) => told(now, path, pointer, total, outside.clock.now()));
    return { is: 'read', total };
  } catch (fault) {
    if (fault instanceof TargetFault || fault instanceof SecretFault) return { is: 'failed', why: fault.message };
    throw fault;
  }
}

function isConnected({ state, inForce }: Connector): boolean {
  return inForce !== null && (state.is === 'active' || state.is === 'disabled');
}

async function asked(outside: Parts, { id, inForce, operating }: Connector, path: string, pointer: string): Promise<number | null> {
  if (inForce === null) return null;
  const host = hostOf(inForce.baseUrl) ?? '';
  const token = await outside.secrets.reveal(inForce.secret, sealedFor(id, host), host);
  await outside.paces.of(inForce.baseUrl, operating.requestsPerSecond).permit();
  return outside.targets.open(inForce.baseUrl, token, 1).readNumber(path, pointer);
}

/** An admin may have said something else meanwhile. */
function told(now: Instance, path: string, pointer: string, total: number, at: number): Instance | null {
  const { seats } = now;
  return seats.is === 'read' && seats.path === path && seats.pointer === pointer ? { ...now, seats: { ...seats, total, at } } : null;
}
