import { actions, button, type Message, message, section } from '../blocks.ts';

/** Enrollment is not offered yet, so no connector has it on and there are no tasks (E13). */
export function noTasksMessage(): Message {
  const text = 'No enrollment tasks. Enrollment is off for every connector: people who get an account by a sync are not e-mailed.';
  return message({ text, blocks: [section(text), actions([button({ text: 'Connectors', action: 'connectors.list' })])] });
}
