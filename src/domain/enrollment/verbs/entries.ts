import type { Outside } from '../../../ports/outside.ts';
import type { Put } from '../../../ports/store.ts';
import type { OrganizationId } from '../../directory/organization.ts';
import { fullName, type Person, type PersonId } from '../../directory/person.ts';
import { isOffboarded } from '../../halts/offboarded-in.ts';
import type { Instant } from '../../instant.ts';
import { put } from '../../revise.ts';
import { type Account, accountKey, isPresent } from '../../sync/account.ts';
import { type Enrollment, enrollmentKey, statusOf } from '../enrollment.ts';
import { isUnfinished } from '../finished.ts';
import type { EnrollmentSwitch } from '../policy.ts';
import type { EnrollmentTask } from '../task.ts';
import { type LetterOrder, letterPuts, queuedMail } from './letters.ts';

/** An entry as stored, with the version to expect, and who it is; `person` is undefined for somebody who left the directory. */
export interface Known {
  readonly entry: Enrollment;
  readonly version: number;
  readonly person: Person | undefined;
}

/** The name shown; the id of who left the directory. */
export function nameOf({ entry, person }: Pick<Known, 'entry' | 'person'>): string {
  return person === undefined ? entry.personId : fullName(person);
}

export async function knownEntry({ store }: Pick<Outside, 'store'>, taskId: string, personId: PersonId): Promise<Known | undefined> {
  const stored = await store.get('enrollment', enrollmentKey(taskId, personId));
  if (stored === undefined) return undefined;
  return { entry: stored.value, version: stored.version, person: (await store.get('person', personId))?.value };
}

/** Whether mail can go there: one line without blanks or brackets, at most 254 characters (RFC 5321 §4.5.3.1). */
export function isAddress(typed: string): boolean {
  return typed.length <= 254 && /^[^\s@<>"(),;:\\[\]\p{C}]{1,64}@[^\s@<>"(),;:\\[\]\p{C}]+\.[^\s@<>"(),;:\\[\]\p{C}]+$/u.test(typed);
}

/** Where somebody's mail goes; null for people without an address that mail can go to (E13). */
export function addressOf(person: Person | undefined): string | null {
  const email = person?.attributes.email?.trim();
  return email !== undefined && isAddress(email) ? email : null;
}

/** What makes somebody's entry: themselves, their letter, and the place that finds it by person. */
export interface Joining {
  readonly task: EnrollmentTask;
  readonly person: Person;
  readonly stop: Instant;
  /** Whose stock a token is promised from. */
  readonly reserved: OrganizationId | null;
  /** Null where no mail goes out now. */
  readonly mailing: EnrollmentSwitch | null;
}

export function joiningPuts(outside: Pick<Outside, 'clock' | 'chance'>, { task, person, stop, reserved, mailing }: Joining): readonly Put[] {
  const [type, other] = task.types;
  const blank: Enrollment = {
    ...{ taskId: task.id, personId: person.id, connectorId: task.connectorId, state: { is: 'active' }, stop, attempts: 0, links: [] },
    ...{ type: type !== undefined && other === undefined ? type : null, serial: null, reserved, waitingSince: null, mail: null, reminded: [] },
  };
  const address = addressOf(person);
  const lettered = mailing === null || address === null ? null : mailed(outside, blank, 'invitation', mailing.testAddress ?? address);
  return [
    put('enrollment', enrollmentKey(task.id, person.id), lettered?.entry ?? blank, 0),
    put('tasksOf', `${person.id}/${task.id}`, { taskId: task.id }),
    ...(lettered?.puts ?? []),
  ];
}

/** The entry with a letter queued, and the letter itself. `id`: of a letter to an address that was typed for it. */
export function mailed(
  outside: Pick<Outside, 'clock' | 'chance'>,
  entry: Enrollment,
  kind: LetterOrder['kind'],
  to: string,
  id?: string,
): { readonly entry: Enrollment; readonly puts: readonly Put[] } {
  const at = outside.clock.now();
  const letterId = id ?? outside.chance.id();
  const next: Enrollment = { ...entry, mail: queuedMail(to, at), letters: [...(entry.letters ?? []), letterId] };
  return { entry: next, puts: letterPuts(outside, { kind, entry: next, at, id: letterId, typed: id !== undefined }) };
}

/** An entry whose links work no more. */
export function unlinked(entry: Enrollment): { readonly entry: Enrollment; readonly puts: readonly Put[] } {
  return { entry: { ...entry, links: [] }, puts: entry.links.map((link) => put('enrollmentLink', link, null)) };
}

/** Every entry of a person, of whatever connector. */
export async function* entriesOfPerson({ store }: Pick<Outside, 'store'>, personId: PersonId): AsyncGenerator<Enrollment> {
  for await (const page of store.scan('tasksOf', { prefix: `${personId}/` })) {
    for (const { key, value } of page) {
      // Another person's id may begin with this one's and a slash.
      if (key !== `${personId}/${value.taskId}`) continue;
      const stored = await store.get('enrollment', enrollmentKey(value.taskId, personId));
      if (stored !== undefined) yield stored.value;
    }
  }
}

/** Whether somebody's account can be enrolled for, in a connector. */
export type Readiness =
  | { readonly is: 'ready'; readonly person: Person }
  /** There is none, or none that works. */
  | { readonly is: 'no-account' }
  | { readonly is: 'skipped'; readonly why: string };

/** Accounts that were there before Usher are nobody's to enroll for (E13); who is in a task, or is through with one, is in no second one. */
export async function readiness(outside: Pick<Outside, 'store' | 'clock'>, connectorId: string, personId: PersonId): Promise<Readiness> {
  const { store } = outside;
  const person = (await store.get('person', personId))?.value;
  if (person === undefined) return { is: 'skipped', why: 'not in the directory' };
  if (await isOffboarded(store, personId)) return { is: 'skipped', why: 'off-boarded' };
  const account = (await store.get('account', accountKey(connectorId, personId)))?.value;
  if (account?.origin === 'adopted' && account.state !== 'gone') return { is: 'skipped', why: 'had an account before' };
  if (account === undefined || !isPresent(account)) return { is: 'no-account' };
  for await (const entry of entriesOfPerson(outside, personId)) {
    if (entry.connectorId !== connectorId) continue;
    const why = standing(entry, account, outside.clock.now());
    if (why !== null && (await store.get('task', entry.taskId))?.value.state.is !== 'removed') return { is: 'skipped', why };
    if (why !== null && !isUnfinished(entry)) return { is: 'skipped', why };
  }
  return { is: 'ready', person };
}

/** Why an earlier entry stands against another one; null where it doesn't: an account that was made anew is enrolled for anew. */
function standing(entry: Enrollment, account: Account, now: Instant): string | null {
  const gone = account.timeline.findLast(([, state]) => state === 'gone')?.[0] ?? -1;
  const { state } = entry;
  switch (state.is) {
    case 'removed':
      return null;
    case 'enrolled':
      return state.at > gone ? 'enrolled already' : null;
    case 'completed':
      return state.enrolledAt > gone ? 'completed already' : null;
    case 'active':
    case 'locked':
      return `${statusOf(entry, now)} in task ${entry.taskId.slice('T-'.length)} already`;
  }
}
