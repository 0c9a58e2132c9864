import type { Outside } from '../../../ports/outside.ts';
import type { Put, Stored } from '../../../ports/store.ts';
import type { Instance, InstanceId } from '../../catalog/catalog.ts';
import type { ConnectorId } from '../../connectors/connector.ts';
import type { Instant } from '../../instant.ts';
import { put } from '../../revise.ts';
import { type Account, accountKey, holdsSeat, isInvited } from '../../sync/account.ts';
import type { SeatBook } from '../seat-book.ts';

/** The seats of an instance. `total`: null for unlimited; `unknown` where it is read from the target and was not yet (E12). */
export interface Seats {
  readonly total: number | 'unknown' | null;
  readonly taken: number;
  /** Null for unlimited; an unknown total gives none out. */
  readonly free: number | null;
}

/** Counts before it leaves the book as it is. */
const TRIES = 5;

type Known = Pick<Outside, 'store' | 'breath' | 'clock'>;

/** The seats as the book has them; counted first where nobody has yet. */
export async function seatsOf(outside: Known, instanceId: InstanceId): Promise<Seats> {
  const total = totalOf((await outside.store.get('instance', instanceId))?.value);
  const { taken } = await bookOf(outside, instanceId);
  return { total, taken, free: total === null ? null : total === 'unknown' ? 0 : Math.max(0, total - taken) };
}

function totalOf(instance: Instance | undefined): Seats['total'] {
  if (instance === undefined) return 'unknown';
  return instance.seats.is === 'unlimited' ? null : (instance.seats.total ?? 'unknown');
}

/** Counts the seats anew, from the accounts and the sightings of the target's own (E12). A seat that is taken or freed meanwhile makes it count again; where that goes on, those who take them keep the book true. */
export async function recountSeats(outside: Known, instanceId: InstanceId): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) if ((await counted(outside, instanceId)).holds) return;
}

interface Count {
  readonly taken: number;
  /** False where somebody wrote the book meanwhile, so that a seat may be missing from it. */
  readonly holds: boolean;
}

async function counted(outside: Known, instanceId: InstanceId): Promise<Count> {
  const book = await begun(outside, instanceId);
  let taken = 0;
  for await (const page of outside.store.scan('connector'))
    for (const { value } of page) if (value.instanceId === instanceId) taken += (await ours(outside, value.id)) + (await nobodys(outside, value.id));
  const holds = (await outside.store.transaction({ puts: [put('seatBook', instanceId, { instanceId, taken }, book.version)] })) === 'committed';
  return { taken, holds };
}

/** Our accounts that hold a seat, read after the book was: a number that is kept could lack one that the book's version has. */
async function ours({ store, breath }: Known, connectorId: ConnectorId): Promise<number> {
  let seats = 0;
  for await (const page of store.scan('account', { prefix: `${connectorId}/` })) {
    for (const { value } of page) if (holdsSeat(value)) seats += 1;
    await breath.due();
  }
  return seats;
}

/** The target's own active accounts. What the last listing counted has those in it that became ours since. */
async function nobodys({ store, breath }: Known, connectorId: ConnectorId): Promise<number> {
  let active = 0;
  for await (const page of store.scan('sighting', { prefix: `${connectorId}/` })) {
    for (const { value } of page) if (value.active) active += 1;
    await breath.due();
  }
  return active;
}

/** The book, begun where there is none: whoever has it counted anew meanwhile removes it then, and what was counted is not kept. */
async function begun({ store }: Known, instanceId: InstanceId): Promise<Stored<SeatBook>> {
  for (;;) {
    const book = await store.get('seatBook', instanceId);
    if (book !== undefined) return book;
    await store.transaction({ puts: [put('seatBook', instanceId, { instanceId, taken: null }, 0)] });
  }
}

/** The book with its number; counted first where there is none. Where others wrote it during each count, `holds` is false and the number is the last count's. */
async function bookOf(outside: Known, instanceId: InstanceId): Promise<Count & { readonly version: number }> {
  for (let tries = 0, last = 0; ; tries += 1) {
    const { value, version } = await begun(outside, instanceId);
    if (value.taken !== null) return { taken: value.taken, holds: true, version };
    if (tries === TRIES) return { taken: last, holds: false, version };
    last = (await counted(outside, instanceId)).taken;
  }
}

/**
 * Takes seats for so many, as far as they are free (E10): first come, first served. The put goes into the caller's
 * transaction and expects the book as it was read, so after a `conflict` ask again. While nobody can tell how many are taken none is
 * free, but for the unlimited.
 */
export async function claim(outside: Known, instanceId: InstanceId, wanted: number): Promise<{ readonly seats: number; readonly puts: readonly Put[] }> {
  const total = totalOf((await outside.store.get('instance', instanceId))?.value);
  const { taken, holds, version } = await bookOf(outside, instanceId);
  const seats = total === null ? wanted : total === 'unknown' || !holds ? 0 : Math.max(0, Math.min(wanted, total - taken));
  return { seats, puts: seats === 0 ? [] : [put('seatBook', instanceId, { instanceId, taken: holds ? taken + seats : null }, version)] };
}

/** That people of the connector are to be made active; kept until a run has them. */
export function activationKey(connectorId: ConnectorId): string {
  return `activate/${connectorId}`;
}

/** Gives an invited account its seat; `claim` has taken it in the same transaction. */
export function grantPuts({ value: account, version }: Stored<Account>, at: Instant): readonly Put[] {
  const { invited, connectorId, personId } = account;
  if (invited === undefined || !isInvited(account)) throw new Error(`the account of ${personId} in ${connectorId} waits for no seat`);
  return [
    put('account', accountKey(connectorId, personId), { ...account, invited: { ...invited, granted: at } }, version),
    put('counter', activationKey(connectorId), { value: at }),
  ];
}
