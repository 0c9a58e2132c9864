import type { Outside } from '../../ports/outside.ts';
import type { Documents, Put, Stored } from '../../ports/store.ts';
import { newCard } from '../cards/show.ts';
import type { Connector } from '../connectors/connector.ts';
import { put } from '../revise.ts';
import type { Run, RunId } from '../sync/run.ts';
import { stopAfter, zoneOf } from './days.ts';
import { policyOf, switchOf } from './rules-in-force.ts';
import { type EnrollmentTask, taskCard, taskIdOf } from './task.ts';

type World = Pick<Outside, 'store' | 'clock' | 'calendar' | 'settings'>;

export interface NewTask {
  readonly connector: Pick<Connector, 'id' | 'organizationId'>;
  readonly runId: RunId | null;
  /** The operator. */
  readonly by: string;
  readonly byHand: boolean;
  readonly state: EnrollmentTask['state'];
  /** The counter as it was before its people were looked at; read now where they come later. */
  readonly counter?: Stored<Documents['counter']> | undefined;
}

/** Whoever puts people into a task writes it by compare-and-set, so that nobody comes into two tasks at once. */
export const TASK_COUNTER = 'task';

/**
 * The next task, with everything that makes it: its number, which no other task gets; the mark that its run has made one;
 * the operator's card, where the operator is somebody in Slack. The puts expect versions: after a `conflict` ask again.
 */
export async function newTask(
  outside: World,
  { connector, runId, by, byHand, state, ...known }: NewTask,
): Promise<{ readonly task: EnrollmentTask; readonly puts: readonly Put[] }> {
  const counter = 'counter' in known ? known.counter : await outside.store.get('counter', TASK_COUNTER);
  const number = (counter?.value.value ?? 0) + 1;
  const policy = await policyOf(outside, connector);
  const timeZone = await zoneOf(outside, connector.organizationId);
  const start = outside.clock.now();
  const task: EnrollmentTask = {
    ...{ id: taskIdOf(number), number, connectorId: connector.id, organizationId: connector.organizationId, runId, by },
    ...(byHand ? { byHand } : {}),
    ...{ start, stop: stopAfter(outside.calendar, start, policy.days, timeZone), days: policy.days, attempts: policy.attempts, types: policy.types },
    ...{ state, mailedTo: null, timeZone },
  };
  return {
    task,
    puts: [
      put('counter', TASK_COUNTER, { value: number }, counter?.version ?? 0),
      put('task', task.id, task, 0),
      ...(runId === null ? [] : [put('taskOfRun', runId, { taskId: task.id }, 0)]),
      ...(isSlackUser(by) ? [newCard(taskCard(task.id), { is: 'person', userId: by }, { is: 'enrollment', taskId: task.id })] : []),
    ],
  };
}

/** Of a task of the schedule or of the command line nobody in Slack is the operator: a channel may have its card (`channelCardPuts`). */
function isSlackUser(by: string): boolean {
  return /^[UW][A-Z0-9]+$/.test(by);
}

/**
 * The task of a run that created accounts, for the transaction that ends the run (E1): none where the connector doesn't enroll
 * (E13), and where the run was made for a task. The runs that apply one plan share a task, unless it was removed meanwhile.
 */
export async function taskAfter(outside: World, run: Run): Promise<readonly Put[]> {
  const { store } = outside;
  if (run.counts.created === 0 || (await store.get('taskOfRun', run.id)) !== undefined) return [];
  const connector = (await store.get('connector', run.connectorId))?.value;
  if (connector === undefined || connector.state.is === 'disconnected' || !(await switchOf(store, connector.id)).on) return [];
  if (run.plan === undefined) return (await made(outside, connector, run)).puts;
  const ofPlan = await store.get('taskOfRun', run.plan.planId);
  const shared = ofPlan === undefined ? undefined : await store.get('task', ofPlan.value.taskId);
  if (shared === undefined || shared.value.state.is === 'removed') {
    const { task, puts } = await made(outside, connector, run);
    return [...puts, put('taskOfRun', run.plan.planId, { taskId: task.id }, ofPlan?.version ?? 0)];
  }
  const { settledAt: _, ...task } = shared.value;
  const runs = task.state.is === 'gathering' ? (task.state.runs ?? []) : [];
  return [
    put('task', task.id, { ...task, state: { is: 'gathering', runs: [...runs, run.id] } }, shared.version),
    put('taskOfRun', run.id, { taskId: task.id }, 0),
  ];
}

function made(outside: World, connector: Connector, { id: runId, by }: Run): ReturnType<typeof newTask> {
  return newTask(outside, { connector, runId, by, byHand: false, state: { is: 'gathering' } });
}
