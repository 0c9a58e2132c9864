import { SECOND } from '../../src/domain/instant.ts';
import type { Message } from '../../views/blocks.ts';
import { messageAsModal } from '../../views/notice.ts';
import type { Answer, Ask } from '../command.ts';
import { guarded, type Outcome } from './boundary.ts';
import { type Shown, type Stand, slackError } from './stand.ts';

/** Slow work gets this long before the person is told that it goes on. */
const PATIENCE = 1.2 * SECOND;

/** What the Home tab needs besides a `Stand`. */
export type DrawHome = () => Promise<void>;

/** Gives a finished answer to the person where they stand, then does its slow half and shows that. */
export async function deliver(ask: Ask, stand: Stand, outcome: Outcome<Answer>, drawHome: DrawHome): Promise<void> {
  if (outcome.is !== 'value') return stand.say(outcome.message, false);
  const answer = outcome.value;
  switch (answer.is) {
    case 'nothing':
    case 'close':
    case 'errors':
      return;
    case 'home':
      return drawHome();
    case 'message':
      return deliverMessage(ask, stand, answer);
    case 'modal':
      return deliverView(ask, stand, answer, await opened(ask, stand, () => stand.open(answer.view)));
    case 'push':
      return deliverView(ask, stand, answer, await opened(ask, stand, () => stand.push(answer.view)));
  }
}

/** Shows the slow half of a view that is already on the screen. */
export async function deliverView(ask: Ask, stand: Stand, answer: Extract<Answer, { is: 'modal' | 'push' }>, shown: Shown | null): Promise<void> {
  if (shown === null || answer.later === undefined) return;
  const outcome = await guarded(ask, answer.later);
  const view = outcome.is === 'value' ? outcome.value : messageAsModal(outcome.message);
  try {
    await stand.swap(shown, view);
  } catch (error) {
    const code = slackError(error);
    // The person closed it, or a newer view stands there: nothing to say.
    if (code !== 'not_found' && code !== 'hash_conflict') throw error;
  }
}

async function deliverMessage(ask: Ask, stand: Stand, answer: Extract<Answer, { is: 'message' }>): Promise<void> {
  if (answer.later === undefined) return stand.say(answer.message, answer.replaces ?? false);
  const patience = new AbortController();
  const slow = guarded<Message>(ask, answer.later);
  const { clock } = ask.outside;
  const first = await Promise.race([
    slow,
    clock.until(clock.now() + PATIENCE, patience.signal).then(
      () => null,
      () => null,
    ),
  ]);
  patience.abort();
  if (first === null) await stand.say(answer.message, answer.replaces ?? false);
  const outcome = first ?? (await slow);
  await stand.say(outcome.is === 'value' ? outcome.value : outcome.message, answer.replaces ?? false);
}

/** Opens a view; where Slack will not, the person is told in words instead. */
async function opened(ask: Ask, stand: Stand, open: () => Promise<Shown>): Promise<Shown | null> {
  const outcome = await guarded(ask, open);
  if (outcome.is === 'value') return outcome.value;
  await stand.say(outcome.message, false);
  return null;
}
