import { suggestions } from '../../views/blocks.ts';
import type { Ask, Suggestion } from '../command.ts';
import { guarded } from './boundary.ts';
import type { Routes } from './routes.ts';

/** The options for an external select. Nothing can be said there: what fails gives no options, and a log line. */
export async function answerSuggestion(ask: Ask, routes: Routes, suggestion: Suggestion): Promise<ReturnType<typeof suggestions>> {
  const outcome = await guarded(ask, () => routes.suggest(ask, suggestion));
  return suggestions(outcome.is === 'value' ? outcome.value : []);
}
