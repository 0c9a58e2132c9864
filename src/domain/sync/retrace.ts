import type { Outside } from '../../ports/outside.ts';
import { redraw } from '../cards/show.ts';
import type { PersonId } from '../directory/person.ts';
import type { RunId } from './run.ts';
import { tracesOf } from './trace.ts';

/** Draws anew the cards of people who go first in this run: one person's, or all. */
export async function redrawTraces(outside: Pick<Outside, 'store' | 'cards'>, runId: RunId, personId?: PersonId): Promise<void> {
  const ids: string[] = [];
  for await (const page of outside.store.scan('card', { prefix: tracesOf(runId, personId) })) ids.push(...page.map(({ key }) => key));
  for (const id of ids) await redraw(outside.store, id, true);
  if (ids.length > 0) outside.cards.changed(ids);
}
