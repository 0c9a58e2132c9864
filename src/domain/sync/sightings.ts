import type { Store } from '../../ports/store.ts';
import type { ConnectorId } from '../connectors/connector.ts';
import type { PersonId } from '../directory/person.ts';
import type { Sighting } from './account.ts';

/** What Usher writes into the target's `externalId`: the person's id, which survives every rename (RFC 7643 §3.1). */
export function externalIdOf(personId: PersonId): string {
  return personId;
}

/** How many accounts of the target are nobody's, as far as they were sighted: for the numbers of the connector's listing (E12). */
export async function unmanagedSighted(
  { store }: { readonly store: Pick<Store, 'scan'> },
  connectorId: ConnectorId,
): Promise<{ readonly unmanaged: number; readonly unmanagedActive: number }> {
  let unmanaged = 0;
  let unmanagedActive = 0;
  for await (const page of store.scan('sighting', { prefix: `${connectorId}/` })) {
    unmanaged += page.length;
    for (const { value } of page) if (value.active) unmanagedActive += 1;
  }
  return { unmanaged, unmanagedActive };
}

/** The accounts of the target that are nobody's yet, found as a plan asks for them (S8). */
export interface SightingIndex {
  readonly byExternalId: (externalId: string) => readonly Sighting[];
  /** `match` is compared in lower case. */
  readonly byMatch: (match: string) => readonly Sighting[];
}

const NONE: readonly Sighting[] = [];

/** Indexes sightings in memory; there is one for each account that Usher does not manage. */
export async function indexSightings(pages: AsyncIterable<readonly Sighting[]>): Promise<SightingIndex> {
  const external = new Map<string, Sighting[]>();
  const match = new Map<string, Sighting[]>();
  for await (const page of pages) {
    for (const sighting of page) {
      if (sighting.externalId !== null) file(external, sighting.externalId, sighting);
      if (sighting.match !== null) file(match, sighting.match, sighting);
    }
  }
  return { byExternalId: (id) => external.get(id) ?? NONE, byMatch: (value) => match.get(value.toLowerCase()) ?? NONE };
}

function file(index: Map<string, Sighting[]>, key: string, sighting: Sighting): void {
  const present = index.get(key);
  if (present === undefined) index.set(key, [sighting]);
  else present.push(sighting);
}
