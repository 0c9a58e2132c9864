import { z } from 'zod';
import { fold } from '../../src/domain/directory/fold.ts';
import type { EntryRow } from '../../src/domain/enrollment/shown.ts';
import { type TaskId, taskIdMeant } from '../../src/domain/enrollment/task.ts';
import { entriesOf } from '../../src/domain/enrollment/verbs/tasks.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import type { Choice } from '../../views/blocks.ts';
import { readEntry } from '../../views/enrollment/people-modal.ts';
import { STATUS_SIGNS } from '../../views/enrollment/words.ts';
import { isValueOf } from '../../views/ids.ts';
import { LIMITS } from '../../views/limits.ts';
import type { Ask, Press, PressedView, Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import type { Words } from '../words.ts';

/** People offered at once. */
const OFFERED = 20;

/** `1042` or `T-1042`, the first of typed words; refused as usage otherwise. */
export function taskIn(words: Words, typed: Typed): TaskId {
  const id = taskIdMeant(words.objects[0] ?? '');
  if (id === undefined) throw usage(typed, words);
  return id;
}

/** The task that a view is about, from its metadata; the press's own value goes first. */
export function taskOf({ value, view }: Pick<Press, 'value' | 'view'>): TaskId {
  return taskIdMeant(value ?? '') ?? aboutTask.parse(view?.metadata ?? null).taskId;
}

const aboutTask = z.object({ taskId: z.string().max(20) }).catch({ taskId: '' });

/** The person of that id in a task; undefined where there is none. */
async function entryOf({ outside, actor }: Ask, taskId: TaskId, person: string | ((id: string) => boolean)): Promise<EntryRow | undefined> {
  return (await entriesOf(outside, actor, taskId, { status: 'all', search: null, person, after: null, limit: 1 })).rows[0];
}

/** The one person of a task that is meant: by id, e-mail or name, or by words that only they match; refused otherwise. */
export async function entryMeant(ask: Ask, taskId: TaskId, typed: string): Promise<EntryRow> {
  const direct = await entryOf(ask, taskId, typed);
  if (direct !== undefined) return direct;
  const { rows } = await entriesOf(ask.outside, ask.actor, taskId, { status: 'all', search: typed, after: null, limit: 11 });
  const exact = rows.filter(({ email, name }) => [email, name].some((one) => one !== null && fold(one) === fold(typed.trim())));
  const found = exact.length > 0 ? exact : rows;
  const [row] = found;
  if (row === undefined) throw new Refusal({ is: 'not-found', what: `person in task ${taskId.slice('T-'.length)}`, typed, near: [] });
  if (found.length === 1) return row;
  throw new Refusal({ is: 'ambiguous', what: 'person', typed, choices: found.slice(0, 10).map(({ name, personId }) => `${name} (${personId})`) });
}

/** Every one of the typed words as a person of the task; a name with blanks is quoted. */
export async function entriesMeant(ask: Ask, taskId: TaskId, typed: readonly string[]): Promise<readonly EntryRow[]> {
  const rows: EntryRow[] = [];
  for (const one of typed) rows.push(await entryMeant(ask, taskId, one));
  return rows;
}

/** The person that a button's value means; *not found* where there is none in the task. */
export async function entryPressed(ask: Ask, value: string | null): Promise<EntryRow> {
  const meant = readEntry(value);
  const row = meant === null ? undefined : await entryOf(ask, meant.taskId, meant.personId);
  if (row === undefined) throw new Refusal({ is: 'not-found', what: 'person in that task', typed: meant?.personId ?? '', near: [] });
  return row;
}

/** The people behind chosen options: an id that is too long for one travels as a digest, and is looked for. */
export async function entriesChosen(ask: Ask, taskId: TaskId, values: readonly string[]): Promise<readonly EntryRow[]> {
  const rows: EntryRow[] = [];
  for (const value of values) {
    const row =
      (await entryOf(ask, taskId, value)) ?? (value.length < LIMITS.optionValue ? undefined : await entryOf(ask, taskId, (id) => isValueOf(value, id)));
    if (row !== undefined) rows.push(row);
  }
  return rows;
}

/** People of the task that the view is about, as options. */
export async function entryChoices({ outside, actor }: Ask, typed: string, view: PressedView | null): Promise<readonly Choice[]> {
  const taskId = taskOf({ value: null, view });
  const { rows } = await entriesOf(outside, actor, taskId, { status: 'all', search: typed, after: null, limit: OFFERED });
  return rows.map(({ personId, name, status, email }) => ({
    text: name,
    value: personId,
    description: `${STATUS_SIGNS[status].word}${email === null ? '' : `, ${email}`}`,
  }));
}
