import type { Outside } from '../../ports/outside.ts';
import type { Pace } from '../../ports/pace.ts';
import type { Put } from '../../ports/store.ts';
import type { ListingEnd, Target, TargetUser } from '../../ports/target.ts';
import type { Connector } from '../connectors/connector.ts';
import { TargetFault } from '../connectors/target-error.ts';
import type { PersonId } from '../directory/person.ts';
import { put, revise } from '../revise.ts';
import type { Sighting } from './account.ts';
import { keepingSeats } from './grants.ts';
import { judge } from './retry.ts';
import { externalIdOf, unmanagedSighted } from './sightings.ts';

/** What a walk over the target found. Only a complete one may lead to "it does not exist" (S23). */
export interface Listing {
  readonly complete: boolean;
  /** Why it is not complete. */
  readonly reason: string | null;
  /** Accounts whose create or adoption had no known outcome, found by our own key (S13). */
  readonly found: ReadonlyMap<PersonId, TargetUser>;
}

export interface Walk {
  readonly connector: Pick<Connector, 'id'>;
  /** The attribute path that existing accounts are matched on. */
  readonly matching: string;
  readonly target: Target;
  readonly pace: Pace;
  /** Asked before every page; the walk ends incomplete when it says true. */
  readonly stopped?: () => boolean;
}

type World = Pick<Outside, 'store' | 'clock' | 'chance'>;

/**
 * Lists the target by pages and stores what it sees: a sighting for every account that is nobody's yet (S8, S26), with the seat
 * that it holds, and after a complete walk the target's own numbers on the connector (E12). Writes nothing to the target. Throws the
 * `TargetFault` of refused credentials or an unusable answer; other faults are tried again, then leave it incomplete.
 */
export async function listTarget(outside: World, walk: Walk): Promise<Listing> {
  const tries = { errors: 0, throttled: 0 };
  for (;;) {
    try {
      return await walkOnce(outside, walk);
    } catch (fault) {
      if (fault instanceof WalkStopped) return await cutShort(outside, walk, 'The run was stopped.');
      if (!(fault instanceof TargetFault)) throw fault;
      const verdict = judge(fault.error, tries, walk.pace, outside.chance, outside.clock.now());
      if (verdict.is !== 'again') {
        const short = await cutShort(outside, walk, fault.message);
        if (verdict.is === 'stop') throw fault;
        return short;
      }
      await outside.clock.until(verdict.at);
    }
  }
}

class WalkStopped extends Error {}

async function walkOnce(outside: World, walk: Walk): Promise<Listing> {
  const known = await knownAccounts(outside, walk.connector.id);
  const seen = new Set<string>();
  const found = new Map<PersonId, TargetUser>();
  const numbers = { total: 0, active: 0, unmanaged: 0, unmanagedActive: 0 };
  const before = async (): Promise<void> => {
    if (walk.stopped?.()) throw new WalkStopped();
    await walk.pace.permit();
  };
  const pages = walk.target.list(before);
  let page = await pages.next();
  for (; page.done !== true; page = await pages.next()) {
    const puts: Put[] = [];
    for (const user of page.value) {
      const active = user.active !== false;
      numbers.total += 1;
      if (active) numbers.active += 1;
      if (known.linked.has(user.id)) continue;
      const pending = user.externalId === null ? undefined : known.pending.get(user.externalId);
      if (pending !== undefined) {
        found.set(pending, user);
        continue;
      }
      numbers.unmanaged += 1;
      if (active) numbers.unmanagedActive += 1;
      seen.add(user.id);
      puts.push(put('sighting', `${walk.connector.id}/${user.id}`, sightingOf(walk, user, active)));
    }
    if (puts.length > 0) await sighted(outside, walk.connector.id, puts);
  }
  const end: ListingEnd = page.value;
  if (!end.complete) return await cutShort(outside, walk, end.reason, found);
  await conclude(outside, walk.connector.id, seen, numbers);
  return { complete: true, reason: end.reason, found };
}

/** Whom nobody knew of holds a seat from here on, though the walk never comes to its end: none of them is given out (E10, E12). */
async function sighted({ store }: World, connectorId: string, puts: readonly Put[]): Promise<void> {
  for (;;) if ((await store.transaction({ puts: await keepingSeats(store, connectorId, puts) })) === 'committed') return;
}

/**
 * The walk did not see all: nothing is missing by it. The connector's listing goes on to be the last complete one, but the accounts
 * that are nobody's are those sighted by then or now, so that no more seats are shown free than are (E12).
 */
async function cutShort(outside: World, walk: Walk, reason: string | null, found: Listing['found'] = new Map()): Promise<Listing> {
  const unmanaged = await unmanagedSighted(outside, walk.connector.id);
  await revise(outside.store, 'connector', walk.connector.id, (connector) =>
    connector.listing === null ? null : { ...connector, listing: { ...connector.listing, ...unmanaged } },
  );
  return { complete: false, reason, found };
}

function sightingOf(walk: Walk, user: TargetUser, active: boolean): Sighting {
  return { connectorId: walk.connector.id, targetId: user.id, externalId: user.externalId, match: user.values[walk.matching]?.toLowerCase() ?? null, active };
}

async function knownAccounts(outside: World, connectorId: string): Promise<{ linked: ReadonlySet<string>; pending: ReadonlyMap<string, PersonId> }> {
  const linked = new Set<string>();
  const pending = new Map<string, PersonId>();
  for await (const page of outside.store.scan('account', { prefix: `${connectorId}/` })) {
    for (const { value } of page) {
      if (value.state === 'pending') pending.set(externalIdOf(value.personId), value.personId);
      else if (value.targetId !== null && value.state !== 'gone') linked.add(value.targetId);
    }
  }
  return { linked, pending };
}

/** The walk was complete: what it did not see is not there, and its numbers count. */
async function conclude(
  outside: World,
  connectorId: string,
  seen: ReadonlySet<string>,
  numbers: { total: number; active: number; unmanaged: number; unmanagedActive: number },
): Promise<void> {
  for await (const page of outside.store.scan('sighting', { prefix: `${connectorId}/` })) {
    const stale = page.filter(({ value }) => !seen.has(value.targetId)).map(({ key }) => put('sighting', key, null));
    if (stale.length > 0) await outside.store.transaction({ puts: stale });
  }
  const at = outside.clock.now();
  await revise(
    outside.store,
    'connector',
    connectorId,
    (connector) => ({ ...connector, listing: { at, ...numbers } }),
    // Seats are counted anew with these numbers before another one is given out (E12).
    ({ instanceId }) => ({ puts: [put('seatBook', instanceId, null)] }),
  );
}
