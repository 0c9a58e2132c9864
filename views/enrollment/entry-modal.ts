import type { EntryRow, SeenTask } from '../../src/domain/enrollment/shown.ts';
import { actions, button, context, type ModalView, modal, section, sectionFields } from '../blocks.ts';
import { bold, date, md, type Mrkdwn } from '../mrkdwn.ts';
import { plural } from '../words.ts';
import { entryValue } from './people-modal.ts';
import { mailWords, statusWord, stopDay, taskName, typeWords } from './words.ts';

/** One person of a task: status, serial, where their mail went, and what can be done (E1, E6). */
export function entryModal(seen: SeenTask, row: EntryRow): ModalView {
  const { task, connector, may } = seen;
  const { entry, status, personId, name } = row;
  const value = entryValue(task.id, personId);
  const manages = may.run && task.state.is !== 'removed';
  const unfinished = status === 'active' || status === 'expired' || status === 'locked';
  return modal({
    callbackId: 'enroll.person',
    title: 'Enrollment',
    metadata: { taskId: task.id, personId },
    blocks: [
      section(md`${bold(name)} · ${taskName(task)} · ${connector.name}`),
      sectionFields([
        md`${bold('Status')}\n${statusWord(status)}${since(row, task.timeZone)}`,
        md`${bold('Stop date')}\n${stopDay(entry.stop, task.timeZone)}`,
        md`${bold('E-mailed to')}\n${mailWords(entry.mail)}`,
        md`${bold('Authentication type')}\n${typeWords(entry, task)}`,
        md`${bold('Serial number')}\n${entry.serial ?? '–'}`,
        md`${bold('Wrong serials')}\n${`${entry.attempts} of ${task.attempts}`}`,
      ]),
      entry.waitingSince !== null &&
        section(md`They accepted ${date(entry.waitingSince, task.timeZone)}, and no seat was free: they wait for one.`, {
          accessory: may.administer && button({ text: 'See who waits', action: 'enroll.waiting', value: connector.id }),
        }),
      status === 'expired' && context('A new stop date lets them enroll again, and so does Re-issue.'),
      status === 'locked' && context(`Locked after ${plural(entry.attempts, 'wrong serial')}. Re-issue sets the attempts back to 0.`),
      actions([
        manages && status === 'active' && button({ text: 'Resend…', action: 'enroll.resend', value }),
        manages && (status === 'locked' || status === 'expired') && button({ text: 'Re-issue…', action: 'enroll.reissue', value }),
        manages && unfinished && button({ text: 'Remove…', action: 'enroll.remove', value, style: 'danger' }),
        button({ text: 'Person', action: 'person.open', value: personId }),
        button({ text: '‹ People', action: 'enroll.people', value: task.id }),
        button({ text: '‹ Task', action: 'enroll.task', value: task.id }),
      ]),
    ],
  });
}

/** Since when they are so, where that was written down. */
function since({ entry }: EntryRow, timeZone: string): Mrkdwn {
  switch (entry.state.is) {
    case 'active':
      return md``;
    case 'enrolled':
    case 'locked':
    case 'removed':
      return md`, ${date(entry.state.at, timeZone)}`;
    case 'completed':
      return md`: signed in ${date(entry.state.at, timeZone)}, enrolled ${date(entry.state.enrolledAt, timeZone)}`;
  }
}
