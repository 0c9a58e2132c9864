import { CONDITIONS, type Condition } from '../../src/domain/alerts/alert.ts';
import type { SubscriptionWish } from '../../src/domain/alerts/verbs/subscribe.ts';
import { checkboxes, context, conversationsSelect, externalSelect, input, type ModalView, modal, numberInput, section, usersSelect } from '../blocks.ts';
import { optionValue } from '../ids.ts';
import { bold, md, type Mrkdwn } from '../mrkdwn.ts';
import { readChannel, readNumber, readOption, readOptions, readUser } from '../state.ts';
import { CONDITION_WORDS } from './condition-words.ts';

/** The option that stands for all connectors. */
export const ALL = { text: 'All connectors', value: '*' } as const;

/** What is chosen unless somebody chooses otherwise: whatever needs a person, and its end. */
export const USUAL: readonly Condition[] = ['failure', 'partial', 'fuse', 'credentials', 'recovered'];

const AFTER_MINUTES = 30;

export interface Subscribing {
  /** The connector that is chosen at first; null is all. */
  readonly connector: { readonly id: string; readonly name: string } | null;
  /** As filled in before, where something was wrong with it. */
  readonly wish: Partial<SubscriptionWish>;
  /** Why it was refused, and how to mend it (N1). */
  readonly problem: Mrkdwn | null;
}

/** Asks which channel is told of what (N1), who is told when nobody answers (N3), and whether names may stand there (R3). */
export function subscribeModal({ connector, wish, problem }: Subscribing): ModalView {
  const to = wish.escalation?.to ?? null;
  const person = to !== null && /^[UW]/.test(to);
  return modal({
    callbackId: 'alerts.subscribe',
    title: 'Subscribe a channel',
    submit: 'Subscribe',
    blocks: [
      problem !== null && section(md`${bold('Not subscribed.')} ${problem}`),
      input('Channel', conversationsSelect({ action: 'channel', placeholder: 'Choose a channel', initial: wish.channelId }), {
        hint: 'Usher must be in it: type /invite @Usher there first.',
      }),
      input(
        'Connector',
        externalSelect({
          action: 'alerts.connector',
          placeholder: 'Type a name',
          initial: connector === null ? ALL : { text: connector.name, value: connector.id },
        }),
        { blockId: 'connector', hint: 'All connectors are those that you may run, now and later.' },
      ),
      input(
        'Tell of',
        checkboxes({
          action: 'conditions',
          choices: CONDITIONS.map((value) => ({ value, text: CONDITION_WORDS[value].name, description: CONDITION_WORDS[value].means })),
          initial: wish.conditions ?? USUAL,
        }),
      ),
      input('When nobody answers, tell this person', usersSelect({ action: 'escalate', placeholder: 'Nobody', initial: person ? to : null }), {
        optional: true,
      }),
      input('or this channel', conversationsSelect({ action: 'escalateChannel', placeholder: 'No channel', initial: person ? null : to }), { optional: true }),
      input('after how many minutes', numberInput({ action: 'after', min: 1, max: 10_080, initial: wish.escalation?.afterMinutes ?? AFTER_MINUTES }), {
        optional: true,
      }),
      input(
        'Names',
        checkboxes({
          action: 'names',
          choices: [{ value: 'may', text: 'This channel may see names', description: 'Shows the application’s own words, which may hold names' }],
          initial: wish.mayNames === true ? ['may'] : [],
        }),
        { optional: true },
      ),
      context('Without it, and wherever guests or other workspaces read along, a message holds counts only.'),
    ],
  });
}

/** What was filled in. `connector` is an option's value: `ALL.value`, or one for `isValueOf`. */
export interface SubscribeForm extends Omit<SubscriptionWish, 'connectorId'> {
  readonly connector: string;
  /** Both a person and a channel were chosen. */
  readonly twoTargets: boolean;
}

export function readSubscribe(state: unknown): SubscribeForm {
  const person = readUser(state, 'escalate');
  const channel = readChannel(state, 'escalateChannel');
  const to = person ?? channel;
  const chosen = readOptions(state, 'conditions');
  return {
    channelId: readChannel(state, 'channel') ?? '',
    connector: readOption(state, 'connector', 'alerts.connector') ?? '',
    conditions: CONDITIONS.filter((condition) => chosen.includes(optionValue(condition))),
    escalation: to === null ? null : { to, afterMinutes: readNumber(state, 'after') ?? AFTER_MINUTES },
    mayNames: readOptions(state, 'names').includes('may'),
    twoTargets: person !== null && channel !== null,
  };
}
