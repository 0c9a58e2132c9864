import type { SeenTask, TaskModel } from '../../src/domain/enrollment/shown.ts';
import type { TaskState } from '../../src/domain/enrollment/task.ts';
import { actions, type Blocks, button, context, type Message, message, section } from '../blocks.ts';
import { bold, date, md, type Mrkdwn } from '../mrkdwn.ts';
import { count, plural } from '../words.ts';
import { countsLine, peopleIn, statusBar, stopDays, stragglersIn, taskName, unfinishedIn } from './words.ts';

/** A card may stand where others see it: it has the buttons of all who might press them. */
const ANYBODY: SeenTask['may'] = { run: true, administer: true };

/**
 * A task as one message that is edited in place (E11): numbers only, so that it may stand anywhere (R3). Only its operator reads where the last
 * mail went, in their direct messages: a domain can be one person's. Without buttons once it is over (E4).
 */
export function taskMessage(model: TaskModel, inChannel = false): Message {
  const { task, connector, counts } = model;
  const head = `${taskName(task)} · ${connector.name}`;
  if (task.state.is === 'removed')
    return message({
      text: `${head}: ${removedWord(task.state)}. ${countsLine(counts, ', ')}.`,
      blocks: [section(md`${bold(head)} · ${removedWord(task.state)} ${date(task.state.at, task.timeZone)}`), ...progress(model)],
    });
  if (model.finished)
    return message({
      text: `${head}: everybody is enrolled. ${countsLine(counts, ', ')}.`,
      blocks: [section(md`${bold(head)} · everybody is enrolled`), ...progress(model), context(origin(model, inChannel))],
    });
  return message({
    text: `${head}: ${countsLine(counts, ', ')}. Stop date ${stopDays(model)}.`,
    blocks: [section(headline(model)), ...progress(model), ...troubles({ ...model, may: ANYBODY }), cardButtons(model), context(origin(model, inChannel))],
  });
}

/** Why nobody can enroll by it any more (E5, C13). */
export function removedWord(state: Extract<TaskState, { is: 'removed' }>): string {
  return state.because === 'disconnected' ? 'closed: the connector was disconnected' : 'removed';
}

/** `Task 1042 · Zoom · started 21 Nov by Ana Ruiz · stop date 1 Dec · 320 people`. */
export function headline(model: TaskModel): Mrkdwn {
  const { task, connector, by, counts } = model;
  return md`${bold(`${taskName(task)} · ${connector.name}`)} · started ${date(task.start, task.timeZone, 'date')} by ${by} · stop date ${stopDays(model)} · ${plural(peopleIn(counts), 'person', 'people')}`;
}

/** The bar and the same in words. */
export function progress({ task, counts }: TaskModel): Blocks {
  return [
    section(`${statusBar(counts)} ${countsLine(counts)}`.trim()),
    task.state.is === 'gathering' && context('Its people are still being gathered: the numbers grow.'),
  ];
}

/** What keeps people from enrolling, with the buttons of those who may mend it (X1). */
export function troubles({ connector, waiting, undelivered, withoutMail, tokensShort, task, may }: SeenTask): Blocks {
  return [
    waiting > 0 &&
      section(md`${bold(`${plural(waiting, 'person waits', 'people wait')} for a seat`)}: they accepted, and no seat was free.`, {
        accessory: may.administer && button({ text: 'See who waits', action: 'enroll.waiting', value: connector.id }),
      }),
    undelivered > 0 &&
      section(md`${bold(`${plural(undelivered, 'mail')} did not arrive`)} as far as the mail server says.`, {
        accessory: button({ text: 'See who', action: 'enroll.people', value: `${task.id}/undelivered` }),
      }),
    withoutMail > 0 &&
      section(`${plural(withoutMail, 'person was', 'people were')} not e-mailed: hand them the printable list.`, {
        accessory: may.run && button({ text: 'Print links…', action: 'enroll.print', value: task.id }),
      }),
    tokensShort > 0 &&
      section(`The stock is ${plural(tokensShort, 'hardware token')} short for this task. Import more serials.`, {
        accessory: button({ text: 'Token stock', action: 'enroll.stock' }),
      }),
  ];
}

function cardButtons(model: TaskModel): ReturnType<typeof actions> {
  const { task, counts } = model;
  const { id } = task;
  const stragglers = stragglersIn(model);
  return actions([
    stragglers > 0 &&
      button({
        text: `Nudge ${count(stragglers)}`,
        action: 'enroll.nudge',
        value: id,
        accessibilityLabel: `Remind ${count(stragglers)} of task ${task.number}`,
      }),
    unfinishedIn(counts) > 0 && button({ text: 'Extend…', action: 'enroll.extend', value: id, accessibilityLabel: `Extend task ${task.number}` }),
    button({ text: 'Edit people…', action: 'enroll.edit', value: id, accessibilityLabel: `Edit the people of task ${task.number}` }),
    button({ text: 'Open task', action: 'enroll.task', value: id, accessibilityLabel: `Open task ${task.number}` }),
    button({ text: 'Download CSV', action: 'enroll.csv', value: id, accessibilityLabel: `Send me task ${task.number} as CSV` }),
  ]);
}

/** Where it comes from and where its last mail went, masked (E1, E6). */
export function origin({ task, connector }: TaskModel, inChannel = false): string {
  return [
    task.id,
    connector.id,
    ...(task.runId === null ? [] : [task.runId]),
    ...(task.mailedTo === null ? ['nobody e-mailed yet'] : inChannel ? [] : [`last e-mailed to ${task.mailedTo}`]),
  ].join(' · ');
}
