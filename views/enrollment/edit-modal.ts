import type { OneTask, SeenTask } from '../../src/domain/enrollment/shown.ts';
import { actions, button, type Choice, context, datePicker, input, type ModalView, modal, multiExternalSelect, section } from '../blocks.ts';
import { bold, md } from '../mrkdwn.ts';
import { readDate, readOptions } from '../state.ts';
import { count, plural } from '../words.ts';
import { countsLine, stopDays, taskName, unfinishedIn } from './words.ts';

/** People of one choice, by button or by words: what their options carry travels with the confirmation. */
export const MOST_CHOSEN = 30;

/** Removes people, moves their stop date, removes the task (E5). Nobody chosen means everybody who has not enrolled. */
export function editModal(seen: SeenTask, chosen: readonly Choice[]): ModalView {
  const { task, connector, counts, may } = seen;
  const unfinished = unfinishedIn(counts);
  return modal({
    callbackId: 'enroll.edit',
    title: `${taskName(task)}: edit`,
    submit: 'Apply',
    metadata: { taskId: task.id },
    blocks: [
      section(md`${bold(`${taskName(task)} · ${connector.name}`)} · ${countsLine(counts)}`),
      input('People', multiExternalSelect({ action: 'enroll.entries', placeholder: 'Type a name', minQuery: 2, initial: chosen, most: MOST_CHOSEN }), {
        blockId: 'people',
        optional: true,
        hint: `Nobody chosen: all ${count(unfinished)} who have not enrolled.`,
      }),
      input('New stop date', datePicker({ action: 'date' }), {
        optional: true,
        hint: `The end of that day in ${task.timeZone}; now ${stopDays(seen)}. A later one lets expired people enroll again, not locked ones.`,
      }),
      actions([
        button({ text: 'Remove…', action: 'enroll.remove', value: task.id, style: 'danger', accessibilityLabel: 'Remove the chosen people' }),
        may.administer && button({ text: 'Remove task…', action: 'enroll.remove-task', value: task.id, style: 'danger' }),
        button({ text: '‹ Task', action: 'enroll.task', value: task.id }),
      ]),
      context(`Apply moves the stop date of whom you chose. ${plural(counts.enrolled + counts.completed, 'person is', 'people are')} enrolled and stay so.`),
    ],
  });
}

/** Option values of the chosen people, and the new last day; both as far as filled in. */
export function readEdit(state: unknown): { readonly people: readonly string[]; readonly date: string | null } {
  return { people: readOptions(state, 'people', 'enroll.entries'), date: readDate(state, 'date') };
}

/** A new stop date for everybody who has not enrolled (E11). `suggested`: `YYYY-MM-DD`. */
export function extendModal(seen: OneTask, suggested: string | null): ModalView {
  const { task, connector, counts } = seen;
  return modal({
    callbackId: 'enroll.extend',
    title: `${taskName(task)}: extend`,
    submit: 'Apply',
    metadata: { taskId: task.id },
    blocks: [
      section(
        md`${bold(`${taskName(task)} · ${connector.name}`)}: ${plural(unfinishedIn(counts), 'person has', 'people have')} not enrolled. Stop date now: ${stopDays(seen)}.`,
      ),
      input('New stop date', datePicker({ action: 'date', initial: suggested }), { hint: `The end of that day in ${task.timeZone}.` }),
      context(extendLine(seen)),
    ],
  });
}

const TOLD: Readonly<Record<OneTask['mail']['is'], string>> = {
  people: ', and those with an e-mail address are told by mail',
  test: '; test mode: the mails that tell them go to the test address',
  nowhere: '. Nobody is told by e-mail: mail is off',
};

function extendLine({ counts, mail }: OneTask): string {
  const locked = counts.locked === 0 ? '' : ` ${plural(counts.locked, 'locked person is', 'locked people are')} not extended: re-issue theirs.`;
  return `Active and expired people can enroll until then${TOLD[mail.is]}.${locked}`;
}

export function readExtend(state: unknown): { readonly date: string | null } {
  return { date: readDate(state, 'date') };
}
