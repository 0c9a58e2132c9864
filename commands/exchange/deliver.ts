import { SECOND } from '../../src/domain/instant.ts';
import { within } from '../../src/domain/within.ts';
import type { Message } from '../../views/blocks.ts';
import { messageAsModal } from '../../views/notice.ts';
import type { Answer, Ask } from '../command.ts';
import { guarded, type Outcome } from './boundary.ts';
import { type Shown, type Stand, slackError } from './stand.ts';

/** Slow work gets this long before the person is told that it goes on: an ephemeral message can't be taken back. */
const PATIENCE = 1.2 * SECOND;

type Said = Extract<Answer, { is: 'message' }>;
type Viewed = Extract<Answer, { is: 'modal' | 'push' }>;

/** Gives a finished answer to the person where they stand, then does its slow half and shows that. */
export async function deliver(ask: Ask, stand: Stand, outcome: Outcome<Answer>, drawHome: () => Promise<void>): Promise<void> {
  if (outcome.is !== 'value') {
    await tell(ask, stand, outcome.message, false);
    return;
  }
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
export async function deliverView(ask: Ask, stand: Stand, answer: Pick<Viewed, 'later'>, shown: Shown | null): Promise<void> {
  if (shown === null || answer.later === undefined) return;
  const outcome = await guarded(ask, answer.later);
  const view = outcome.is === 'value' ? outcome.value : messageAsModal(outcome.message);
  if (view !== null) await exchanged(ask, stand, shown, view);
}

/** Puts a view in the place of what is shown. Where Slack won't, the reason stands there: never a “Loading…” for ever (X7). */
async function exchanged(ask: Ask, stand: Stand, shown: Shown, view: Viewed['view']): Promise<void> {
  const swapped = (wanted: Viewed['view']) => guarded(ask, () => unlessGone(stand.swap(shown, wanted)));
  const outcome = await swapped(view);
  if (outcome.is === 'value') return;
  const second = await swapped(messageAsModal(outcome.message));
  if (second.is !== 'value') await stand.say(outcome.message, false);
}

/** The person closed it, or a newer view stands there: nothing to say. */
async function unlessGone(swap: Promise<void>): Promise<void> {
  try {
    await swap;
  } catch (error) {
    const code = slackError(error);
    if (code !== 'not_found' && code !== 'hash_conflict') throw error;
  }
}

/** Says it; where Slack won't take that message, says why instead. */
async function tell(ask: Ask, stand: Stand, message: Message, replaces: boolean): Promise<Shown | null> {
  const outcome = await guarded(ask, () => stand.say(message, replaces));
  return outcome.is === 'value' ? outcome.value : stand.say(outcome.message, false);
}

async function deliverMessage(ask: Ask, stand: Stand, answer: Said): Promise<void> {
  const replaces = answer.replaces ?? false;
  if (answer.later === undefined) {
    await tell(ask, stand, answer.message, replaces);
    return;
  }
  const slow = guarded<Message>(ask, answer.later);
  if (stand.exchanges) {
    const shown = await tell(ask, stand, answer.message, replaces);
    const result = messageOf(await slow);
    await (shown === null ? tell(ask, stand, result, replaces) : exchanged(ask, stand, shown, messageAsModal(result)));
    return;
  }
  const soon = await within(ask.outside, PATIENCE, slow);
  if (soon === null) await tell(ask, stand, answer.message, replaces);
  await tell(ask, stand, messageOf(soon ?? (await slow)), replaces);
}

function messageOf(outcome: Outcome<Message>): Message {
  return outcome.is === 'value' ? outcome.value : outcome.message;
}

/** Opens a view; where Slack will not, the person is told in words instead. */
async function opened(ask: Ask, stand: Stand, open: () => Promise<Shown>): Promise<Shown | null> {
  const outcome = await guarded(ask, open);
  if (outcome.is === 'value') return outcome.value;
  await stand.say(outcome.message, false);
  return null;
}
