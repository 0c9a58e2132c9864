import type { Outside } from '../../ports/outside.ts';
import type { Append } from '../../ports/store.ts';
import type { TargetUser } from '../../ports/target.ts';
import { TargetFault } from '../connectors/target-error.ts';
import { fullName, type PersonId } from '../directory/person.ts';
import { put } from '../revise.ts';
import { type Account, accountKey, isPresent } from '../sync/account.ts';
import type { Gear } from '../sync/apply.ts';
import type { Ending } from '../sync/ending.ts';
import { judge } from '../sync/retry.ts';
import { driftOf } from './drift.ts';
import type { Drift, TargetVerification } from './verification.ts';

type World = Pick<Outside, 'store' | 'clock' | 'chance' | 'breath'>;
type Reading = Pick<Gear, 'connector' | 'target' | 'pace' | 'ledger'>;
type Ended = ({ readonly is: 'ended' } & Ending) | { readonly is: 'paused' } | { readonly is: 'interrupted' };

/** Drift written in one transaction. */
const ROWS_TOGETHER = 256;

/** What was asked of the run while it reads, or that Usher shuts down. */
class Stopped extends Error {}

/**
 * Reads the target by pages under its pace and writes down how its accounts differ from what was last pushed (S20).
 * Writes nothing to the target. In memory is one id for each account, never the accounts: pages and rows are streamed. Of a
 * walk that was not complete it is concluded only what was seen; nobody is missing then (S23).
 */
export async function readDrift(outside: World, gear: Reading, interrupt: AbortSignal): Promise<Ended> {
  const { ledger } = gear;
  const tries = { errors: 0, throttled: 0 };
  for (;;) {
    try {
      return await walkOnce(outside, gear, interrupt);
    } catch (fault) {
      if (fault instanceof Stopped) return stopped(gear);
      if (!(fault instanceof TargetFault)) throw fault;
      const verdict = judge(fault.error, tries, gear.pace, outside.chance, outside.clock.now());
      if (verdict.is === 'again' && ledger.asked === null) {
        await outside.clock.until(verdict.at, interrupt).catch(() => undefined);
        continue;
      }
      await conclude(outside, gear, { is: 'incomplete', at: outside.clock.now(), read: ledger.run.done, reason: fault.message });
      return { is: 'ended', ending: verdict.is === 'stop' ? verdict.ending : 'failed', detail: fault.message };
    }
  }
}

function stopped({ ledger }: Reading): Ended {
  if (ledger.asked === null) return { is: 'interrupted' };
  if (ledger.asked === 'disconnect') return { is: 'ended', ending: 'disconnected', detail: null };
  return ledger.asked === 'cancel' ? { is: 'ended', ending: 'cancelled', detail: null } : { is: 'paused' };
}

async function walkOnce(outside: World, gear: Reading, interrupt: AbortSignal): Promise<Ended> {
  const found = new Found(outside, gear.connector.id);
  try {
    return await readPages(outside, gear, found, interrupt);
  } finally {
    // What was seen counts, whatever ended the walk.
    await found.write();
  }
}

async function readPages(outside: World, gear: Reading, found: Found, interrupt: AbortSignal): Promise<Ended> {
  const { connector, ledger } = gear;
  const partition = connector.id;
  const unseen = await linkedAccounts(outside, partition);
  await outside.store.transaction({ puts: [verification(outside, gear, { is: 'running', read: 0 })], erase: [{ log: 'drift', partition }] });
  const neverKept = new Set(Object.entries(connector.dialect?.shapes ?? {}).flatMap(([path, shape]) => (shape === 'none' ? [path] : [])));
  let unmanaged = 0;
  let read = 0;
  const before = async (): Promise<void> => {
    if (ledger.asked !== null || ledger.fault !== undefined || interrupt.aborted) throw new Stopped();
    await gear.pace.permit();
  };
  const pages = gear.target.list(before);
  let page = await pages.next();
  for (; page.done !== true; page = await pages.next()) {
    for (const user of page.value) {
      const pause = outside.breath.due();
      if (pause !== undefined) await pause;
      read += 1;
      const personId = unseen.get(user.id);
      if (personId === undefined) {
        unmanaged += 1;
        continue;
      }
      unseen.delete(user.id);
      const drift = await compared(outside, partition, personId, user, neverKept);
      if (drift !== null) await found.add(drift);
    }
    ledger.progressed(read);
  }
  if (!page.value.complete) {
    const reason = page.value.reason ?? 'The listing of the target was not complete.';
    await found.write();
    await conclude(outside, gear, { is: 'incomplete', at: outside.clock.now(), read, reason });
    return { is: 'ended', ending: 'failed', detail: `${reason} Nothing is concluded of accounts that were not seen.` };
  }
  await missing(outside, partition, unseen, found);
  await found.write();
  await conclude(outside, gear, { is: 'done', at: outside.clock.now(), read, drifted: found.count, unmanaged });
  return { is: 'ended', ending: 'completed', detail: null };
}

/** Accounts that the target should have, by its ids; none with a write whose outcome is unknown. */
async function linkedAccounts(outside: World, connectorId: string): Promise<Map<string, PersonId>> {
  const linked = new Map<string, PersonId>();
  for await (const page of outside.store.scan('account', { prefix: `${connectorId}/` })) {
    const pause = outside.breath.due();
    if (pause !== undefined) await pause;
    for (const { value } of page) if (isSettled(value) && value.targetId !== null) linked.set(value.targetId, value.personId);
  }
  return linked;
}

function isSettled({ state, intent }: Account): boolean {
  return intent === null && (state === 'active' || state === 'inactive');
}

async function compared(outside: World, connectorId: string, personId: PersonId, user: TargetUser, neverKept: ReadonlySet<string>): Promise<Drift | null> {
  const account = (await outside.store.get('account', accountKey(connectorId, personId)))?.value;
  if (account === undefined) return null;
  const found = driftOf(account, user, { name: personId, neverKept });
  return found === null ? null : { ...found, name: await nameOf(outside, account) };
}

async function nameOf({ store }: World, { personId, pushed }: Account): Promise<string> {
  const person = (await store.get('person', personId))?.value;
  return person === undefined ? (pushed?.values.displayName ?? pushed?.values.userName ?? personId) : fullName(person);
}

/** What a complete walk did not see; a deactivated account that is gone does nobody harm. */
async function missing(outside: World, connectorId: string, unseen: ReadonlyMap<string, PersonId>, found: Found): Promise<void> {
  for (const [targetId, personId] of unseen) {
    const pause = outside.breath.due();
    if (pause !== undefined) await pause;
    const account = (await outside.store.get('account', accountKey(connectorId, personId)))?.value;
    if (account === undefined || !isPresent(account)) continue;
    await found.add({ is: 'missing', personId, name: await nameOf(outside, account), targetId });
  }
}

/** Drift on its way into the store, many rows in a transaction: pages don't wait for the disk. */
class Found {
  readonly #outside: World;
  readonly #partition: string;
  #rows: Append[] = [];
  count = 0;

  constructor(outside: World, partition: string) {
    this.#outside = outside;
    this.#partition = partition;
  }

  async add(drift: Drift): Promise<void> {
    const { chance, clock } = this.#outside;
    this.#rows.push({ log: 'drift', partition: this.#partition, row: { id: chance.id(), at: clock.now(), drift } });
    this.count += 1;
    if (this.#rows.length >= ROWS_TOGETHER) await this.write();
  }

  async write(): Promise<void> {
    const appends = this.#rows;
    this.#rows = [];
    if (appends.length > 0) await this.#outside.store.transaction({ appends });
  }
}

async function conclude(outside: World, gear: Reading, state: TargetVerification['state']): Promise<void> {
  await outside.store.transaction({ puts: [verification(outside, gear, state)] });
}

function verification(outside: World, { connector, ledger }: Reading, state: TargetVerification['state']): ReturnType<typeof put> {
  const { by, startedAt } = ledger.run;
  return put('verification', connector.id, { connectorId: connector.id, by, startedAt: startedAt ?? outside.clock.now(), state });
}
