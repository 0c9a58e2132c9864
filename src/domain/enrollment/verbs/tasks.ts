import type { Outside } from '../../../ports/outside.ts';
import type { Connector, ConnectorId } from '../../connectors/connector.ts';
import { visibleConnectors } from '../../connectors/verbs/find.ts';
import { fold, holdsWords, wordsOf } from '../../directory/fold.ts';
import { personSeen } from '../../directory/verbs/find.ts';
import type { PersonId } from '../../directory/person.ts';
import { type Actor, holds } from '../../rights/grant.ts';
import { namesOf } from '../../rights/verbs/names.ts';
import { requireRole, tree } from '../../rights/verbs/who.ts';
import { enrollmentKey, statusOf } from '../enrollment.ts';
import { isFinished, isUnfinished } from '../finished.ts';
import { mailGoes } from '../rules-in-force.ts';
import type { EntryFilter, EntryPage, EntryRow, OneTask, Outstanding, SeenTask, TaskFilter } from '../shown.ts';
import type { EnrollmentTask, TaskId } from '../task.ts';
import { addressOf, entriesOfPerson, type Known, knownEntry, nameOf } from './entries.ts';
import { isLost, numbersOf } from './model.ts';
import { seenTask } from './permit.ts';

type Showing = Pick<Outside, 'store' | 'settings' | 'clock' | 'breath' | 'workspace'>;

export interface TaskQuery {
  /** Default: `open` (E4). */
  readonly filter?: TaskFilter;
  readonly connectorId?: ConnectorId | null;
  /** From 1; beyond the last page it is the last. */
  readonly page?: number;
  /** A page's tasks. Default: 10. */
  readonly limit?: number;
}

export interface TaskPage {
  /** Newest first. */
  readonly tasks: readonly SeenTask[];
  readonly total: number;
  readonly page: number;
  /** At least 1. */
  readonly pages: number;
}

/**
 * The tasks of the organizations where the actor may see. A task whose people are all at least enrolled, or removed, and one
 * that was removed itself, are with the completed ones (E4). Counts the entries of those listed: for after the ack.
 */
export async function visibleTasks(
  outside: Showing,
  actor: Actor,
  { filter = 'open', connectorId = null, page = 1, limit = 10 }: TaskQuery = {},
): Promise<TaskPage> {
  await requireRole(outside, actor);
  const organizations = await tree(outside);
  const found: EnrollmentTask[] = [];
  for await (const stored of outside.store.scan('task')) {
    for (const { value } of stored) {
      if ((connectorId !== null && value.connectorId !== connectorId) || !holds(actor, 'see', value.organizationId, organizations)) continue;
      if (filter === 'all' || (await isFinished(outside, value)) === (filter === 'completed')) found.push(value);
    }
  }
  const pages = Math.max(1, Math.ceil(found.length / limit));
  const at = Math.min(Math.max(1, page), pages);
  const shown = found.sort((a, b) => b.number - a.number).slice((at - 1) * limit, at * limit);
  const nameFor = await namesOf(
    outside,
    shown.map(({ by }) => by),
  );
  const tasks: SeenTask[] = [];
  for (const task of shown) {
    const connector = (await outside.store.get('connector', task.connectorId))?.value;
    if (connector !== undefined) tasks.push(await seenAs(outside, actor, organizations, { task, connector, by: nameFor(task.by) }));
  }
  return { tasks, total: found.length, page: at, pages };
}

async function seenAs(
  outside: Showing,
  actor: Actor,
  organizations: Awaited<ReturnType<typeof tree>>,
  { task, connector: { id, name, state }, by }: { readonly task: EnrollmentTask; readonly connector: Connector; readonly by: string },
): Promise<SeenTask> {
  const may = { run: holds(actor, 'run', task.organizationId, organizations), administer: holds(actor, 'administer', task.organizationId, organizations) };
  return { task, connector: { id, name, state }, by, ...(await numbersOf(outside, task)), may };
}

/** One task with its numbers, for whoever may see it (`1042`, `T-1042`); *not found* to all others. For after the ack. */
export async function taskSeen(outside: Showing & Pick<Outside, 'enrollment'>, actor: Actor, taskId: TaskId): Promise<OneTask> {
  const { task, connector } = await seenTask(outside, actor, taskId);
  const seen = await seenAs(outside, actor, await tree(outside), { task, connector, by: (await namesOf(outside, [task.by]))(task.by) });
  return { ...seen, mail: await mailGoes(outside, connector.id) };
}

export interface EntryQuery {
  readonly status: EntryFilter;
  /** Words that name, id or e-mail must hold; null for everybody. */
  readonly search: string | null;
  /** Only this one: their id, or what tells it where the id travels as a digest. */
  readonly person?: PersonId | ((id: PersonId) => boolean) | null;
  readonly after: PersonId | null;
  readonly limit: number;
}

/** People of a task, in the order of their ids (E1), for whoever may see the task. */
export async function entriesOf(
  outside: Pick<Showing, 'store' | 'settings' | 'clock' | 'breath'>,
  actor: Actor,
  taskId: TaskId,
  query: EntryQuery,
): Promise<EntryPage> {
  const { task } = await seenTask(outside, actor, taskId);
  const { status, search, person: only = null, after, limit } = query;
  const words = wordsOf(search ?? '');
  const isMeant = (row: EntryRow): boolean => passes(row, status) && holdsWords(fold([row.name, row.personId, row.email ?? ''].join(' ')), words);
  const rows: EntryRow[] = [];
  if (typeof only === 'string') {
    const known = await knownEntry(outside, task.id, only);
    const row = known === undefined ? undefined : rowOf(outside, known, task);
    return { rows: row !== undefined && isMeant(row) ? [row] : [], next: null };
  }
  for await (const page of outside.store.scan('enrollment', { prefix: `${task.id}/`, ...(after === null ? {} : { after: enrollmentKey(task.id, after) }) })) {
    for (const { value: entry, version } of page) {
      if (only !== null && !only(entry.personId)) continue;
      const row = rowOf(outside, { entry, version, person: (await outside.store.get('person', entry.personId))?.value }, task);
      if (!isMeant(row)) continue;
      if (rows.length === limit) return { rows, next: rows.at(-1)?.personId ?? null };
      rows.push(row);
    }
    const pause = outside.breath.due();
    if (pause) await pause;
  }
  return { rows, next: null };
}

function rowOf({ clock }: Pick<Outside, 'clock'>, known: Known, task: EnrollmentTask): EntryRow {
  const { entry, person } = known;
  return {
    ...{ personId: entry.personId, name: nameOf(known), email: addressOf(person), organizationId: person?.organizationId ?? null, entry },
    status: task.state.is === 'removed' && isUnfinished(entry) ? 'removed' : statusOf(entry, clock.now()),
  };
}

function passes({ status, entry }: EntryRow, wanted: EntryFilter): boolean {
  switch (wanted) {
    case 'all':
      return true;
    case 'open':
      return status === 'active' || status === 'expired' || status === 'locked';
    case 'undelivered':
      return status === 'active' && entry.mail !== null && isLost(entry.mail);
    case 'active':
    case 'enrolled':
    case 'completed':
    case 'locked':
    case 'expired':
    case 'removed':
      return status === wanted;
  }
}

/**
 * A person's outstanding tasks (E7), oldest first: whoever may see the person and the connector reads them; whoever may run at the
 * task's organization manages them. Empty for somebody the actor may not see.
 */
export async function outstandingOf(outside: Showing, actor: Actor, personId: PersonId): Promise<readonly Outstanding[]> {
  const person = await personSeen(outside, actor, personId);
  if (person === undefined) return [];
  const organizations = await tree(outside);
  const connectors = new Map<ConnectorId, Connector>();
  for (const { connector, asPartner } of await visibleConnectors(outside, actor)) if (!asPartner) connectors.set(connector.id, connector);
  const found: Outstanding[] = [];
  for await (const entry of entriesOfPerson(outside, personId)) {
    const connector = connectors.get(entry.connectorId);
    const task = (await outside.store.get('task', entry.taskId))?.value;
    if (!isUnfinished(entry) || connector === undefined || task === undefined || task.state.is === 'removed') continue;
    const { id, name } = connector;
    found.push({
      ...{ row: rowOf(outside, { entry, version: 0, person }, task), task, connector: { id, name }, by: task.by },
      mayManage: holds(actor, 'run', task.organizationId, organizations),
    });
  }
  const nameFor = await namesOf(
    outside,
    found.map(({ by }) => by),
  );
  return found.map((one) => ({ ...one, by: nameFor(one.by) })).sort((a, b) => a.task.number - b.task.number);
}
