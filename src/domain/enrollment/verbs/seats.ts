import type { Outside } from '../../../ports/outside.ts';
import type { Append, Put, Stored } from '../../../ports/store.ts';
import { audited } from '../../audit/row.ts';
import type { InstanceId } from '../../catalog/catalog.ts';
import type { Connector, ConnectorId } from '../../connectors/connector.ts';
import { requireConnector } from '../../connectors/verbs/require.ts';
import { fullName, type PersonId } from '../../directory/person.ts';
import type { Instant } from '../../instant.ts';
import { peopleAndAccounts } from '../../projections/people-and-accounts.ts';
import { Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import { accountKey, isInvited } from '../../sync/account.ts';
import { acceptorOf, cardPuts, enrolledPuts, lets, noLongerWaiting } from './enrolling.ts';
import { type Enrollment, enrollmentKey, statusOf } from '../enrollment.ts';
import { invites } from '../policy.ts';
import { switchOf } from '../rules-in-force.ts';
import { inTurn } from '../seat-book.ts';
import { claim, grantPuts, recountSeats, type Seats, seatsOf } from './seating.ts';
import type { BulkSummary } from '../shown.ts';
import { taskCard, type TaskId } from '../task.ts';
import { Tally } from './bulk.ts';
import { entriesOfPerson } from './entries.ts';

type Known = Pick<Outside, 'store' | 'clock' | 'breath' | 'settings'>;

/** Somebody who accepted when no seat was free. */
export interface Waiting {
  readonly taskId: TaskId;
  readonly personId: PersonId;
  /** Their name; the id of who left the directory. */
  readonly name: string;
  readonly since: Instant;
}

/** The seats of a connector's instance and who waits for one (E10). */
export interface WaitingList {
  readonly connector: Pick<Connector, 'id' | 'name'>;
  readonly seats: Seats;
  /** In the order in which they accepted. */
  readonly waiting: readonly Waiting[];
  /** Accounts that wait for their person, those who wait for a seat among them. */
  readonly invited: number;
}

/** Who waits for a seat (E10). Refused without the right to administer the connector. Reads the entries of all who are invited: for after the ack. */
export async function waitingFor(outside: Known, actor: Actor, connectorId: ConnectorId): Promise<WaitingList> {
  const { connector } = await requireConnector(outside, actor, connectorId, 'administer', 'see who waits for a seat of');
  const seats = await seatsOf(outside, connector.instanceId);
  const waiting = new Map<PersonId, Waiting>();
  const invited = await peopleAndAccounts(outside).invitedTo(connectorId);
  for (const personId of invited) {
    for await (const entry of waitingEntries(outside, connectorId, personId)) {
      const since = entry.waitingSince ?? 0;
      const earlier = waiting.get(personId);
      if (earlier !== undefined && earlier.since <= since) continue;
      waiting.set(personId, { taskId: entry.taskId, personId, name: await nameOf(outside, personId), since });
    }
    const pause = outside.breath.due();
    if (pause !== undefined) await pause;
  }
  return { connector, seats, waiting: [...waiting.values()].sort((a, b) => a.since - b.since), invited: invited.length };
}

async function nameOf({ store }: Pick<Outside, 'store'>, personId: PersonId): Promise<string> {
  const person = (await store.get('person', personId))?.value;
  return person === undefined ? personId : fullName(person);
}

async function* waitingEntries(outside: Pick<Outside, 'store' | 'clock'>, connectorId: ConnectorId, personId: PersonId): AsyncGenerator<Enrollment> {
  for await (const entry of entriesOfPerson(outside, personId)) {
    if (entry.connectorId === connectorId && entry.waitingSince !== null && statusOf(entry, outside.clock.now()) === 'active') yield entry;
  }
}

/**
 * *Activate* (E10): gives invited people their seat, in the order given, as far as seats are free. Whoever accepted by link
 * and waited is enrolled by it. Refused without the right to administer the connector.
 */
export async function activateByHand(
  outside: Known & Pick<Outside, 'chance' | 'cards' | 'work'>,
  actor: Actor,
  connectorId: ConnectorId,
  personIds: readonly PersonId[],
): Promise<BulkSummary> {
  const { connector } = await requireConnector(outside, actor, connectorId, 'administer', 'activate people of');
  if (connector.state.is !== 'active' && connector.state.is !== 'disabled') {
    const remedy = connector.state.is === 'disconnected' ? 'reconnect' : 'none';
    throw new Refusal({ is: 'wrong-state', connectorId, connector: connector.name, state: connector.state.is, verb: 'activate people of', remedy });
  }
  const tally = new Tally();
  for (const personId of new Set(personIds)) {
    const why = await inTurn(outside.store, connector.instanceId, () => activateOne(outside, actor, connector, personId));
    if (why === null) tally.did(1);
    else tally.skip(why, await nameOf(outside, personId));
  }
  if (tally.done > 0) outside.work.activate(connectorId);
  return tally.summary();
}

/** Why nothing was done; null where they have their seat now. */
async function activateOne(outside: Known & Pick<Outside, 'chance' | 'cards'>, actor: Actor, connector: Connector, personId: PersonId): Promise<string | null> {
  for (;;) {
    const account = await outside.store.get('account', accountKey(connector.id, personId));
    if (account === undefined || !isInvited(account.value)) return account?.value.state === 'active' ? 'active already' : 'not invited';
    const person = (await outside.store.get('person', personId))?.value;
    const offboarding = (await outside.store.get('offboarding', personId))?.value;
    if (person?.status !== 'active' || offboarding?.released === null) return 'left, or kept out';
    const { seats, puts } = await claim(outside, connector.instanceId, 1);
    if (seats === 0) return 'no seat is free';
    const at = outside.clock.now();
    const entries = await seatedPuts(outside, connector.id, personId, at);
    const change = { puts: [...puts, ...grantPuts(account, at), ...entries.puts], appends: [activatedRow(outside, actor, connector, personId)] };
    if ((await outside.store.transaction(change)) === 'conflict') continue;
    outside.cards.changed(entries.cards);
    return null;
  }
}

/** Of somebody who is granted their seat: their entries wait no more; one that was accepted by link is enrolled (E10). `cards` are to be drawn anew. */
export async function seatedPuts(
  outside: Pick<Outside, 'store' | 'clock'>,
  connectorId: ConnectorId,
  personId: PersonId,
  at: Instant,
): Promise<{ readonly puts: readonly Put[]; readonly cards: readonly string[] }> {
  const puts: Put[] = [];
  const cards: string[] = [];
  for await (const { taskId } of waitingEntries(outside, connectorId, personId)) {
    const acceptor = await acceptorOf(outside, taskId, personId);
    if (acceptor === undefined || lets(acceptor, at) !== 'in') continue;
    const { entry } = acceptor;
    const enrolls = entry.value.type === 'link';
    puts.push(
      ...(enrolls ? await enrolledPuts(outside, entry, { at, type: 'link', token: null }) : [seated(entry), ...(await noLongerWaiting(outside, entry.value))]),
      ...(await cardPuts(outside, taskId)),
    );
    cards.push(taskCard(taskId));
  }
  return { puts, cards };
}

function seated({ value, version }: Stored<Enrollment>): Put {
  return put('enrollment', enrollmentKey(value.taskId, value.personId), { ...value, waitingSince: null }, version);
}

function activatedRow(outside: Pick<Outside, 'clock' | 'chance'>, actor: Actor, connector: Connector, personId: PersonId): Append {
  return audited(outside, actor, {
    ...{ action: 'enrollment.activate', connectorId: connector.id, subject: personId },
    summary: `gave ${personId} a seat of ${connector.name}`,
    before: { account: 'invited' },
    after: { account: 'active' },
  });
}

/** The seats counted anew after a run, where enrollment gives them out (E10, E12): so that nobody who accepts waits for that. */
export async function seatsAfterRun(
  outside: Pick<Outside, 'store' | 'clock' | 'breath'>,
  { id, instanceId }: { id: ConnectorId; instanceId: InstanceId },
): Promise<void> {
  if (invites(await switchOf(outside.store, id))) await recountSeats(outside, instanceId);
}
