import { z } from 'zod';
import { entriesOf, taskSeen } from '../../src/domain/enrollment/verbs/tasks.ts';
import { seenTask } from '../../src/domain/enrollment/verbs/permit.ts';
import { badInput } from '../../src/domain/refusal.ts';
import { sendTask } from '../../src/domain/reports/verbs/task-file.ts';
import { eitherOf, plural } from '../../views/words.ts';
import { entryModal } from '../../views/enrollment/entry-modal.ts';
import {
  entryFilterNamed,
  PEOPLE_PAGE,
  type PeopleShown,
  readEntry,
  readEntryFilter,
  readPeople,
  taskPeopleModal,
} from '../../views/enrollment/people-modal.ts';
import { taskModal } from '../../views/enrollment/task-modal.ts';
import { loading, note } from '../../views/notice.ts';
import { type Answer, type Ask, type Command, LONGEST_KEPT, type Press, type Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import type { Words } from '../words.ts';
import { entriesChosen, entryChoices, entryMeant, entryPressed, taskIn, taskOf } from './choices.ts';
import { ENTRY_FILTERS, type EntryRow } from '../../src/domain/enrollment/shown.ts';

const task: Typed = {
  ...{ topic: 'enroll', verb: 'task', right: 'see', usage: 'enroll task <task>', summary: 'One task: how far it is, and what can be done' },
  run: (ask, words) => opened(ask, taskIn(words, task)),
};
const people: Typed = {
  topic: 'enroll',
  verb: 'people',
  right: 'see',
  usage: 'enroll people <task> [status=<status>]',
  summary: 'Who is in a task, with status, serial and where their mail went',
  run: typedPeople,
};
const person: Typed = {
  topic: 'enroll',
  verb: 'person',
  right: 'see',
  usage: 'enroll person <task> <person>',
  summary: 'One person of a task',
  run: async (ask, words) => {
    const taskId = taskIn(words, person);
    const typed = words.objects.slice(1).join(' ');
    if (typed === '') throw usage(person, words);
    return shownPerson(ask, taskId, () => entryMeant(ask, taskId, typed));
  },
};
const file: Typed = {
  ...{ topic: 'enroll', verb: 'csv', right: 'see', usage: 'enroll csv <task>', summary: 'Everybody in a task as a CSV, to you' },
  run: (ask, words) => sent(ask, taskIn(words, file)),
};

const metadata = z.object({
  taskId: z.string().max(20),
  filter: z.string().max(20).transform(readEntryFilter),
  after: z.string().max(LONGEST_KEPT).nullable(),
});

/** One task, its people, one of them, and all as a file (E1). */
export const showTask: Command = {
  typed: [task, people, person, file],
  presses: {
    'enroll.task': (ask, press) => opened(ask, press.value ?? ''),
    'enroll.people': (ask, press) => listed(ask, readPeople(press.value) ?? shownIn(press)),
    'enroll.people-first': (ask, press) => listed(ask, { ...shownIn(press), after: null }),
    'enroll.people-next': (ask, press) => listed(ask, { ...shownIn(press), after: press.value }),
    'enroll.status': (ask, press) => listed(ask, { ...shownIn(press), filter: readEntryFilter(press.value), after: null }),
    'enroll.person': (ask, press) => shownPerson(ask, readEntry(press.value)?.taskId ?? '', () => entryPressed(ask, press.value)),
    'enroll.find': found,
    'enroll.csv': (ask, press) => sent(ask, press.value ?? ''),
  },
  suggestions: { 'enroll.find': (ask, { typed, view }) => entryChoices(ask, typed, view) },
};

async function opened(ask: Ask, typed: string): Promise<Answer> {
  const { task: meant } = await seenTask(ask.outside, ask.actor, typed);
  return {
    is: 'modal',
    view: loading(`Task ${meant.number}`, 'Counting its people…'),
    later: async () => taskModal(await taskSeen(ask.outside, ask.actor, meant.id)),
  };
}

async function typedPeople(ask: Ask, words: Words): Promise<Answer> {
  const taskId = taskIn(words, people);
  const { status = 'all' } = words.options;
  if (words.objects.length > 1) throw usage(people, words);
  const filter = entryFilterNamed(status);
  if (filter === null) throw badInput('status', `“${status}” is none of them.`, `Type status=${eitherOf(ENTRY_FILTERS)}.`);
  return listed(ask, { taskId, filter, after: null });
}

async function listed({ outside, actor }: Ask, shown: PeopleShown): Promise<Answer> {
  const { task: meant } = await seenTask(outside, actor, shown.taskId);
  return {
    is: 'modal',
    view: loading(`Task ${meant.number}`, 'Reading its people…'),
    later: async () => {
      const seen = await taskSeen(outside, actor, meant.id);
      const page = await entriesOf(outside, actor, meant.id, { status: shown.filter, search: null, after: shown.after, limit: PEOPLE_PAGE });
      return taskPeopleModal({ seen, shown: { ...shown, taskId: meant.id }, ...page });
    },
  };
}

async function shownPerson({ outside, actor }: Ask, taskId: string, find: () => Promise<EntryRow>): Promise<Answer> {
  const { task: meant } = await seenTask(outside, actor, taskId);
  return {
    is: 'modal',
    view: loading(`Task ${meant.number}`, 'Looking in the task…'),
    later: async () => entryModal(await taskSeen(outside, actor, meant.id), await find()),
  };
}

/** *Find a person*: within the task that the view is about. */
async function found(ask: Ask, press: Press): Promise<Answer> {
  const { value } = press;
  if (value === null) return { is: 'nothing' };
  const taskId = taskOf({ value: null, view: press.view });
  return shownPerson(ask, taskId, async () => {
    const [row] = await entriesChosen(ask, taskId, [value]);
    return row ?? entryMeant(ask, taskId, value);
  });
}

async function sent(ask: Ask, typed: string): Promise<Answer> {
  const { task: meant } = await seenTask(ask.outside, ask.actor, typed);
  return {
    is: 'message',
    message: note(`Making the file of task ${meant.number}…`),
    later: async () => note(`Task ${meant.number} is in your direct messages: ${plural(await sendTask(ask.outside, ask.actor, meant.id), 'row')}.`),
  };
}

function shownIn(press: Press): PeopleShown {
  return metadata.catch({ taskId: '', filter: 'all', after: null }).parse(press.view?.metadata ?? null);
}
