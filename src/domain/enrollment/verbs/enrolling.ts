import type { Outside } from '../../../ports/outside.ts';
import type { Append, Put, Stored } from '../../../ports/store.ts';
import { audited } from '../../audit/row.ts';
import { redrawn } from '../../cards/show.ts';
import type { Connector } from '../../connectors/connector.ts';
import type { Person, PersonId } from '../../directory/person.ts';
import type { Instant } from '../../instant.ts';
import { put } from '../../revise.ts';
import { type Account, accountKey, isPresent } from '../../sync/account.ts';
import { type Enrollment, enrollmentKey, statusOf } from '../enrollment.ts';
import type { ClosedWhy } from '../invitation.ts';
import type { AuthenticationType } from '../policy.ts';
import { waitingPut } from '../outlook.ts';
import { type EnrollmentTask, taskCard, type TaskId } from '../task.ts';
import { unlinked } from './entries.ts';
import { releasePuts } from './stock-reserve.ts';

/** Everything that an acceptance depends on, as stored. */
export interface Acceptor {
  readonly entry: Stored<Enrollment>;
  readonly task: EnrollmentTask;
  readonly connector: Connector;
  /** Undefined for who left the directory. */
  readonly person: Person | undefined;
  readonly account: Stored<Account> | undefined;
  /** Kept out until released (S25). */
  readonly offboarded: boolean;
}

type Known = Pick<Outside, 'store'>;

/** Undefined where the entry, its task or its connector is gone. Reads as much for nobody as for somebody. */
export async function acceptorOf({ store }: Known, taskId: TaskId, personId: PersonId): Promise<Acceptor | undefined> {
  const entry = await store.get('enrollment', enrollmentKey(taskId, personId));
  const task = await store.get('task', taskId);
  const connector = await store.get('connector', entry?.value.connectorId ?? '-');
  const person = await store.get('person', personId);
  const account = await store.get('account', accountKey(entry?.value.connectorId ?? '-', personId));
  const offboarding = await store.get('offboarding', personId);
  if (entry === undefined || task === undefined || connector === undefined) return undefined;
  const offboarded = offboarding !== undefined && offboarding.value.released === null;
  return { entry, task: task.value, connector: connector.value, person: person?.value, account, offboarded };
}

/** Whether the entry lets its person in now. */
export function lets({ entry, task, connector, person, account, offboarded }: Acceptor, now: Instant): 'in' | 'locked' | ClosedWhy {
  const isUsable = connector.state.is === 'active' || connector.state.is === 'disabled';
  if (task.state.is === 'removed' || !isUsable) return 'removed';
  const status = statusOf(entry.value, now);
  if (status === 'enrolled' || status === 'completed') return 'used';
  if (status !== 'active') return status;
  const isIn = person?.status === 'active' && !offboarded;
  // A create whose outcome is open is settled by a run soon.
  return isIn && account !== undefined && (isPresent(account.value) || account.value.state === 'pending') ? 'in' : 'removed';
}

/** How somebody enrolled. `puts`: of the token that was used up; `reserved` then is nobody's any more. */
export interface Enrolling {
  readonly at: Instant;
  readonly type: AuthenticationType;
  readonly token: { readonly serial: string; readonly puts: readonly Put[] } | null;
}

/** The entry enrolled, its links dead, and a token that was promised and is not needed given back (E9). */
export async function enrolledPuts(outside: Known, { value, version }: Stored<Enrollment>, { at, type, token }: Enrolling): Promise<readonly Put[]> {
  const { entry, puts } = unlinked(value);
  const next: Enrollment = { ...entry, state: { is: 'enrolled', at }, type, serial: token?.serial ?? null, reserved: null, waitingSince: null };
  return [
    put('enrollment', enrollmentKey(entry.taskId, entry.personId), next, version),
    ...puts,
    ...(token?.puts ?? (await releasePuts(outside, [value.reserved]))),
    ...(await noLongerWaiting(outside, value)),
  ];
}

/** Of somebody who waited for a seat: they do no more, and the task's outlook tells so at once (E10). */
export async function noLongerWaiting({ store }: Known, { taskId, waitingSince }: Pick<Enrollment, 'taskId' | 'waitingSince'>): Promise<readonly Put[]> {
  return waitingSince === null ? [] : [await waitingPut(store, taskId, -1)];
}

/** The task's card drawn anew, where there is one, in the same transaction. */
export async function cardPuts({ store }: Known, taskId: TaskId): Promise<readonly Put[]> {
  const card = await store.get('card', taskCard(taskId));
  return card === undefined ? [] : [redrawn(card, false)];
}

/** What a person did on the enrollment page, or their sign-in told; nobody of Slack did it. */
export function enrollmentRow(
  outside: Pick<Outside, 'clock' | 'chance'>,
  { task, connector, entry }: Pick<Acceptor, 'task' | 'connector' | 'entry'>,
  { action, what }: { readonly action: string; readonly what: string },
): Append {
  const { personId, state } = entry.value;
  return audited(
    outside,
    { userId: 'usher', way: 'job' },
    {
      ...{ action: `enrollment.${action}`, connectorId: connector.id, subject: personId },
      summary: `${personId} ${what} (task ${task.number} of ${connector.name})`,
      before: { status: state.is },
    },
  );
}
