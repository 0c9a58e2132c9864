import { ENTRY_FILTERS, type EntryFilter, type EntryRow, type SeenTask } from '../../src/domain/enrollment/shown.ts';
import { actions, button, externalSelect, type ModalView, modal, section, staticSelect } from '../blocks.ts';
import { bold, md, type Mrkdwn } from '../mrkdwn.ts';
import { countsLine, mailWords, statusWord, stopDay, taskName } from './words.ts';

/** People on one page. */
export const PEOPLE_PAGE = 10;

/** What is shown of a task's people; it travels with the modal. */
export interface PeopleShown {
  readonly taskId: string;
  readonly filter: EntryFilter;
  /** The page lies after this person; null is the first one. */
  readonly after: string | null;
}

export interface PeopleList {
  readonly seen: SeenTask;
  readonly shown: PeopleShown;
  readonly rows: readonly EntryRow[];
  readonly next: string | null;
}

const FILTER_WORDS: Readonly<Record<EntryFilter, string>> = {
  all: 'Everybody',
  open: 'Not enrolled yet',
  undelivered: 'Mail did not arrive',
  ...{ active: 'Active', enrolled: 'Enrolled', completed: 'Completed', locked: 'Locked', expired: 'Expired', removed: 'Removed' },
};

/** Who is in a task, with status, serial and where their mail went, ten a page (E1). */
export function taskPeopleModal({ seen, shown, rows, next }: PeopleList): ModalView {
  const { task, connector, counts } = seen;
  return modal({
    callbackId: 'enroll.people',
    title: `${taskName(task)}: people`,
    metadata: { ...shown },
    blocks: [
      section(md`${bold(`${taskName(task)} · ${connector.name}`)} · ${countsLine(counts)}`),
      actions(
        [
          staticSelect({
            action: 'enroll.status',
            choices: ENTRY_FILTERS.map((value) => ({ text: FILTER_WORDS[value], value })),
            initial: shown.filter,
          }),
          externalSelect({ action: 'enroll.find', placeholder: 'Find a person', minQuery: 2 }),
        ],
        `people ${task.id} ${shown.filter}`,
      ),
      rows.length === 0 && section(shown.after === null ? 'Nobody to show.' : 'Nobody else.'),
      ...rows.map((row) =>
        section(entryLine(row, task.timeZone), {
          accessory: button({ text: 'Open', action: 'enroll.person', value: entryValue(task.id, row.personId), accessibilityLabel: `Open ${row.name}` }),
        }),
      ),
      actions([
        shown.after !== null && button({ text: '‹ First', action: 'enroll.people-first' }),
        next !== null && button({ text: 'Next ›', action: 'enroll.people-next', value: next }),
        button({ text: '‹ Task', action: 'enroll.task', value: task.id }),
      ]),
    ],
  });
}

/** `Lee Okafor · ○ active · waits for a seat · serial 4711 · e-mailed to l…@example.org · until 1 Dec 2026`. */
function entryLine({ name, entry, status }: EntryRow, timeZone: string): Mrkdwn {
  const parts = [
    statusWord(status),
    ...(entry.waitingSince === null ? [] : ['waits for a seat']),
    ...(entry.serial === null ? [] : [`serial ${entry.serial}`]),
    mailWords(entry.mail),
    ...(status === 'active' || status === 'expired' || status === 'locked' ? [`stop date ${stopDay(entry.stop, timeZone)}`] : []),
  ];
  return md`${bold(name)} · ${parts.join(' · ')}`;
}

/** The chosen filter; everybody for anything else. */
export function readEntryFilter(value: string | null): EntryFilter {
  return ENTRY_FILTERS.find((one) => one === value) ?? 'all';
}

/** The filter of typed words; null for none of them. */
export function entryFilterNamed(typed: string): EntryFilter | null {
  return ENTRY_FILTERS.find((one) => one === typed.trim().toLowerCase()) ?? null;
}

/** What a button about one person of a task carries. */
export function entryValue(taskId: string, personId: string): string {
  return `${taskId}/${personId}`;
}

/** Task and person of such a button; null for anything else. */
export function readEntry(value: string | null): { readonly taskId: string; readonly personId: string } | null {
  const [, taskId, personId] = /^(T-\d{1,15})\/(.+)$/s.exec(value ?? '') ?? [];
  return taskId === undefined || personId === undefined ? null : { taskId, personId };
}

/** Task and filter of a pressed *People*: the task alone, or `T-1042/locked`. */
export function readPeople(value: string | null): PeopleShown | null {
  const [, taskId, filter = ''] = /^(T-\d{1,15})(?:\/([a-z]+))?$/.exec(value ?? '') ?? [];
  return taskId === undefined ? null : { taskId, filter: readEntryFilter(filter), after: null };
}
