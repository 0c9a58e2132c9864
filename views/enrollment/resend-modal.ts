import type { EntryRow, OneTask } from '../../src/domain/enrollment/shown.ts';
import { context, emailInput, input, type ModalView, modal, section } from '../blocks.ts';
import { bold, md, type Mrkdwn } from '../mrkdwn.ts';
import { readText } from '../state.ts';
import { plural } from '../words.ts';
import { mailWords, stopDay, taskName } from './words.ts';

/** Sends the invitation again, to the profile's address or another for this once (E6). `stop`: their stop date after it. */
export function resendModal({ task, connector, mail }: OneTask, row: EntryRow, stop: number): ModalView {
  return modal({
    callbackId: 'enroll.resend',
    title: 'Resend',
    submit: 'Resend',
    metadata: { taskId: task.id, personId: row.personId },
    blocks: [
      section(md`${bold(row.name)} · ${taskName(task)} · ${connector.name}`),
      input('E-mail address', emailInput({ action: 'address', initial: row.email, placeholder: 'name@example.org' }), {
        hint: 'The address of their profile. Another one serves this message only and is kept nowhere once it is sent.',
      }),
      mail.is === 'test' && section(md`${bold('Test mode')}: whatever stands here, the mail goes to ${mail.to}.`),
      section(`The earlier link stops working. Their stop date becomes ${stopDay(stop, task.timeZone)}.`),
      context(`Until now: ${mailWords(row.entry.mail)}. What is typed here passes through Slack.`),
    ],
  });
}

export function readResend(state: unknown): { readonly address: string | null } {
  return { address: readText(state, 'address') };
}

/** Lets somebody locked or expired begin anew (E6). */
export function reissueModal({ task, connector, mail }: OneTask, row: EntryRow, stop: number): ModalView {
  const { status, entry, email } = row;
  return modal({
    callbackId: 'enroll.reissue',
    title: 'Re-issue?',
    submit: 'Re-issue',
    close: status === 'locked' ? 'Leave it locked' : 'Leave it expired',
    metadata: { taskId: task.id, personId: row.personId },
    blocks: [
      section(
        md`${bold(row.name)} · ${taskName(task)} · ${connector.name} · ${status}${status === 'locked' ? ` after ${plural(entry.attempts, 'wrong serial')}` : ''}`,
      ),
      section(`They may enroll again: the attempts go back to 0, earlier links stop working, and the stop date becomes ${stopDay(stop, task.timeZone)}.`),
      section(email === null ? 'They have no e-mail address: hand them the printable list.' : newLink(mail, email)),
    ],
  });
}

function newLink(mail: OneTask['mail'], email: string): Mrkdwn {
  switch (mail.is) {
    case 'people':
      return md`A new link goes to ${email}.`;
    case 'test':
      return md`${bold('Test mode')}: a new link goes to ${mail.to}, and none to ${email}.`;
    case 'nowhere':
      return md`No link goes to ${email}: mail is off.`;
  }
}
