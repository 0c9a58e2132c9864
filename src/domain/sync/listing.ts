import type { Outside } from '../../ports/outside.ts';
import type { Pace } from '../../ports/pace.ts';
import type { Put } from '../../ports/store.ts';
import type { ListingEnd, Target, TargetUser } from '../../ports/target.ts';
import type { Connector } from '../connectors/connector.ts';
import { TargetFault } from '../connectors/target-error.ts';
import type { PersonId } from '../directory/person.ts';
import { put, revise } from '../revise.ts';
import type { Sighting } from './account.ts';
import { judge } from './retry.ts';
import { externalIdOf } from './sightings.ts';

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
 * Lists the target by pages and stores what it sees: a sighting for every account that is nobody's yet (S8, S26) and,
 * after a complete walk, the target's own numbers on the connector (E12). Writes nothing to the target. Throws the
 * `TargetFault` of refused credentials or an unusable answer; other faults are tried again, then leave it incomplete.
 */
export async function listTarget(outside: World, walk: Walk): Promise<Listing> {
  const tries = { errors: 0, throttled: 0 };
  for (;;) {
    try {
      return await walkOnce(outside, walk);
    } catch (fault) {
      if (fault instanceof WalkStopped) return { complete: false, reason: 'The run was stopped.', found: new Map() };
      if (!(fault instanceof TargetFault)) throw fault;
      const verdict = judge(fault.error, tries, walk.pace, outside.chance, outside.clock.now());
      if (verdict.is === 'stop') throw fault;
      if (verdict.is === 'failed') return { complete: false, reason: fault.message, found: new Map() };
      await outside.clock.until(verdict.at);
    }
  }
}

class WalkStopped extends Error {}

async function walkOnce(outside: World, walk: Walk): Promise<Listing> {
  const { store } = outside;
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
    if (puts.length > 0) await store.transaction({ puts });
  }
  const end: ListingEnd = page.value;
  if (end.complete) await conclude(outside, walk.connector.id, seen, numbers);
  return { complete: end.complete, reason: end.reason, found };
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
