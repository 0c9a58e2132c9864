import { reasonOf } from '../../assignments/verbs/assign.ts';
import type { Actor } from '../../rights/grant.ts';
import type { Asking } from '../action.ts';
import { clear } from '../clearance.ts';
import type { ApprovalRequest, Effect } from '../request.ts';
import { actionFor, type Results } from './actions.ts';
import { ask, termsOf } from './ask.ts';
import { actionOf, maybeGuarded } from './policy-for.ts';

/** Done at once, with what the verb gave and a sentence about it; or asked for, and waiting for others. */
export type Submitted<K extends Effect['is'] = Effect['is']> =
  | { readonly is: 'done'; readonly result: Results[K]; readonly told: string }
  | { readonly is: 'asked'; readonly request: ApprovalRequest };

/**
 * The one door to everything that can need approval (P1): checks the actor's right as the verb itself would, and refuses the
 * same way; where a policy (or a floor) holds for what it comes to, stores a request and puts up its cards, else does
 * it at once. Refused at once where nobody could approve it (P4). Counting reads every person and account: for after the ack.
 */
export async function submit<K extends Effect['is']>(
  outside: Asking,
  actor: Actor,
  effect: Extract<Effect, { is: K }>,
  why: string | null,
): Promise<Submitted<K>> {
  const kind: K = effect.is;
  const action = actionFor(kind);
  const reason = reasonOf(why);
  if (await maybeGuarded(outside, actionOf(kind))) {
    const described = await action.describe(outside, actor, effect);
    const terms = await termsOf(outside, effect, described);
    if (terms !== null) return { is: 'asked', request: await ask(outside, actor, { effect, described, terms, why: reason }) };
  }
  const result = await action.perform(outside, actor, effect, clear(null, null));
  return { is: 'done', result, told: action.told(result) };
}
