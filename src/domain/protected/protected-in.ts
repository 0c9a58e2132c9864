import type { Store } from '../../ports/store.ts';
import type { ConnectorId } from '../connectors/connector.ts';
import type { PersonId } from '../directory/person.ts';
import type { ProtectedPerson } from './protected.ts';

/** Who is protected in one connector: for all connectors, or for this one (A7). One read of a short list. */
export async function protectedIn(store: Pick<Store, 'scan'>, connectorId: ConnectorId): Promise<ReadonlyMap<PersonId, ProtectedPerson>> {
  const found = new Map<PersonId, ProtectedPerson>();
  for await (const page of store.scan('protected')) {
    for (const { value } of page) {
      const known = found.get(value.personId);
      if (value.connectorId === null || (value.connectorId === connectorId && known === undefined)) found.set(value.personId, value);
    }
  }
  return found;
}
