import type { Put, Store } from '../../ports/store.ts';
import { newCard } from '../cards/show.ts';
import type { Run } from '../sync/run.ts';
import { taskCard } from './task.ts';

/**
 * The card of a task that nobody in Slack asked for (E1, E11): it stands in the first of the channels where the results of scheduled
 * runs are read (N1). None where the run made no task, where there is no such channel, and where the task has its card already.
 */
export async function channelCardPuts(store: Pick<Store, 'get'>, run: Pick<Run, 'id'>, channelIds: readonly string[]): Promise<readonly Put[]> {
  const [channelId] = channelIds;
  const made = await store.get('taskOfRun', run.id);
  if (channelId === undefined || made === undefined) return [];
  const { taskId } = made.value;
  if ((await store.get('task', taskId)) === undefined || (await store.get('card', taskCard(taskId))) !== undefined) return [];
  return [newCard(taskCard(taskId), { is: 'channel', channelId }, { is: 'enrollment', taskId })];
}
