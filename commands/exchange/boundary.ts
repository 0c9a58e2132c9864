import { TargetFault } from '../../src/domain/connectors/target-error.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { SecretFault } from '../../src/ports/secrets.ts';
import { SourceFault } from '../../src/ports/directory-source.ts';
import { StoreFault } from '../../src/ports/store.ts';
import { WorkspaceFault } from '../../src/ports/workspace.ts';
import { apology } from '../../views/apology.ts';
import type { Message } from '../../views/blocks.ts';
import { refusal } from '../../views/refusal.ts';
import { slackErrorInWords } from '../../views/slack-error.ts';
import type { Ask } from '../command.ts';
import { mayMend } from './mending.ts';
import { slackError } from './stand.ts';

/** What became of a piece of work: its value, or what the person is told instead. */
export type Outcome<T> =
  | { readonly is: 'value'; readonly value: T }
  | { readonly is: 'refused'; readonly refusal: Refusal; readonly message: Message }
  | { readonly is: 'failed'; readonly message: Message };

/**
 * The one boundary for what goes wrong (X7). A Refusal is put into words; anything else becomes an apology with the
 * ask's reference, which the log line carries too.
 */
export async function guarded<T>(ask: Ask, work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    const value = await work();
    ask.outside.metrics.asked('value');
    return { is: 'value', value };
  } catch (error) {
    ask.outside.metrics.asked(error instanceof Refusal ? 'refused' : 'failed');
    if (error instanceof Refusal) {
      const { reason } = error;
      return { is: 'refused', refusal: error, message: refusal(reason, { name: ask.outside.settings.name, mends: await mayMend(ask, reason) }) };
    }
    ask.outside.log.error({ reference: ask.reference, user: ask.actor.userId, err: error }, 'an ask failed');
    return { is: 'failed', message: apology({ ...inWords(error), reference: ask.reference }) };
  }
}

/** The part of a fault that a person may read; the rest stays in the log. */
function inWords(error: unknown): { readonly what: string; readonly advice: string } {
  if (error instanceof StoreFault) return { what: 'Usher could not save this, and nothing was changed.', advice: error.message };
  if (error instanceof SecretFault) return { what: 'The secret could not be read.', advice: error.message };
  if (error instanceof SourceFault) return { what: 'The directory source could not be read; the directory stays as it was.', advice: error.message };
  if (error instanceof WorkspaceFault) return { what: 'Slack refused this.', advice: error.message };
  if (error instanceof TargetFault)
    return { what: error.error.message, advice: error.error.next === 'again' ? 'Try again in a minute.' : 'Check the connector.' };
  const code = slackError(error);
  if (code !== null) return slackErrorInWords(code);
  return { what: 'Something in Usher failed.', advice: 'Try again. If it happens again, give the reference to whoever runs Usher.' };
}
