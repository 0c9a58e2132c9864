import type { Outside } from '../../../ports/outside.ts';
import type { Place } from '../../cards/card.ts';
import { cardShowing } from '../run-card.ts';
import type { Run } from '../run.ts';

/** Where a run's live message is to go: the channel where it was asked for, else the person's direct messages (S2). */
export function placeFor(userId: string, channelId: string | null): Place {
  return channelId === null ? { is: 'person', userId } : { is: 'channel', channelId, otherwise: userId };
}

/** Where a run's live message is, or will be: so that the answer can say which (S2). Null for a run that has none. */
export async function placeOf(outside: Pick<Outside, 'store' | 'workspace'>, run: Run): Promise<Place | null> {
  const place = (await outside.store.get('card', cardShowing(run)))?.value.place;
  if (place?.is !== 'channel' || place.otherwise === undefined) return place ?? null;
  // Where Slack can't be asked, nothing is posted in the channel either.
  const problem = await outside.workspace.postingProblem(place.channelId).catch(() => ({}));
  return problem === null ? place : { is: 'person', userId: place.otherwise };
}
