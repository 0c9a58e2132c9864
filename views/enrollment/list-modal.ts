import type { TaskFilter, TaskModel } from '../../src/domain/enrollment/shown.ts';
import { actions, button, type Choice, context, externalSelect, type ModalView, modal, section, staticSelect } from '../blocks.ts';
import { bold, date, md, type Mrkdwn } from '../mrkdwn.ts';
import { pager } from '../paging.ts';
import { count, plural } from '../words.ts';
import { removedWord } from './task-card.ts';
import { countsLine, peopleIn, statusBar, stopDays, taskName } from './words.ts';

/** Tasks on one page. */
export const TASKS_PAGE = 10;

/** What narrows the list; it travels with the modal. */
export interface TasksShown {
  readonly filter: TaskFilter;
  readonly connectorId: string | null;
  readonly page: number;
}

export interface TasksList {
  readonly shown: TasksShown;
  /** Of this page, newest first. */
  readonly tasks: readonly TaskModel[];
  readonly total: number;
  readonly pages: number;
  /** The chosen connector's name. */
  readonly connector: string | null;
  readonly may: { readonly run: boolean; readonly administer: boolean };
}

const FILTERS: readonly (Choice & { readonly value: TaskFilter })[] = [
  { text: 'Open', value: 'open' },
  { text: 'Completed', value: 'completed' },
  { text: 'All', value: 'all' },
];

/** Enrollment tasks, newest first, ten a page (E1, E4). */
export function tasksModal(list: TasksList): ModalView {
  const { shown, tasks, total, pages } = list;
  return modal({
    callbackId: 'enroll.list',
    title: 'Enrollment',
    metadata: { ...shown },
    blocks: [
      // Elements keep what was chosen as long as their block keeps its id: cleared ones need another.
      actions(
        [
          staticSelect({ action: 'enroll.filter', choices: FILTERS, initial: shown.filter }),
          externalSelect({
            action: 'enroll.connector',
            placeholder: 'Any connector',
            initial: shown.connectorId === null ? null : { text: list.connector ?? shown.connectorId, value: shown.connectorId },
          }),
          (shown.connectorId !== null || shown.filter !== 'open') && button({ text: 'Clear filters', action: 'enroll.list' }),
        ],
        `filters ${shown.filter} ${shown.connectorId ?? ''}`,
      ),
      section(total === 0 ? NONE[shown.filter] : `${plural(total, HEADS[shown.filter])}${pages > 1 ? `, page ${count(shown.page)} of ${count(pages)}` : ''}`),
      ...tasks.map(row),
      actions([
        ...pager('enroll.page', shown.page, pages),
        list.may.run && button({ text: 'Provision…', action: 'enroll.provision' }),
        list.may.administer && button({ text: 'Settings', action: 'enroll.settings' }),
      ]),
      context('A task is made when a sync creates accounts, or people are provisioned by hand, where enrollment is on.'),
    ],
  });
}

const HEADS: Readonly<Record<TaskFilter, string>> = { open: 'open task', completed: 'completed task', all: 'task' };

const NONE: Readonly<Record<TaskFilter, string>> = {
  open: 'No open enrollment tasks: nobody has to enroll.',
  completed: 'No completed enrollment tasks.',
  all: 'No enrollment tasks yet. Enrollment is switched on per connector; until then nobody is e-mailed.',
};

function row(model: TaskModel): ReturnType<typeof section> {
  const { task } = model;
  return section(line(model), {
    accessory: button({ text: 'Open', action: 'enroll.task', value: task.id, accessibilityLabel: `Open task ${task.number}` }),
  });
}

function line(model: TaskModel): Mrkdwn {
  const { task, connector, by, counts, finished } = model;
  const head = md`${bold(`${taskName(task)} · ${connector.name}`)} · ${date(task.start, task.timeZone, 'date')} by ${by}`;
  const when = task.state.is === 'removed' ? removedWord(task.state) : finished ? 'everybody is enrolled' : `stop date ${stopDays(model)}`;
  return md`${head} · ${when}\n${statusBar(counts)} ${plural(peopleIn(counts), 'person', 'people')}: ${countsLine(counts)}${task.mailedTo === null ? '' : ` · e-mailed to ${task.mailedTo}`}`;
}

/** The chosen filter; null for none of them. */
export function readTaskFilter(value: string | null): TaskFilter | null {
  return FILTERS.find((one) => one.value === value)?.value ?? null;
}

export const ANY_TASK: TasksShown = { filter: 'open', connectorId: null, page: 1 };
