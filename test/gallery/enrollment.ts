import { type Enrollment, type EnrollmentState, type MailState, statusOf } from '../../src/domain/enrollment/enrollment.ts';
import type { BulkSummary, EntryRow, MailGoes, OneTask, Outstanding, StatusCounts, TaskModel } from '../../src/domain/enrollment/shown.ts';
import { type EnrollmentTask, taskIdOf } from '../../src/domain/enrollment/task.ts';
import { editModal, extendModal } from '../../views/enrollment/edit-modal.ts';
import { entryModal } from '../../views/enrollment/entry-modal.ts';
import { type TasksShown, tasksModal } from '../../views/enrollment/list-modal.ts';
import { taskPeopleModal } from '../../views/enrollment/people-modal.ts';
import { provisionModal } from '../../views/enrollment/provision-modal.ts';
import { removePeopleModal, removeTaskModal } from '../../views/enrollment/remove-modal.ts';
import { reissueModal, resendModal } from '../../views/enrollment/resend-modal.ts';
import { type Done, sentMessage, sentModal, type Sent, summaryMessage, summaryModal } from '../../views/enrollment/summary.ts';
import { taskMessage } from '../../views/enrollment/task-card.ts';
import { taskModal } from '../../views/enrollment/task-modal.ts';
import { type Picture, type Size, some, text } from '../gallery.ts';

const AT = Date.UTC(2026, 10, 21, 6, 10);
const DAY = 86_400_000;
const NOBODY: StatusCounts = { active: 0, enrolled: 0, completed: 0, locked: 0, expired: 0, removed: 0 };

const STATES: readonly EnrollmentState[] = [
  { is: 'active' },
  { is: 'enrolled', at: AT },
  { is: 'completed', enrolledAt: AT, at: AT + DAY },
  { is: 'locked', at: AT },
  { is: 'removed', at: AT, by: 'U0SAM' },
  // Expired: their stop has passed.
  { is: 'active' },
];

const mails = (size: Size): readonly (MailState | null)[] => [
  null,
  { is: 'queued', to: 'p…@example.org', at: AT },
  { is: 'accepted', to: 'p…@example.org', at: AT },
  { is: 'unknown', to: 'p…@example.org', at: AT },
  { is: 'refused', to: 'p…@example.org', at: AT, why: text(size, '550 no such user') },
  { is: 'given-up', to: 'p…@example.org', at: AT, why: text(size, '451 try later') },
];

export function aTask(size: Size, number = 1042): EnrollmentTask {
  return {
    ...{ id: taskIdOf(number), number, connectorId: 'zoom-0', organizationId: 'district:1', runId: size === 'none' ? null : 'R-40' },
    ...{ by: size === 'none' ? 'schedule' : 'U0ANARUIZ', start: AT, stop: AT + 10 * DAY, days: 10, attempts: 5 },
    types: size === 'none' ? ['link'] : ['link', 'hardware-token'],
    ...{ state: { is: 'open' as const }, mailedTo: size === 'none' ? null : 'p…@example.org', timeZone: 'Europe/Madrid' },
  };
}

export function aTaskModel(size: Size, number?: number): TaskModel {
  const counts =
    size === 'none' ? NOBODY : { ...NOBODY, enrolled: 240, completed: 11, active: 58, expired: 8, locked: 3, removed: size === 'more' ? 20_000 : 2 };
  return {
    task: aTask(size, number),
    connector: { id: 'zoom-0', name: text(size, 'Zoom').slice(0, 60), state: { is: 'active', since: AT } },
    by: text(size, 'Ana Ruiz'),
    counts,
    ...(size === 'none' ? { waiting: 0, undelivered: 0, withoutMail: 0, tokensShort: 0 } : { waiting: 2, undelivered: 1, withoutMail: 4, tokensShort: 7 }),
    stops: size === 'none' ? null : { first: AT + 10 * DAY, last: AT + (size === 'max' ? 10 : 20) * DAY },
    finished: false,
  };
}

const all = { run: true, administer: true };
const MAILS: Readonly<Record<Size, MailGoes>> = { none: { is: 'nowhere' }, max: { is: 'test', to: 'p…@example.org' }, more: { is: 'people' } };
const seen = (size: Size, changes: Partial<OneTask> = {}): OneTask => ({
  ...aTaskModel(size),
  mail: MAILS[size],
  may: size === 'none' ? { run: false, administer: false } : all,
  ...changes,
});

export function anEntry(size: Size, index: number): EntryRow {
  const state = STATES[index % STATES.length] ?? { is: 'active' };
  const personId = size === 'none' ? `district:${index}` : `district:${String(index).padStart(5, '0')}${'x'.repeat(60)}`;
  const entry: Enrollment = {
    ...{ taskId: 'T-1042', personId, connectorId: 'zoom-0', state, stop: AT + (index % STATES.length === 5 ? -DAY : 10 * DAY), attempts: index % 6, links: [] },
    type: size === 'none' ? null : 'hardware-token',
    serial: size === 'none' ? null : text(size, '4711').slice(0, 200),
    ...{ reserved: null, waitingSince: index % 6 === 0 && size !== 'none' ? AT : null, mail: mails(size)[index % 6] ?? null, reminded: [] },
  };
  return {
    personId,
    name: text(size, 'Lee Okafor'),
    email: size === 'none' ? null : 'lee.okafor@riverside.example',
    organizationId: 'district:1',
    entry,
    status: statusOf(entry, AT),
  };
}

/** Those of a person's page (E7). */
export function outstanding(size: Size): readonly Outstanding[] {
  return some(size, 5, (index) => ({
    row: anEntry(size, [0, 3, 5][index % 3] ?? 0),
    task: aTask(size, 1042 + index),
    connector: { id: 'zoom-0', name: text(size, 'Zoom') },
    by: text(size, 'Ana Ruiz'),
    mayManage: index % 4 !== 3,
  }));
}

const aSummary = (size: Size): BulkSummary => ({
  done: size === 'none' ? 0 : 58,
  ...(size === 'none' ? {} : { untold: { why: size === 'max' ? 'mail-off' : 'no-address', count: 12 } }),
  skipped: some(size, 3, (index) => ({ why: 'enrolled already', count: 12 + index, people: some(size, 5, () => text(size, 'Lee Okafor')) })),
});

const aSent = (size: Size, verb: Sent['verb']): Sent => ({ task: aTask(size), verb, name: text(size, 'Lee Okafor'), entry: anEntry(size, 1).entry });
const shown: TasksShown = { filter: 'open', connectorId: null, page: 1 };
const DONE: readonly Done[] = [...(['removed', 'nudged', 'provisioned'] as const).map((is) => ({ is })), { is: 'moved', stop: AT + 20 * DAY }];
const removedTask = (size: Size): EnrollmentTask => ({
  ...aTask(size),
  state: { is: 'removed', at: AT, by: 'U0SAM', ...(size === 'max' ? { because: 'disconnected' as const } : {}) },
});

export const enrollmentGallery: readonly Picture[] = [
  { name: 'enrollment/task-card', surface: 'message', render: (size) => taskMessage(aTaskModel(size)) },
  {
    name: 'enrollment/task-card, gathering',
    surface: 'message',
    render: (size) => taskMessage({ ...aTaskModel(size), task: { ...aTask(size), state: { is: 'gathering' } } }),
  },
  {
    name: 'enrollment/task-card, finished',
    surface: 'message',
    render: (size) => taskMessage({ ...aTaskModel(size), counts: { ...NOBODY, enrolled: 320 }, finished: true }),
  },
  {
    name: 'enrollment/task-card, removed',
    surface: 'message',
    render: (size) => taskMessage({ ...aTaskModel(size), task: removedTask(size), finished: true }),
  },
  {
    name: 'enrollment/list-modal',
    surface: 'modal',
    render: (size) =>
      tasksModal({
        shown: { ...shown, connectorId: size === 'none' ? null : 'zoom-0', filter: size === 'more' ? 'all' : 'open', page: size === 'more' ? 2 : 1 },
        tasks: some(size, 10, (index) => aTaskModel(index === 1 ? 'none' : size, 1042 + index)).slice(0, 10),
        ...{ total: size === 'none' ? 0 : 31, pages: size === 'none' ? 1 : 4, connector: text(size, 'Zoom') },
        may: size === 'none' ? { run: false, administer: false } : all,
      }),
  },
  { name: 'enrollment/task-modal', surface: 'modal', render: (size) => taskModal(seen(size)) },
  { name: 'enrollment/task-modal, removed', surface: 'modal', render: (size) => taskModal(seen(size, { task: removedTask(size), finished: true })) },
  {
    name: 'enrollment/people-modal',
    surface: 'modal',
    render: (size) =>
      taskPeopleModal({
        seen: seen(size),
        shown: { taskId: 'T-1042', filter: size === 'none' ? 'all' : 'locked', after: size === 'more' ? 'district:9' : null },
        rows: some(size, 10, (index) => anEntry(size, index)).slice(0, 10),
        next: size === 'none' ? null : anEntry(size, 9).personId,
      }),
  },
  ...STATES.map(
    (state, index): Picture => ({
      name: `enrollment/entry-modal, ${state.is}${index === 5 ? ', expired' : ''}`,
      surface: 'modal',
      render: (size) => entryModal(seen(size), anEntry(size, index)),
    }),
  ),
  {
    name: 'enrollment/edit-modal',
    surface: 'modal',
    render: (size) =>
      editModal(
        seen(size),
        some(size, 30, (index) => ({ text: text(size, 'Lee Okafor'), value: anEntry(size, index).personId })),
      ),
  },
  { name: 'enrollment/extend-modal', surface: 'modal', render: (size) => extendModal(seen(size), size === 'none' ? null : '2026-12-20') },
  ...(['chosen', 'unfinished'] as const).map(
    (are): Picture => ({
      name: `enrollment/remove-modal, ${are}`,
      surface: 'modal',
      render: (size) => {
        const rows = some(size, 30, (index) => anEntry(size, index)).slice(0, 30);
        const removing = are === 'unfinished' ? { are } : { are, people: rows.map(({ personId }) => personId) };
        return removePeopleModal({ seen: seen(size), removing, rows: are === 'unfinished' ? [] : rows });
      },
    }),
  ),
  { name: 'enrollment/remove-task-modal', surface: 'modal', render: (size) => removeTaskModal(seen(size)) },
  { name: 'enrollment/resend-modal', surface: 'modal', render: (size) => resendModal(seen(size), anEntry(size, 0), AT + 10 * DAY) },
  { name: 'enrollment/reissue-modal, locked', surface: 'modal', render: (size) => reissueModal(seen(size), anEntry(size, 3), AT + 10 * DAY) },
  { name: 'enrollment/reissue-modal, expired', surface: 'modal', render: (size) => reissueModal(seen(size), anEntry(size, 5), AT + 10 * DAY) },
  ...DONE.flatMap((done): readonly Picture[] => [
    {
      name: `enrollment/summary-modal, ${done.is}`,
      surface: 'modal',
      render: (size) => summaryModal({ task: size === 'none' ? null : aTask(size), done, summary: aSummary(size) }),
    },
    {
      name: `enrollment/summary-message, ${done.is}`,
      surface: 'message',
      render: (size) => summaryMessage({ task: size === 'none' ? null : aTask(size), done, summary: aSummary(size) }),
    },
  ]),
  ...(['resent', 'reissued'] as const).flatMap((verb): readonly Picture[] => [
    { name: `enrollment/sent-modal, ${verb}`, surface: 'modal', render: (size) => sentModal(aSent(size, verb)) },
    { name: `enrollment/sent-message, ${verb}`, surface: 'message', render: (size) => sentMessage(aSent(size, verb)) },
  ]),
  {
    name: 'enrollment/provision-modal',
    surface: 'modal',
    render: (size) => provisionModal(size === 'none' ? null : { text: text(size, 'Zoom'), value: 'zoom-0' }),
  },
];
