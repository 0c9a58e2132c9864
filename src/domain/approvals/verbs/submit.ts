import { reasonOf } from '../../assignments/verbs/assign.ts';
import type { Actor } from '../../rights/grant.ts';
import type { Asking } from '../action.ts';
import { Refusal } from '../../refusal.ts';
import { actorOf } from '../../rights/verbs/who.ts';
import { clear } from '../clearance.ts';
import { isAlone, waitingFor } from '../eligible.ts';
import type { ApprovalRequest, Effect } from '../request.ts';
import { actionFor, type Results } from './actions.ts';
import { type Asked, ask, termsOf } from './ask.ts';
import { carryOut } from './carry-out.ts';
import { rereadRights } from './decide.ts';
import { electorateAt, register } from './register.ts';
import { actionOf, maybeGuarded } from './policy-for.ts';

/** Done at once, with what the verb gave and a sentence about it; or asked for, and waiting for others: but where whoever asked was the second person, it is decided and done already. */
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
    const asked = { effect, described, terms, why: reason };
    if (asked.terms !== null) return { is: 'asked', request: await second(outside, actor, { ...asked, terms: asked.terms }) };
  }
  const result = await action.perform(outside, actor, effect, clear(null, null));
  return { is: 'done', result, told: action.told(result) };
}

/** What somebody else began, whoever submits approves (S14): as the second person, with the rights of now. Refused to who began it, unless only they could approve. */
async function second(outside: Asking, actor: Actor, asked: Asked): Promise<ApprovalRequest> {
  const { begunBy, title, organizationId } = asked.described;
  if (begunBy === undefined) return ask(outside, actor, asked);
  await rereadRights(outside, actor, asked.terms.steps);
  const decider = await actorOf(outside, actor.teamId, actor.userId, actor.way);
  if (decider.userId === begunBy) {
    const mine = { by: decider, steps: asked.terms.steps, decisions: [] };
    const electorate = electorateAt(await register(outside), organizationId);
    if (isAlone(mine, electorate)) return ask(outside, decider, asked);
    throw new Refusal({ is: 'needs-second-person', title, own: true, approvers: waitingFor(mine, electorate) });
  }
  const request = await ask(outside, decider, asked, begunBy);
  return request.state.is === 'approved' ? carryOut(outside, request) : request;
}
