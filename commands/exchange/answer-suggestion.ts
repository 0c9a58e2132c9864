import { noSuggestion, suggestions } from '../../views/blocks.ts';
import { refusalText } from '../../views/refusal.ts';
import type { Ask, Suggestion } from '../command.ts';
import { withRoles } from './ask.ts';
import { guarded } from './boundary.ts';
import type { Routes } from './routes.ts';

/** The options for an external select. What went wrong is said as the only option, which stands for no choice (X7). */
export async function answerSuggestion(ask: Ask, routes: Routes, suggestion: Suggestion): Promise<ReturnType<typeof suggestions>> {
  const outcome = await guarded(ask, async () => routes.suggest(await withRoles(ask), suggestion));
  switch (outcome.is) {
    case 'value':
      return suggestions(outcome.value);
    case 'refused':
      return noSuggestion(refusalText(outcome.refusal.reason, ask.outside.settings));
    case 'failed':
      return noSuggestion(`The search failed. Reference ${ask.reference}`, 'Try again in a minute.');
  }
}
