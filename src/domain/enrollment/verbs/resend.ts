import type { Outside } from '../../../ports/outside.ts';
import type { Put } from '../../../ports/store.ts';
import { audited } from '../../audit/row.ts';
import type { Connector } from '../../connectors/connector.ts';
import type { PersonId } from '../../directory/person.ts';
import { badInput, Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import { pastReminders, stopAfter } from '../days.ts';
import { type Enrollment, enrollmentKey, statusOf } from '../enrollment.ts';
import { policyOf, switchOf } from '../rules-in-force.ts';
import type { EnrollmentTask, TaskId } from '../task.ts';
import { entriesChanged } from './bulk.ts';
import { addressOf, isAddress, type Known, knownEntry, mailed, nameOf, unlinked } from './entries.ts';
import { forgetTyped, rememberTyped } from './letters.ts';
import { permittedTask, requireMailing } from './permit.ts';
import type { Editing } from './remove.ts';

type Resending = Editing & Pick<Outside, 'calendar'>;

/**
 * Sends somebody's invitation again (E6), for active entries only: to the profile's address, or with `address` to one that was
 * typed, for this message alone. The stop date is recomputed from the policy, and the earlier links die first. A letter
 * that still waits to be sent is taken back.
 */
export async function resend(outside: Resending, actor: Actor, taskId: TaskId, personId: PersonId, address: string | null): Promise<Enrollment> {
  const { task, connector } = await permittedTask(outside, actor, taskId, 'run', ({ number }) => `resend invitations of task ${number}`);
  await requireMailing(outside, connector);
  const typed = address === null || address.trim() === '' ? null : address.trim();
  if (typed !== null && !isAddress(typed)) throw badInput('address', 'That is no e-mail address.', 'Type one like name@example.org.');
  return await sendAnew(outside, actor, { task, connector, personId, typed, verb: 'resend' });
}

/** Lets somebody who is locked or expired try again (E6): attempts back to 0, another link and stop date. Without an address nothing is mailed; the printable list has them (E13). */
export async function reissue(outside: Resending, actor: Actor, taskId: TaskId, personId: PersonId): Promise<Enrollment> {
  const { task, connector } = await permittedTask(outside, actor, taskId, 'run', ({ number }) => `re-issue invitations of task ${number}`);
  await requireMailing(outside, connector);
  return await sendAnew(outside, actor, { task, connector, personId, typed: null, verb: 'reissue' });
}

interface Anew {
  readonly task: EnrollmentTask;
  readonly connector: Connector;
  readonly personId: PersonId;
  /** An address for this message only; it is in no document and no audit row. */
  readonly typed: string | null;
  readonly verb: 'resend' | 'reissue';
}

async function sendAnew(outside: Resending, actor: Actor, anew: Anew): Promise<Enrollment> {
  const { task, connector, personId, typed, verb } = anew;
  const policy = await policyOf(outside, connector);
  const { testAddress } = await switchOf(outside.store, connector.id);
  for (;;) {
    const known = await knownEntry(outside, task.id, personId);
    if (known === undefined) throw new Refusal({ is: 'not-found', what: `person in task ${task.number}`, typed: personId, near: [] });
    requireStatus(outside, known, task, verb);
    const own = addressOf(known.person);
    const to = typed ?? own;
    if (to === null && verb === 'resend')
      throw badInput('address', `${nameOf(known)} has no e-mail address in the directory.`, 'Type one, for this message only.');
    const now = outside.clock.now();
    const stop = stopAfter(outside.calendar, now, policy.days, task.timeZone);
    const { entry, puts } = unlinked(known.entry);
    const fresh: Enrollment = {
      ...entry,
      state: { is: 'active' },
      attempts: verb === 'reissue' ? 0 : entry.attempts,
      stop,
      reminded: pastReminders(policy, task.start, stop, now),
    };
    const letterId = typed === null || typed === own ? undefined : outside.chance.id();
    const sent = to === null ? { entry: fresh, puts: [] } : mailed(outside, fresh, 'invitation', testAddress ?? to, letterId);
    if (letterId !== undefined && to !== null) rememberTyped(outside, letterId, to);
    const outcome = await outside.store.transaction({
      puts: [
        put('enrollment', enrollmentKey(task.id, personId), sent.entry, known.version),
        ...puts,
        ...(await waitingLetters(outside, known.entry)),
        ...sent.puts,
      ],
      appends: [
        audited(outside, actor, {
          ...{ action: `enrollment.${verb}`, connectorId: connector.id, subject: personId },
          summary: `${verb === 'resend' ? 'resent' : 're-issued'} the invitation of ${personId} in task ${task.number} of ${connector.name}`,
          before: { status: statusOf(known.entry, now), stop: new Date(known.entry.stop).toISOString() },
          after: { stop: new Date(stop).toISOString(), address: to === null ? 'none' : letterId === undefined ? 'profile' : 'typed' },
        }),
      ],
    });
    if (outcome === 'committed') {
      await entriesChanged(outside, task.id);
      return sent.entry;
    }
    if (letterId !== undefined) forgetTyped(outside, letterId);
  }
}

function requireStatus({ clock }: Resending, { entry, person }: Known, { number }: EnrollmentTask, verb: Anew['verb']): void {
  const status = statusOf(entry, clock.now());
  const fits = verb === 'resend' ? status === 'active' : status === 'locked' || status === 'expired';
  if (fits) return;
  const name = nameOf({ entry, person });
  switch (status) {
    case 'active':
      throw new Refusal({ is: 'nothing-to-do', detail: `${name} can still enroll in task ${number}: resend the invitation instead.` });
    case 'locked':
    case 'expired':
      throw new Refusal({ is: 'nothing-to-do', detail: `${name} is ${status} in task ${number}: re-issue the invitation instead.` });
    case 'enrolled':
    case 'completed':
      throw new Refusal({ is: 'nothing-to-do', detail: `${name} is ${status} in task ${number}: nothing is sent to who is through.` });
    case 'removed':
      throw new Refusal({ is: 'nothing-to-do', detail: `${name} was removed from task ${number}. Provision them again for a new one.` });
  }
}

/** Letters of the entry that were not begun: this one takes their place. One that is being sent is over by itself: its link is among those that die, or comes to nothing. */
async function waitingLetters({ store }: Pick<Outside, 'store'>, { taskId, personId, mail }: Enrollment): Promise<readonly Put[]> {
  if (mail?.is !== 'queued') return [];
  const puts: Put[] = [];
  for await (const page of store.scan('letter'))
    for (const { key, value, version } of page)
      if (value.taskId === taskId && value.personId === personId && value.sendingSince === null) puts.push(put('letter', key, null, version));
  return puts;
}
