import type { Outside } from '../../../ports/outside.ts';
import type { Place } from '../../cards/card.ts';
import { newCard } from '../../cards/show.ts';
import { cardOf } from '../ledger.ts';
import type { Run } from '../run.ts';

/**
 * Gives a run its one message, edited in place until its end (S2): in the channel where the bot can post, else in the
 * direct messages of whoever asked. Resolves with the place, so that the answer can say which. A run that has one
 * keeps it.
 */
export async function showRun(outside: Pick<Outside, 'store' | 'cards' | 'workspace'>, run: Run, userId: string, channelId: string | null): Promise<Place> {
  const place = await placeFor(outside, userId, channelId);
  const id = cardOf(run.id);
  await outside.store.transaction({ puts: [newCard(id, place, { is: 'run', runId: run.id })] });
  outside.cards.changed([id]);
  return (await outside.store.get('card', id))?.value.place ?? place;
}

async function placeFor(outside: Pick<Outside, 'workspace'>, userId: string, channelId: string | null): Promise<Place> {
  const direct: Place = { is: 'person', userId };
  if (channelId === null) return direct;
  // Where Slack can't be asked, the person's own messages are the safe place.
  const problem = await outside.workspace.postingProblem(channelId).catch(() => ({}));
  return problem === null ? { is: 'channel', channelId } : direct;
}
