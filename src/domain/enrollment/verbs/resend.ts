import type { Outside } from '../../../ports/outside.ts';
import { audited } from '../../audit/row.ts';
import type { Connector } from '../../connectors/connector.ts';
import type { PersonId } from '../../directory/person.ts';
import { badInput, Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import { remindersAnew, stopAfter } from '../days.ts';
import { type Enrollment, enrollmentKey, type EnrollmentStatus, statusOf } from '../enrollment.ts';
import { dropped } from '../outlook.ts';
import { policyOf, switchOf } from '../rules-in-force.ts';
import type { EnrollmentTask, TaskId } from '../task.ts';
import { entriesChanged } from './bulk.ts';
import { addressOf, isAddress, knownEntry, mailed, nameOf, unlinked } from './entries.ts';
import { forgetTyped, rememberTyped, withdrawnPuts } from './letters.ts';
import { type PermittedTask, permittedTask, requireMailing } from './permit.ts';
import type { Editing } from './remove.ts';

type Resending = Editing & Pick<Outside, 'calendar'>;

/**
 * Sends somebody's invitation again (E6), for active entries only: to the profile's address, or with `address` to one that was
 * typed, for this message alone. The stop date is recomputed from the policy, and the earlier links die first. Letters of
 * theirs that wait or are being sent are taken back: one mail has a link that works.
 */
export async function resend(outside: Resending, actor: Actor, taskId: TaskId, personId: PersonId, address: string | null): Promise<Enrollment> {
  const { task, connector } = await permittedTask(outside, actor, taskId, 'run', ({ number }) => `resend invitations of task ${number}`);
  const typed = address === null || address.trim() === '' ? null : address.trim();
  if (typed !== null && !isAddress(typed)) throw badInput('address', 'That is no e-mail address.', 'Type one like name@example.org.');
  return await sendAnew(outside, actor, { task, connector, personId, typed, verb: 'resend' });
}

/** Lets somebody who is locked or expired try again (E6): attempts back to 0, another link and stop date. Without an address nothing is mailed; the printable list has them (E13). */
export async function reissue(outside: Resending, actor: Actor, taskId: TaskId, personId: PersonId): Promise<Enrollment> {
  const { task, connector } = await permittedTask(outside, actor, taskId, 'run', ({ number }) => `re-issue invitations of task ${number}`);
  return await sendAnew(outside, actor, { task, connector, personId, typed: null, verb: 'reissue' });
}

/** *Resend* or *Re-issue*. */
export type Sending = 'resend' | 'reissue';

interface Anew {
  readonly task: EnrollmentTask;
  readonly connector: Connector;
  readonly personId: PersonId;
  /** An address for this message only; it is in no document and no audit row. */
  readonly typed: string | null;
  readonly verb: Sending;
}

async function sendAnew(outside: Resending, actor: Actor, anew: Anew): Promise<Enrollment> {
  const { task, connector, personId, typed, verb } = anew;
  const policy = await policyOf(outside, connector);
  const { testAddress } = await switchOf(outside.store, connector.id);
  for (;;) {
    const known = await knownEntry(outside, task.id, personId);
    if (known === undefined) throw new Refusal({ is: 'not-found', what: `person in task ${task.number}`, typed: personId, near: [] });
    const status = statusOf(known.entry, outside.clock.now());
    await requireFitting(outside, { task, connector }, { status, name: nameOf(known) }, verb);
    const own = addressOf(known.person);
    const to = typed ?? own;
    if (to === null && verb === 'resend')
      throw badInput('address', `${nameOf(known)} has no e-mail address in the directory.`, 'Type one, for this message only.');
    const now = outside.clock.now();
    const stop = stopAfter(outside.calendar, now, policy.days, task.timeZone);
    const {
      entry: { letters: earlier = [], ...entry },
      puts,
    } = unlinked(known.entry);
    const fresh: Enrollment = {
      ...entry,
      state: { is: 'active' },
      attempts: verb === 'reissue' ? 0 : entry.attempts,
      stop,
      reminded: remindersAnew(entry, policy, { start: task.start, stop, now }),
    };
    const letterId = typed === null || typed === own ? undefined : outside.chance.id();
    const sent = to === null ? { entry: unmailed(fresh), puts: [] } : mailed(outside, fresh, 'invitation', testAddress ?? to, letterId);
    if (letterId !== undefined && to !== null) rememberTyped(outside, letterId, to);
    const outcome = await outside.store.transaction({
      puts: [
        put('enrollment', enrollmentKey(task.id, personId), sent.entry, known.version),
        ...puts,
        ...(await withdrawnPuts(outside, earlier)),
        ...sent.puts,
        dropped(task.id),
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
      forgetTyped(outside, earlier);
      await entriesChanged(outside, task.id);
      return sent.entry;
    }
    if (letterId !== undefined) forgetTyped(outside, [letterId]);
  }
}

/** After a re-issue without an address: the letter that was queued is taken back, and no other comes (E13). */
function unmailed(entry: Enrollment): Enrollment {
  return entry.mail?.is === 'queued' ? { ...entry, mail: null } : entry;
}

/** Refuses what can't be done for somebody of that status (E6), or while no mail goes out: before a form is filled in for nothing, and again when it is done. */
export async function requireFitting(
  outside: Pick<Outside, 'store' | 'enrollment'>,
  { task: { number }, connector }: Pick<PermittedTask, 'task' | 'connector'>,
  { status, name }: { readonly status: EnrollmentStatus; readonly name: string },
  verb: Sending,
): Promise<void> {
  await requireMailing(outside, connector);
  const fits = verb === 'resend' ? status === 'active' : status === 'locked' || status === 'expired';
  if (fits) return;
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
