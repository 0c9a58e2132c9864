import type { Outstanding } from '../../src/domain/enrollment/shown.ts';
import { actions, type Blocks, button, context, header, section } from '../blocks.ts';
import { bold, date, md, type Mrkdwn } from '../mrkdwn.ts';
import { count } from '../words.ts';
import { entryValue } from './people-modal.ts';
import { mailWords, statusWord, stopDay, taskName, typeWords } from './words.ts';

/** Tasks told on a person's page; the rest is counted. */
const SHOWN = 5;

/** A person's outstanding tasks (E7): absent where there are none, read-only but for *Resend* and *Re-issue*, and a way to the task for who may manage it. */
export function outstandingBlocks(all: readonly Outstanding[]): Blocks {
  if (all.length === 0) return [];
  return [
    header('Enrollment'),
    ...all.slice(0, SHOWN).flatMap((one) => [section(line(one)), buttons(one)]),
    all.length > SHOWN && context(`and ${count(all.length - SHOWN)} more: see the list of enrollment tasks`),
  ];
}

function line({ row, task, connector, by }: Outstanding): Mrkdwn {
  const { entry, status } = row;
  const waits = entry.waitingSince === null ? '' : ', waits for a seat';
  return md`${bold(`${taskName(task)} · ${connector.name}`)} · ${statusWord(status)}${waits} · requested by ${by} · ${mailWords(entry.mail)} · start ${date(task.start, task.timeZone, 'date')} · stop ${stopDay(entry.stop, task.timeZone)} · ${typeWords(entry, task)}`;
}

function buttons({ row, task, mayManage }: Outstanding): ReturnType<typeof actions> {
  if (!mayManage) return null;
  const { personId, status } = row;
  const value = entryValue(task.id, personId);
  return actions([
    button({ text: taskName(task), action: 'enroll.task', value: task.id, accessibilityLabel: `Open task ${task.number}` }),
    status === 'active' && button({ text: 'Resend…', action: 'enroll.resend', value, accessibilityLabel: `Resend the invitation of task ${task.number}` }),
    (status === 'locked' || status === 'expired') &&
      button({ text: 'Re-issue…', action: 'enroll.reissue', value, accessibilityLabel: `Re-issue the invitation of task ${task.number}` }),
  ]);
}
