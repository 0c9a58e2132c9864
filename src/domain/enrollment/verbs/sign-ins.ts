import type { Outside } from '../../../ports/outside.ts';
import type { Append, Put } from '../../../ports/store.ts';
import { audited } from '../../audit/row.ts';
import type { ConnectorId } from '../../connectors/connector.ts';
import type { PersonId } from '../../directory/person.ts';
import { isReachable } from '../../halts/next-steps.ts';
import { isOffboarded } from '../../halts/offboarded-in.ts';
import type { Instant } from '../../instant.ts';
import { put } from '../../revise.ts';
import { accountKey, isInvited } from '../../sync/account.ts';
import { acceptorOf, cardPuts, enrollmentRow } from './enrolling.ts';
import { type Enrollment, enrollmentKey } from '../enrollment.ts';
import { inTurn } from '../seat-book.ts';
import { claim, grantPuts } from './seating.ts';
import { seatedPuts } from './seats.ts';
import { taskCard } from '../task.ts';
import { entriesOfPerson } from './entries.ts';

export type SigningIn = Pick<Outside, 'store' | 'clock' | 'chance' | 'breath' | 'cards' | 'work'>;

/** `completed`: entries that this completes. `seat`: what became of the seat of somebody who was invited; null for all others. */
export interface SignedIn {
  readonly completed: number;
  readonly seat: 'taken' | 'none-free' | null;
}

/**
 * Somebody was seen to sign in to the connector's application at that moment. Completes what they had enrolled for by then
 * (E2), never more: who has not enrolled is not completed by it. Of somebody who was invited by then and may get in it
 * takes the seat (E10), where one is free; whoever waited for it waits no more, and is enrolled where they accepted by link. Told twice it
 * changes nothing more.
 */
export async function signedIn(outside: SigningIn, connectorId: ConnectorId, personId: PersonId, at: Instant): Promise<SignedIn> {
  const connector = (await outside.store.get('connector', connectorId))?.value;
  if (connector === undefined) return { completed: 0, seat: null };
  let completed = 0;
  for await (const { taskId, connectorId: of } of entriesOfPerson(outside, personId))
    if (of === connectorId && (await completes(outside, taskId, personId, at))) completed += 1;
  return { completed, seat: await inTurn(outside.store, connector.instanceId, () => seatFor(outside, connector.id, personId, at)) };
}

async function completes(outside: SigningIn, taskId: string, personId: PersonId, at: Instant): Promise<boolean> {
  for (;;) {
    const acceptor = await acceptorOf(outside, taskId, personId);
    const state = acceptor?.entry.value.state;
    if (acceptor === undefined || state?.is !== 'enrolled' || at < state.at) return false;
    const next: Enrollment = { ...acceptor.entry.value, state: { is: 'completed', enrolledAt: state.at, at } };
    const change = {
      puts: [put('enrollment', enrollmentKey(taskId, personId), next, acceptor.entry.version), ...(await cardPuts(outside, taskId))],
      appends: [enrollmentRow(outside, acceptor, { action: 'complete', what: 'signed in' })],
    };
    if ((await outside.store.transaction(change)) === 'conflict') continue;
    outside.cards.changed([taskCard(taskId)]);
    return true;
  }
}

/** Whom the page would let in as well (E10): active in the directory, and not kept out (S25). */
async function mayGetIn({ store }: Pick<Outside, 'store'>, personId: PersonId): Promise<boolean> {
  return (await store.get('person', personId))?.value.status === 'active' && !(await isOffboarded(store, personId));
}

async function seatFor(outside: SigningIn, id: ConnectorId, personId: PersonId, at: Instant): Promise<SignedIn['seat']> {
  for (;;) {
    const connector = (await outside.store.get('connector', id))?.value;
    const account = await outside.store.get('account', accountKey(id, personId));
    if (connector === undefined || account === undefined || !isInvited(account.value)) return null;
    // A sign-in from before the invitation is another account's, or was never this person's coming.
    if (at < (account.value.invited?.since ?? at) || !isReachable(connector) || !(await mayGetIn(outside, personId))) return null;
    const { instanceId, name } = connector;
    const { seats, puts } = await claim(outside, instanceId, 1);
    if (seats === 0) return 'none-free';
    const now = outside.clock.now();
    const entries = await seatedPuts(outside, id, personId, now);
    const change: { puts: readonly Put[]; appends: readonly Append[] } = {
      puts: [...puts, ...grantPuts(account, now), ...entries.puts],
      appends: [
        audited(
          outside,
          { userId: 'usher', way: 'job' },
          { action: 'enrollment.sign-in', connectorId: id, subject: personId, summary: `${personId} signed in, and took a seat of ${name}` },
        ),
      ],
    };
    if ((await outside.store.transaction(change)) === 'conflict') continue;
    outside.cards.changed(entries.cards);
    outside.work.activate(id);
    return 'taken';
  }
}
