import type { Outside } from '../../../ports/outside.ts';
import { redraw } from '../../cards/show.ts';
import { cardOf, cardShowing } from '../../sync/run-card.ts';
import type { Run } from '../../sync/run.ts';
import type { EnrollmentTask, TaskId } from '../task.ts';

/** The task that a run made, as its result tells it. */
export interface TaskOfRunShown {
  readonly id: TaskId;
  readonly number: number;
  /** Everybody who was ever in it: what the run made. */
  readonly people: number;
}

/** Null for a run that made none, and until its people are in it (E1). */
export async function taskOfRun({ store }: Pick<Outside, 'store'>, run: Pick<Run, 'id'>): Promise<TaskOfRunShown | null> {
  const made = await store.get('taskOfRun', run.id);
  const task = made === undefined ? undefined : (await store.get('task', made.value.taskId))?.value;
  if (task === undefined || task.state.is === 'gathering') return null;
  return { id: task.id, number: task.number, people: await store.count('enrollment', `${task.id}/`) };
}

/** The result of the runs that made a task names it, as soon as its people are in it. */
export async function redrawRuns({ store, cards }: Pick<Outside, 'store' | 'cards'>, task: EnrollmentTask): Promise<void> {
  const further = task.state.is === 'gathering' ? (task.state.runs ?? []) : [];
  for (const runId of [...(task.runId === null ? [] : [task.runId]), ...further]) {
    const run = (await store.get('run', runId))?.value;
    if (run === undefined) continue;
    const ids = [cardShowing(run)];
    // Its result stands in subscribed channels, too (N1).
    for await (const page of store.scan('card', { prefix: `${cardOf(run.id)}/` })) ids.push(...page.map(({ key }) => key));
    for (const id of ids) await redraw(store, id, true);
    cards.changed(ids);
  }
}
