import type { Store } from '../../ports/store.ts';
import type { ConnectorId } from '../connectors/connector.ts';
import type { PersonId } from '../directory/person.ts';
import type { Instant } from '../instant.ts';
import { type Freeze, type Hold, isFrozen, latestHoldKey, releasedIn, unreleased } from './hold.ts';

/** What stands about a connector's removals before a run has counted any. */
export interface Standing {
  /** People whose removal a second person released, and when (S14). */
  readonly released: ReadonlyMap<PersonId, Instant>;
  /** People who were held back and not released: no smaller run may take them on the way. */
  readonly held: ReadonlySet<PersonId>;
  /** The period in force in which nobody is removed (S21). */
  readonly freeze: Freeze | null;
  /** People whose removal goes ahead of freeze and fuse: those off-boarded (S25). */
  readonly ahead: ReadonlySet<PersonId>;
}

export const NOTHING_STANDS: Standing = { released: new Map(), held: new Set(), freeze: null, ahead: new Set() };

/** The connector's latest hold, whatever became of it. */
export async function latestHold(store: Pick<Store, 'get'>, connectorId: ConnectorId): Promise<Hold | undefined> {
  const latest = await store.get('counter', latestHoldKey(connectorId));
  return latest === undefined ? undefined : (await store.get('hold', `H-${latest.value.value}`))?.value;
}

/** Reads it: the latest hold, the freezes in force, and who is off-boarded. */
export async function standingOf(store: Pick<Store, 'get' | 'scan'>, connectorId: ConnectorId, now: Instant): Promise<Standing> {
  const hold = await latestHold(store, connectorId);
  const counts = hold !== undefined && hold.state.is !== 'settled' && hold.state.is !== 'closed';
  return {
    released: counts ? releasedIn(hold) : new Map(),
    held: new Set(counts ? unreleased(hold) : []),
    freeze: await freezeNow(store, connectorId, now),
    ahead: await offboarded(store),
  };
}

/** The freeze in force that lasts longest; null for none. */
async function freezeNow(store: Pick<Store, 'scan'>, connectorId: ConnectorId, now: Instant): Promise<Freeze | null> {
  let found: Freeze | null = null;
  for await (const page of store.scan('freeze'))
    for (const { value } of page) if (isFrozen(value, connectorId, now) && (found === null || value.until > found.until)) found = value;
  return found;
}

async function offboarded(store: Pick<Store, 'scan'>): Promise<ReadonlySet<PersonId>> {
  const found = new Set<PersonId>();
  for await (const page of store.scan('offboarding')) for (const { value } of page) if (value.released === null) found.add(value.personId);
  return found;
}
