import type { Enrollment } from '../../src/domain/enrollment/enrollment.ts';
import type { BulkSummary } from '../../src/domain/enrollment/shown.ts';
import type { EnrollmentTask } from '../../src/domain/enrollment/task.ts';
import { actions, type Blocks, button, type Message, type ModalView, message, modal, section } from '../blocks.ts';
import { bold, md, type Mrkdwn, unformatted } from '../mrkdwn.ts';
import { plural } from '../words.ts';
import { mailWords, skippedLines, stopDay, taskName } from './words.ts';

/** What was done to people of a task. */
export type Done = { readonly is: 'removed' | 'nudged' | 'provisioned' } | { readonly is: 'moved'; readonly stop: number };

export interface Summed {
  /** Null where no task was made. */
  readonly task: Pick<EnrollmentTask, 'id' | 'number' | 'timeZone'> | null;
  readonly done: Done;
  readonly summary: BulkSummary;
}

/** A bulk action ends in numbers: done, skipped, why (E8). */
export function summaryMessage(of: Summed): Message {
  const lines = linesOf(of.summary);
  return message({ text: [headOf(of), ...lines.map((line) => `${unformatted(line)}.`)].join(' '), blocks: [section(bold(headOf(of))), ...rest(of, lines)] });
}

export function summaryModal(of: Summed): ModalView {
  const blocks: Blocks = [section(bold(headOf(of))), ...rest(of, linesOf(of.summary))];
  return modal({ callbackId: 'enroll.summary', title: of.task === null ? 'Enrollment' : taskName(of.task), blocks });
}

function linesOf(summary: BulkSummary): readonly Mrkdwn[] {
  const { untold } = summary;
  if (untold === undefined) return skippedLines(summary);
  const why = untold.why === 'mail-off' ? 'mail is off' : 'no e-mail address';
  return [md`${plural(untold.count, 'person', 'people')} not told by e-mail: ${why}`, ...skippedLines(summary)];
}

function rest({ task }: Summed, lines: readonly Mrkdwn[]): Blocks {
  return [
    ...lines.map((line) => section(line)),
    actions([task === null ? button({ text: 'Enrollment', action: 'enroll.list' }) : button({ text: 'Open task', action: 'enroll.task', value: task.id })]),
  ];
}

function headOf({ task, done, summary }: Summed): string {
  const people = plural(summary.done, 'person', 'people');
  const of = task === null ? '' : ` of task ${task.number}`;
  switch (done.is) {
    case 'removed':
      return `${people}${of} removed.`;
    case 'nudged':
      return `${people}${of} reminded.`;
    case 'provisioned':
      return task === null ? 'Nobody was provisioned.' : `${people} provisioned by hand: task ${task.number}.`;
    case 'moved':
      return summary.done === 0 ? `No stop date${of} was moved.` : `${people}${of} may enroll until ${stopDay(done.stop, task?.timeZone ?? 'UTC')}.`;
  }
}

/** One person's invitation that was sent again or re-issued (E6). */
export interface Sent {
  readonly task: Pick<EnrollmentTask, 'id' | 'number' | 'timeZone'>;
  readonly verb: 'resent' | 'reissued';
  readonly name: string;
  readonly entry: Enrollment;
}

export function sentMessage(of: Sent): Message {
  const line = sentLine(of);
  return message({ text: line, blocks: [section(line), sentButtons(of)] });
}

export function sentModal(of: Sent): ModalView {
  return modal({ callbackId: 'enroll.summary', title: taskName(of.task), blocks: [section(sentLine(of)), sentButtons(of)] });
}

function sentLine({ task, verb, name, entry }: Sent): Mrkdwn {
  const what = verb === 'resent' ? 'The earlier link stopped working' : 'The attempts are back to 0, and earlier links stopped working';
  return md`${bold(name)} may enroll until ${stopDay(entry.stop, task.timeZone)}: ${mailWords(entry.mail)}. ${what}.`;
}

function sentButtons({ task }: Sent): ReturnType<typeof actions> {
  return actions([button({ text: 'Open task', action: 'enroll.task', value: task.id })]);
}
