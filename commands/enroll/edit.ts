import { z } from 'zod';
import type { PersonId } from '../../src/domain/directory/person.ts';
import type { EntryRow } from '../../src/domain/enrollment/shown.ts';
import type { TaskId } from '../../src/domain/enrollment/task.ts';
import { unfinishedOf } from '../../src/domain/enrollment/verbs/bulk.ts';
import { moveStop, stopOf } from '../../src/domain/enrollment/verbs/extend.ts';
import { permittedTask } from '../../src/domain/enrollment/verbs/permit.ts';
import { removePeople, removeTask } from '../../src/domain/enrollment/verbs/remove.ts';
import { taskSeen } from '../../src/domain/enrollment/verbs/tasks.ts';
import { DAY } from '../../src/domain/instant.ts';
import { badInput, Refusal } from '../../src/domain/refusal.ts';
import type { Right } from '../../src/domain/rights/grant.ts';
import type { ModalView } from '../../views/blocks.ts';
import { editModal, extendModal, MOST_CHOSEN, readEdit, readExtend } from '../../views/enrollment/edit-modal.ts';
import { readEntry } from '../../views/enrollment/people-modal.ts';
import { type Removing, readRemovePeople, removePeopleModal, removeTaskModal } from '../../views/enrollment/remove-modal.ts';
import { summaryMessage, summaryModal } from '../../views/enrollment/summary.ts';
import { optionValue } from '../../views/ids.ts';
import { loading, note, noteModal } from '../../views/notice.ts';
import type { Answer, Ask, Command, Form, Press, Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import type { Words } from '../words.ts';
import { entriesChosen, entriesMeant, entryChoices, taskIn, taskOf } from './choices.ts';

const edit: Typed = {
  ...{ topic: 'enroll', verb: 'edit', right: 'run', usage: 'enroll edit <task>', summary: 'Remove people or move their stop date: a form' },
  run: (ask, words) => opened(ask, taskIn(words, edit)),
};
const remove: Typed = {
  topic: 'enroll',
  verb: 'remove',
  right: 'run',
  usage: 'enroll remove <task> <people…, or unfinished>',
  summary: 'Take people out of a task for good; asks first',
  run: typedRemove,
};
const move: Typed = {
  topic: 'enroll',
  verb: 'stop-date',
  right: 'run',
  usage: 'enroll stop-date <task> <people…> date=2026-12-20',
  summary: 'A new stop date for some people of a task',
  run: typedMove,
};
const extend: Typed = {
  topic: 'enroll',
  verb: 'extend',
  right: 'run',
  usage: 'enroll extend <task> [date=2026-12-20]',
  summary: 'A new stop date for everybody who has not enrolled; without a day: the form',
  run: typedExtend,
};
const drop: Typed = {
  topic: 'enroll',
  verb: 'remove-task',
  right: 'administer',
  usage: 'enroll remove-task <task>',
  summary: 'End a task: nobody enrolls by it any more; asks first',
  run: (ask, words) => confirmTask(ask, taskIn(words, drop), 'modal'),
};

/** Editing a task: remove people, new stop date, remove the task (E5), extend stragglers (E11). */
export const editTask: Command = {
  typed: [edit, remove, move, extend, drop],
  presses: {
    'enroll.edit': (ask, press) => opened(ask, press.value ?? ''),
    'enroll.remove': pressedRemove,
    'enroll.extend': (ask, press) => openExtend(ask, press.value ?? ''),
    'enroll.remove-task': (ask, press) => confirmTask(ask, press.value ?? '', press.view === null ? 'modal' : 'push'),
  },
  forms: { 'enroll.edit': submittedEdit, 'enroll.extend': submittedExtend, 'enroll.remove': submittedRemove, 'enroll.remove-task': submittedDrop },
  suggestions: { 'enroll.entries': (ask, { typed, view }) => entryChoices(ask, typed, view) },
};

const UNFINISHED: Removing = { are: 'unfinished' };

/** The task for who may do that with it; anybody else is refused before a form opens. */
async function permitted(ask: Ask, typed: string, right: Right, verb: string): ReturnType<typeof permittedTask> {
  return permittedTask(ask.outside, ask.actor, typed, right, ({ number }) => `${verb} task ${number}`);
}

async function opened(ask: Ask, typed: string): Promise<Answer> {
  const { task } = await permitted(ask, typed, 'run', 'edit');
  return form(task.id, async () => editModal(await taskSeen(ask.outside, ask.actor, task.id), []));
}

async function openExtend(ask: Ask, typed: string): Promise<Answer> {
  const { task } = await permitted(ask, typed, 'run', 'extend');
  return form(task.id, async () => {
    const seen = await taskSeen(ask.outside, ask.actor, task.id);
    const last = Math.max(seen.stops?.last ?? task.stop, ask.outside.clock.now());
    // The stop is the first moment after the last day: this is a week after that day.
    return extendModal(seen, ask.outside.calendar.dayOf(last + 6 * DAY, task.timeZone));
  });
}

function form(taskId: TaskId, later: () => Promise<ModalView>): Answer {
  return { is: 'modal', view: loading(`Task ${taskId.slice('T-'.length)}`, 'Counting its people…'), later };
}

/** *Remove…* of one person's page, or of the people chosen in the form: nobody chosen means all unfinished. */
async function pressedRemove(ask: Ask, press: Press): Promise<Answer> {
  const one = readEntry(press.value);
  if (one !== null) return confirmPeople(ask, one.taskId, 'push', async () => ({ are: 'chosen', people: [one.personId] }));
  const { people } = readEdit(press.view?.state);
  return confirmPeople(ask, taskOf(press), 'push', async () => (people.length === 0 ? UNFINISHED : { are: 'chosen', people }));
}

async function typedRemove(ask: Ask, words: Words): Promise<Answer> {
  const taskId = taskIn(words, remove);
  const [first, ...others] = words.objects.slice(1);
  if (first === undefined) throw usage(remove, words);
  if (first.toLowerCase() === 'unfinished' && others.length === 0) return confirmPeople(ask, taskId, 'modal', async () => UNFINISHED);
  if (others.length >= MOST_CHOSEN)
    throw badInput(null, `At most ${MOST_CHOSEN} people can be named at once.`, 'Name fewer, or type unfinished for everybody who has not enrolled.');
  return confirmPeople(ask, taskId, 'modal', async () => ({
    are: 'chosen',
    people: (await entriesMeant(ask, taskId, [first, ...others])).map(({ personId }) => optionValue(personId)),
  }));
}

/** What it comes to, computed as it opens. */
async function confirmPeople(ask: Ask, typed: string, is: 'modal' | 'push', whom: () => Promise<Removing>): Promise<Answer> {
  const { task } = await permitted(ask, typed, 'run', 'remove people from');
  return {
    is,
    view: loading(`Task ${task.number}`, 'Counting whom this takes out…'),
    later: async () => {
      const removing = await whom();
      const rows = removing.are === 'unfinished' ? [] : await entriesChosen(ask, task.id, removing.people);
      return removePeopleModal({ seen: await taskSeen(ask.outside, ask.actor, task.id), removing, rows });
    },
  };
}

const removal = z.object({ taskId: z.string().max(20), people: z.array(z.string().max(300)).max(MOST_CHOSEN).nullable() });

async function submittedRemove(ask: Ask, form: Form): Promise<Answer> {
  const read = removal.safeParse(form.metadata);
  if (!read.success) throw new Refusal({ is: 'changed-meanwhile', what: 'This window' });
  const { taskId, people } = read.data;
  const { task } = await permitted(ask, taskId, 'run', 'remove people from');
  const { notify } = readRemovePeople(form.state);
  return {
    is: 'modal',
    view: loading(`Task ${task.number}`, 'Removing people…'),
    later: async () => {
      const ids = people === null ? await unfinishedOf(ask.outside, task.id) : idsOf(await entriesChosen(ask, task.id, people));
      const summary = await removePeople(ask.outside, ask.actor, task.id, ids, { notify });
      return summaryModal({ task, done: { is: 'removed' }, summary });
    },
  };
}

/** *Apply* of the form: the new stop date of whom was chosen; nobody chosen means all unfinished (E5). */
async function submittedEdit(ask: Ask, form: Form): Promise<Answer> {
  const { people, date } = readEdit(form.state);
  if (date === null) throw badInput('date', 'No new stop date is chosen.', 'Choose a day, or press Remove….');
  return movedModal(ask, aboutTask(form.metadata), date, people);
}

async function submittedExtend(ask: Ask, form: Form): Promise<Answer> {
  const { date } = readExtend(form.state);
  if (date === null) throw badInput('date', 'No new stop date is chosen.', 'Choose a day.');
  return movedModal(ask, aboutTask(form.metadata), date, []);
}

/** The day is checked while the form still stands; the rest comes behind. `values`: of chosen options. */
async function movedModal(ask: Ask, typed: string, date: string, values: readonly string[]): Promise<Answer> {
  const { task } = await permitted(ask, typed, 'run', 'move the stop date of');
  stopOf(ask.outside, task, date);
  return {
    is: 'modal',
    view: loading(`Task ${task.number}`, 'Moving stop dates…'),
    later: async () => {
      const whom = values.length === 0 ? 'unfinished' : idsOf(await entriesChosen(ask, task.id, values));
      const { stop, ...summary } = await moveStop(ask.outside, ask.actor, task.id, whom, date);
      return summaryModal({ task, done: { is: 'moved', stop }, summary });
    },
  };
}

async function typedMove(ask: Ask, words: Words): Promise<Answer> {
  const taskId = taskIn(words, move);
  const people = words.objects.slice(1);
  const { date } = words.options;
  if (date === undefined || people.length === 0) throw usage(move, words);
  return movedMessage(ask, taskId, date, async () => idsOf(await entriesMeant(ask, taskId, people)));
}

async function typedExtend(ask: Ask, words: Words): Promise<Answer> {
  const taskId = taskIn(words, extend);
  const { date } = words.options;
  return date === undefined ? openExtend(ask, taskId) : movedMessage(ask, taskId, date, async () => 'unfinished');
}

async function movedMessage(ask: Ask, typed: TaskId, date: string, whom: () => Promise<readonly PersonId[] | 'unfinished'>): Promise<Answer> {
  const { task } = await permitted(ask, typed, 'run', 'move the stop date of');
  stopOf(ask.outside, task, date);
  return {
    is: 'message',
    message: note(`Moving stop dates of task ${task.number}…`),
    later: async () => {
      const { stop, ...summary } = await moveStop(ask.outside, ask.actor, task.id, await whom(), date);
      return summaryMessage({ task, done: { is: 'moved', stop }, summary });
    },
  };
}

/** On top of the form it was asked from. */
async function confirmTask(ask: Ask, typed: string, is: 'modal' | 'push'): Promise<Answer> {
  const { task } = await permitted(ask, typed, 'administer', 'remove');
  return {
    is,
    view: loading(`Task ${task.number}`, 'Counting whom this takes out…'),
    later: async () => removeTaskModal(await taskSeen(ask.outside, ask.actor, task.id)),
  };
}

async function submittedDrop(ask: Ask, form: Form): Promise<Answer> {
  const { task } = await permitted(ask, aboutTask(form.metadata), 'administer', 'remove');
  return {
    is: 'modal',
    view: loading(`Task ${task.number}`, 'Removing the task…'),
    later: async () => {
      const { number } = await removeTask(ask.outside, ask.actor, task.id);
      return noteModal(`Task ${number}`, `Task ${number} is removed: who has not enrolled can no longer.`, 'It left the list and stays in reports.');
    },
  };
}

function idsOf(rows: readonly EntryRow[]): readonly PersonId[] {
  return rows.map(({ personId }) => personId);
}

const about = z.object({ taskId: z.string().max(20) });

/** The task that a form is about; nothing that was tampered with leads anywhere. */
function aboutTask(metadata: unknown): string {
  const read = about.safeParse(metadata);
  if (!read.success) throw new Refusal({ is: 'changed-meanwhile', what: 'This window' });
  return read.data.taskId;
}
