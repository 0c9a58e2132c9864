import type { Outside } from '../../../ports/outside.ts';
import type { Put, Store } from '../../../ports/store.ts';
import { audited } from '../../audit/row.ts';
import { redraw, redrawn } from '../../cards/show.ts';
import type { Connector } from '../../connectors/connector.ts';
import type { Person, PersonId } from '../../directory/person.ts';
import { put } from '../../revise.ts';
import type { Run, RunId } from '../../sync/run.ts';
import { TASK_COUNTER } from '../after-run.ts';
import { stopAfter } from '../days.ts';
import { enrollmentKey } from '../enrollment.ts';
import { dropped } from '../outlook.ts';
import { isMailing, switchOf } from '../rules-in-force.ts';
import { type EnrollmentTask, taskCard, type TaskId } from '../task.ts';
import { joiningPuts, readiness } from './entries.ts';
import { redrawRuns } from './of-run.ts';
import { reservePuts } from './stock-reserve.ts';

export type Gathering = Pick<Outside, 'store' | 'clock' | 'calendar' | 'chance' | 'breath' | 'cards' | 'work' | 'enrollment'>;

const CHUNK = 100;

/** After a run: the people it created come into its task (E1). The task itself was made in the transaction that ended the run. */
export async function gatherAfterRun(outside: Gathering, run: Pick<Run, 'id'>): Promise<void> {
  const made = await outside.store.get('taskOfRun', run.id);
  if (made !== undefined) await gather(outside, made.value.taskId);
}

/** Tasks whose people a crash left out. Every minute, and at start; one whose run is still under way waits for it. */
export async function gatherLeft(outside: Gathering): Promise<void> {
  const left: TaskId[] = [];
  for await (const page of outside.store.scan('task')) for (const { value } of page) if (value.state.is === 'gathering') left.push(value.id);
  for (const id of left) await gather(outside, id);
}

/** Tasks that this process gathers now, by store: two at once would only undo each other's turns. */
const underWay = new WeakMap<Store, Set<TaskId>>();

async function gather(outside: Gathering, taskId: TaskId): Promise<void> {
  const mine = underWay.get(outside.store) ?? new Set();
  underWay.set(outside.store, mine);
  if (mine.has(taskId)) return;
  mine.add(taskId);
  try {
    await gatherAlone(outside, taskId);
  } finally {
    mine.delete(taskId);
  }
}

/** Writes the entries, a hundred in one transaction; who has one already keeps it, so that it may be cut off and begun again. Opens the task then. */
async function gatherAlone(outside: Gathering, taskId: TaskId): Promise<void> {
  for (;;) {
    const stored = await outside.store.get('task', taskId);
    if (stored?.value.state.is !== 'gathering') return;
    const ids = await peopleOf(outside, stored.value, stored.value.state.runs ?? []);
    if (ids === null) return;
    let present: Gathered | null = { task: stored.value, version: stored.version };
    for (let at = 0; at < ids.length && present !== null; at += CHUNK) present = await join(outside, present, ids.slice(at, at + CHUNK));
    while (present !== null && !(await open(outside, present))) present = await still(outside, present);
    if (present !== null) return;
  }
}

interface Gathered {
  readonly task: EnrollmentTask;
  readonly version: number;
}

/** Null where the task was removed, or other runs' people join it. */
async function join(outside: Gathering, gathered: Gathered, ids: readonly PersonId[]): Promise<Gathered | null> {
  for (let present: Gathered | null = gathered; present !== null; present = await still(outside, present)) {
    const { task, version } = present;
    const counter = await outside.store.get('counter', TASK_COUNTER);
    const people = await readyAmong(outside, task.connectorId, await without(outside, task.id, ids));
    if (counter === undefined || people.length === 0) return present;
    const puts = [...(await entryPuts(outside, task, people)), put('counter', TASK_COUNTER, counter.value, counter.version)];
    if ((await outside.store.transaction({ puts: [...puts, put('task', task.id, task, version), dropped(task.id)] })) === 'conflict') continue;
    outside.work.mail();
    return { task, version: version + 1 };
  }
  return null;
}

/** Those who have no entry in the task yet: who was removed from it would be ready for another one, and stays out of this. */
async function without({ store }: Pick<Outside, 'store'>, taskId: TaskId, ids: readonly PersonId[]): Promise<readonly PersonId[]> {
  const left: PersonId[] = [];
  for (const id of ids) if ((await store.get('enrollment', enrollmentKey(taskId, id))) === undefined) left.push(id);
  return left;
}

/** The task as it stands, after somebody else wrote it (that a mail went out, say); null where it isn't to be gathered so any more. */
async function still({ store }: Pick<Outside, 'store'>, { task }: Gathered): Promise<Gathered | null> {
  const stored = await store.get('task', task.id);
  if (stored?.value.state.is !== 'gathering' || task.state.is !== 'gathering') return null;
  return (stored.value.state.runs ?? []).length === (task.state.runs ?? []).length ? { task: stored.value, version: stored.version } : null;
}

/** Those who can be enrolled for now. */
export async function readyAmong(
  outside: Pick<Gathering, 'store' | 'clock' | 'breath'>,
  connectorId: string,
  ids: readonly PersonId[],
): Promise<readonly Person[]> {
  const people: Person[] = [];
  for (const id of ids) {
    const ready = await readiness(outside, connectorId, id);
    if (ready.is === 'ready') people.push(ready.person);
    const pause = outside.breath.due();
    if (pause) await pause;
  }
  return people;
}

/** The entries of people who come into a task now: tokens are promised as far as they go (E9), letters go out where mail does. */
export async function entryPuts(
  outside: Pick<Gathering, 'store' | 'clock' | 'calendar' | 'chance' | 'enrollment'>,
  task: EnrollmentTask,
  people: readonly Person[],
): Promise<readonly Put[]> {
  const tokens = task.types.every((type) => type === 'hardware-token')
    ? await reservePuts(outside, task.organizationId, people.length)
    : { from: [], puts: [] };
  const mailing = (await isMailing(outside, task.connectorId)) ? await switchOf(outside.store, task.connectorId) : null;
  const stop = stopAfter(outside.calendar, outside.clock.now(), task.days, task.timeZone);
  return [...tokens.puts, ...people.flatMap((person, at) => joiningPuts(outside, { task, person, stop, reserved: tokens.from[at] ?? null, mailing }))];
}

async function open(outside: Gathering, { task, version }: Gathered): Promise<boolean> {
  const connector = (await outside.store.get('connector', task.connectorId))?.value;
  const card = await outside.store.get('card', taskCard(task.id));
  const count = await outside.store.count('enrollment', `${task.id}/`);
  const opened: EnrollmentTask = { ...task, state: { is: 'open' } };
  const outcome = await outside.store.transaction({
    puts: [put('task', task.id, opened, version), dropped(task.id), ...(card === undefined ? [] : [redrawn(card, true)])],
    appends: [openedRow(outside, opened, connector, count, 'job')],
  });
  if (outcome !== 'committed') return false;
  // One that was made meanwhile may have been drawn as the task was.
  if (card === undefined) await redraw(outside.store, taskCard(task.id), true);
  outside.cards.changed([taskCard(task.id)]);
  await redrawRuns(outside, task);
  return true;
}

/** What the audit says of a new task. */
export function openedRow(
  outside: Pick<Outside, 'clock' | 'chance'>,
  task: EnrollmentTask,
  connector: Pick<Connector, 'name'> | undefined,
  count: number,
  way: 'job' | Parameters<typeof audited>[1]['way'],
): ReturnType<typeof audited> {
  const after = task.runId === null ? {} : { run: task.runId };
  return audited(
    outside,
    { userId: task.by, way },
    {
      ...{ action: 'enrollment.open', connectorId: task.connectorId, subject: task.id },
      summary: `opened task ${task.number} of ${connector?.name ?? task.connectorId} for ${count === 1 ? '1 person' : `${count} people`}`,
      after: { ...after, people: String(count), stop: new Date(task.stop).toISOString() },
    },
  );
}

/** Whom the task's runs created, and whom somebody chose for it; null as long as one of the runs is under way. */
async function peopleOf(outside: Gathering, task: EnrollmentTask, further: readonly RunId[]): Promise<readonly PersonId[] | null> {
  const ids = new Set<PersonId>();
  for (const runId of [...(task.runId === null ? [] : [task.runId]), ...further]) {
    const run = (await outside.store.get('run', runId))?.value;
    if (run === undefined) continue;
    if (run.state.is !== 'ended') return null;
    if (task.byHand === true && run.scope.is === 'people') for (const id of run.scope.ids) ids.add(id);
    const match = { runId, type: 'user_create_provision', success: true } as const;
    const query = { partition: task.connectorId, match, from: run.requestedAt, order: 'oldest' } as const;
    for await (const page of outside.store.rows('event', query)) for (const { row } of page) ids.add(row.subjectId);
  }
  return [...ids].sort();
}
