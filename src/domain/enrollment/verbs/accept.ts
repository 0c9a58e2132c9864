import type { Outside } from '../../../ports/outside.ts';
import type { Append, Put } from '../../../ports/store.ts';
import { fullName } from '../../directory/person.ts';
import { put } from '../../revise.ts';
import { isInvited } from '../../sync/account.ts';
import { type Acceptor, acceptorOf, cardPuts, type Enrolling, enrolledPuts, enrollmentRow, lets, noLongerWaiting } from './enrolling.ts';
import { type Enrollment, enrollmentKey } from '../enrollment.ts';
import type { Acceptance, Invitation, Invited } from '../invitation.ts';
import type { AuthenticationType } from '../policy.ts';
import { waitingPut } from '../outlook.ts';
import { claim, grantPuts } from './seating.ts';
import { serialOf } from '../stock.ts';
import { taskCard } from '../task.ts';
import { unlinked } from './entries.ts';
import { takePuts } from './stock-reserve.ts';
import { together } from './together.ts';

export type Accepting = Pick<Outside, 'store' | 'clock' | 'chance' | 'breath' | 'fingerprint' | 'cards' | 'work'>;

/** What somebody gave with their acceptance; `serial` as typed, of a hardware token only (E9). */
export interface Given {
  readonly type: AuthenticationType;
  readonly serial: string | null;
}

const NOBODY = '-';

/** What a link stands for (E3). Reads only, and as much where there is no such link. */
export async function invitationBehind(outside: Pick<Outside, 'store' | 'clock' | 'fingerprint'>, secret: string): Promise<Invitation> {
  const digest = outside.fingerprint.ofSecret(secret);
  const acceptor = await behind(outside, digest);
  const organization = await outside.store.get('organization', acceptor?.person?.organizationId ?? NOBODY);
  if (acceptor === undefined) return { is: 'closed', why: 'unknown', invited: null };
  const { entry, task } = acceptor;
  const invited = invitedOf(acceptor, organization?.value.name ?? '');
  const verdict = lets(acceptor, outside.clock.now());
  if (verdict === 'locked') return { is: 'locked', invited };
  if (verdict !== 'in') return { is: 'closed', why: verdict, invited };
  const { attempts, waitingSince } = entry.value;
  return { is: 'open', invited, types: typesOf(acceptor), attempts: { wrong: attempts, left: Math.max(0, task.attempts - attempts) }, waitingSince };
}

/** Whose link it is; undefined for one that works no more, or never did. */
async function behind(outside: Pick<Outside, 'store'>, digest: string): Promise<Acceptor | undefined> {
  const link = await outside.store.get('enrollmentLink', digest);
  const acceptor = await acceptorOf(outside, link?.value.taskId ?? NOBODY, link?.value.personId ?? NOBODY);
  return acceptor?.entry.value.links.includes(digest) === true ? acceptor : undefined;
}

function typesOf({ entry, task }: Acceptor): readonly AuthenticationType[] {
  const { type } = entry.value;
  return type === null ? task.types : [type];
}

function invitedOf({ entry, task, connector, person }: Acceptor, organization: string): Invited {
  const { stop } = entry.value;
  const name = person === undefined ? '' : fullName(person);
  return { name, application: connector.name, organization, stop, timeZone: task.timeZone, locale: person?.attributes.locale };
}

/**
 * Accepts an invitation (E9, E10), in one transaction: the entry and its links, the token, the seat and the account that is
 * to become active. Where nothing is taken (no seat, a wrong serial, closed) only that is remembered. Several at once are
 * decided one after the other; the compare-and-set of everything they depend on keeps it right between processes as well.
 */
export async function accept(outside: Accepting, secret: string, given: Given): Promise<Acceptance> {
  const digest = outside.fingerprint.ofSecret(secret);
  const first = await behind(outside, digest);
  if (first === undefined) return { is: 'closed', why: 'unknown' };
  const step = await together(outside.store, first.connector.instanceId, async (store) => {
    const acceptor = await behind({ store }, digest);
    return acceptor === undefined ? only({ is: 'closed', why: 'unknown' }) : await decided({ ...outside, store }, acceptor, given);
  });
  if (step.puts.length > 0) outside.cards.changed([taskCard(first.task.id)]);
  if (step.activates) outside.work.activate(first.connector.id);
  return step.answer;
}

interface Step {
  readonly answer: Acceptance;
  /** None: nothing changes. */
  readonly puts: readonly Put[];
  readonly appends: readonly Append[];
  readonly activates: boolean;
}

function only(answer: Acceptance): Step {
  return { answer, puts: [], appends: [], activates: false };
}

async function decided(outside: Accepting, acceptor: Acceptor, given: Given): Promise<Step> {
  const now = outside.clock.now();
  const verdict = lets(acceptor, now);
  if (verdict === 'locked') return only({ is: 'locked' });
  if (verdict !== 'in') return only({ is: 'closed', why: verdict });
  // Nothing that the page offers: as good as no link.
  if (!typesOf(acceptor).includes(given.type)) return only({ is: 'closed', why: 'unknown' });
  const token = given.type === 'hardware-token' ? await tokenOf(outside, acceptor, given.serial ?? '') : null;
  if (token !== null && token.is === 'not-free')
    return token.why === 'promised' ? only(wrong(acceptor, 0)) : await missed(outside, acceptor, given.serial ?? '');
  const seat = await seatFor(outside, acceptor);
  if (seat === null) return await waits(outside, acceptor, given.type);
  const enrolling: Enrolling = { at: now, type: given.type, token };
  return {
    answer: { is: 'enrolled' },
    puts: [...(await enrolledPuts(outside, acceptor.entry, enrolling)), ...seat, ...(await cardPuts(outside, acceptor.task.id))],
    appends: [enrollmentRow(outside, acceptor, { action: 'accept', what: given.type === 'link' ? 'enrolled' : 'enrolled with a hardware token' })],
    activates: seat.length > 0,
  };
}

async function tokenOf(outside: Accepting, { entry, connector }: Acceptor, serial: string): ReturnType<typeof takePuts> {
  const { taskId, personId, reserved } = entry.value;
  return await takePuts(outside, { organizationId: connector.organizationId, serial, by: { taskId, personId, at: outside.clock.now() }, reserved });
}

/** What takes their seat; nothing where they hold one, null where none is free (E10). */
async function seatFor(outside: Accepting, { account, connector }: Acceptor): Promise<readonly Put[] | null> {
  if (account === undefined || account.value.state === 'pending') return null;
  if (!isInvited(account.value)) return [];
  const { seats, puts } = await claim(outside, connector.instanceId, 1);
  return seats === 0 ? null : [...puts, ...grantPuts(account, outside.clock.now())];
}

function wrong({ entry, task }: Acceptor, more: number): Acceptance {
  return { is: 'wrong-serial', left: Math.max(0, task.attempts - entry.value.attempts - more) };
}

/**
 * A serial that is none of theirs to use; the last that may be typed locks the entry (E2). The one that was counted last, typed or
 * sent again, tells nobody anything new: it costs nothing.
 */
async function missed(outside: Accepting, acceptor: Acceptor, serial: string): Promise<Step> {
  const { entry, task } = acceptor;
  const key = enrollmentKey(task.id, entry.value.personId);
  const lastWrong = outside.fingerprint.of(`${key}\n${serialOf(serial)}`);
  if (entry.value.attempts > 0 && entry.value.lastWrong === lastWrong) return only(wrong(acceptor, 0));
  const attempts = entry.value.attempts + 1;
  if (attempts < task.attempts) {
    const puts = [put('enrollment', key, { ...entry.value, attempts, lastWrong }, entry.version)];
    return { ...only(wrong(acceptor, 1)), puts };
  }
  const dead = unlinked(entry.value);
  const locked: Enrollment = { ...dead.entry, attempts, state: { is: 'locked', at: outside.clock.now() }, waitingSince: null };
  return {
    ...only({ is: 'locked' }),
    puts: [
      put('enrollment', key, locked, entry.version),
      ...dead.puts,
      ...(await noLongerWaiting(outside, entry.value)),
      ...(await cardPuts(outside, task.id)),
    ],
    appends: [enrollmentRow(outside, acceptor, { action: 'lock', what: `was locked after ${attempts} wrong serials` })],
  };
}

/** They accepted, and no seat was free: the admins see since when; the link keeps working (E10). */
async function waits(outside: Accepting, acceptor: Acceptor, type: AuthenticationType): Promise<Step> {
  const { entry, task } = acceptor;
  if (entry.value.waitingSince !== null) return only({ is: 'no-seat' });
  // An acceptance by link counts when there is a seat; a token is typed again.
  const next: Enrollment = { ...entry.value, waitingSince: outside.clock.now(), ...(type === 'link' ? { type } : {}) };
  return {
    ...only({ is: 'no-seat' }),
    puts: [
      put('enrollment', enrollmentKey(task.id, entry.value.personId), next, entry.version),
      await waitingPut(outside.store, task.id, 1),
      ...(await cardPuts(outside, task.id)),
    ],
    appends: [enrollmentRow(outside, acceptor, { action: 'wait', what: 'accepted, and waits for a seat' })],
  };
}
