import { fullName } from '../../../directory/person.ts';
import { type Enrollment, type EnrollmentStatus, statusOf } from '../../../enrollment/enrollment.ts';
import type { EnrollmentTask } from '../../../enrollment/task.ts';
import { holds } from '../../../rights/grant.ts';
import { iso, within } from '../../cells.ts';
import type { Drawing, ReportSheet } from './sheet.ts';

const PERSON = 12;

/**
 * Enrollment tasks, completed and removed ones too (E4): one row a person, with the task's own columns; a task without people is one row.
 * For who sees the connector's owner; the period is that of the task's start. Addresses are masked, as they are kept.
 */
export const enrollment: ReportSheet = {
  header: [
    ...['Task', 'Connector ID', 'Connector', 'Operator', 'Operator ID', 'Run', 'Start', 'Stop', 'Task state', 'Last e-mailed to'],
    ...['Person ID', 'Name', 'Organization', 'Status', 'Since', 'Their stop', 'Authentication type', 'Serial number', 'Wrong serials', 'E-mailed to', 'Mail'],
    'Waiting for a seat since',
  ],
  async *rows(drawing) {
    const { outside, actor, filter, scope } = drawing;
    for await (const page of outside.store.scan('task')) {
      for (const { value: task } of page) {
        if (!holds(actor, 'see', task.organizationId, scope.organizations) || !within(task.start, filter)) continue;
        if (filter.connectorId === null || task.connectorId === filter.connectorId) yield* taskRows(task, drawing);
      }
    }
  },
};

/** The rows of one task, for the people whom the scope holds. */
export async function* taskRows(task: EnrollmentTask, drawing: Drawing): AsyncGenerator<readonly string[]> {
  const { outside, scope } = drawing;
  const now = outside.clock.now();
  const head = await taskCells(task, drawing);
  let told = 0;
  for await (const page of outside.store.scan('enrollment', { prefix: `${task.id}/` })) {
    for (const { value: entry } of page) {
      const person = (await outside.store.get('person', entry.personId))?.value;
      if (!scope.holds(true, person?.organizationId ?? null)) continue;
      told += 1;
      const of = [entry.personId, person === undefined ? '' : fullName(person), scope.nameOf(person?.organizationId ?? null)];
      yield [...head, ...of, ...entryCells(entry, statusOf(entry, now))];
    }
  }
  if (told === 0 && scope.holds(true, task.organizationId)) yield [...head, ...Array.from({ length: PERSON }, () => '')];
}

async function taskCells(task: EnrollmentTask, { outside, nameOf }: Drawing): Promise<readonly string[]> {
  const connector = (await outside.store.get('connector', task.connectorId))?.value.name ?? '';
  const state = task.state.is === 'open' && task.settledAt !== undefined ? 'completed' : task.state.is;
  return [
    ...[String(task.number), task.connectorId, connector, await nameOf(task.by), task.by, task.runId ?? '', iso(task.start), iso(task.stop), state],
    task.mailedTo ?? '',
  ];
}

function entryCells(entry: Enrollment, status: EnrollmentStatus): readonly string[] {
  const { mail } = entry;
  const said = mail === null ? '' : 'why' in mail ? `${mail.is}: ${mail.why}` : mail.is;
  return [
    ...[status, iso(since(entry)), iso(entry.stop), entry.type ?? '', entry.serial ?? '', String(entry.attempts), mail?.to ?? '', said],
    iso(entry.waitingSince),
  ];
}

/** When they came to be what they are; for expired people, their stop is. */
function since({ state }: Enrollment): number | null {
  return state.is === 'active' ? null : state.at;
}
