import type { Outside } from '../../ports/outside.ts';
import type { Put, Transaction } from '../../ports/store.ts';
import { redrawn } from '../cards/show.ts';
import type { Connector } from '../connectors/connector.ts';
import type { PlanId } from '../plans/plan.ts';
import { put } from '../revise.ts';
import type { RunId } from '../sync/run.ts';
import type { Enrollment } from './enrollment.ts';
import { openTasksOf } from './finished.ts';
import { policyKey } from './rules-in-force.ts';
import { type EnrollmentTask, taskCard } from './task.ts';

export interface ClosedTasks {
  readonly puts: readonly Put[];
  readonly cards: readonly string[];
  /** As they stand then: their people are to be taken out, once it is durable (`clearRemoved`). */
  readonly tasks: readonly EnrollmentTask[];
}

/** What closes a connector's open tasks in the transaction that disconnects it (C13): from that moment nobody enrolls by them. */
export async function closingTasks(outside: Pick<Outside, 'store' | 'clock' | 'breath'>, connectorId: string, by: string): Promise<ClosedTasks> {
  const puts: Put[] = [];
  const cards: string[] = [];
  const tasks: EnrollmentTask[] = [];
  for (const { id } of await openTasksOf(outside, connectorId)) {
    const stored = await outside.store.get('task', id);
    const card = await outside.store.get('card', taskCard(id));
    if (stored === undefined || stored.value.state.is === 'removed') continue;
    const next: EnrollmentTask = { ...stored.value, state: { is: 'removed', at: outside.clock.now(), by, because: 'disconnected' } };
    tasks.push(next);
    puts.push(put('task', id, next, stored.version));
    if (card === undefined) continue;
    puts.push(redrawn(card, true));
    cards.push(taskCard(id));
  }
  return { puts, cards, tasks };
}

export interface ErasedTasks {
  readonly puts: readonly Put[];
  readonly erase: NonNullable<Transaction['erase']>;
  readonly reserved: readonly Enrollment['reserved'][];
  readonly letters: readonly string[];
}

/**
 * What erases everything of a deleted connector's enrollment (C14): tasks, people, links, letters, settings. Tokens that were used
 * stay used; `reserved`, those still promised, are to be given back in the same transaction (E9), and of `letters` the typed addresses forgotten after it (E6).
 */
export async function erasingTasks(
  { store }: Pick<Outside, 'store'>,
  { id, instanceId }: Pick<Connector, 'id' | 'instanceId'>,
  made: { readonly runs: readonly RunId[]; readonly plans: readonly PlanId[] },
): Promise<ErasedTasks> {
  const puts: Put[] = [
    put('enrollmentSwitch', id, null),
    put('enrollmentPolicy', policyKey({ is: 'connector', id }), null),
    put('seatBook', instanceId, null),
    ...[...made.runs, ...made.plans].map((key) => put('taskOfRun', key, null)),
  ];
  const prefixes: string[] = [];
  const reserved: Enrollment['reserved'][] = [];
  for await (const page of store.scan('task')) {
    for (const { value: task } of page) {
      if (task.connectorId !== id) continue;
      puts.push(put('task', task.id, null), put('outlook', task.id, null), put('card', taskCard(task.id), null));
      prefixes.push(`${task.id}/`);
      for await (const entries of store.scan('enrollment', { prefix: `${task.id}/` }))
        for (const { key, value, version } of entries) {
          puts.push(put('tasksOf', `${value.personId}/${task.id}`, null), ...value.links.map((link) => put('enrollmentLink', link, null)));
          // A promise that somebody else gives back in the same moment must not be given back twice.
          if (value.reserved !== null) puts.push(put('enrollment', key, null, version));
          reserved.push(value.reserved);
        }
    }
  }
  const letters: string[] = [];
  for await (const page of store.scan('letter')) for (const { key, value } of page) if (value.connectorId === id) letters.push(key);
  return {
    puts: [...puts, ...letters.map((key) => put('letter', key, null))],
    erase: prefixes.map((prefix) => ({ kind: 'enrollment', prefix })),
    reserved,
    letters,
  };
}
