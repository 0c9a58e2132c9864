import { audited } from '../../audit/row.ts';
import type { Place } from '../../cards/card.ts';
import { DAY, HOUR } from '../../instant.ts';
import { badInput, Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import { isGlobalAdmin } from '../../rights/verbs/who.ts';
import type { Asking } from '../action.ts';
import { copiesOf, MOST_COPIES } from '../copies.ts';
import { canBeApproved, type Electorate, isAlone, waitingFor } from '../eligible.ts';
import type { ApprovalRequest, Described, Effect } from '../request.ts';
import { actionOf, policyFor, type Terms } from './policy-for.ts';
import { electorateAt, type Register, register } from './register.ts';

/** How long an action waits that only its requester could approve (P3). */
const ALONE: number = DAY;

/** The terms for all that the effect touches; null where it needs nobody. Refuses a mix of places with different ones: nothing slips through by going along. */
export async function termsOf(outside: Pick<Asking, 'store'>, effect: Effect, { size, organizationId, organizations }: Described): Promise<Terms | null> {
  const places = organizations === undefined || organizations.length === 0 ? [organizationId] : organizations;
  const found = await Promise.all(places.map((place) => policyFor(outside, actionOf(effect.is), place, size)));
  const [first = null, ...rest] = found;
  if (rest.some((terms) => terms?.policyId !== first?.policyId))
    throw badInput('groupings', 'They lie in organizations that ask for different approvals.', 'Choose those of one organization at a time.');
  return first;
}

/**
 * Stores a request and puts up its cards (P2). Refused at once where nobody could approve it (P4), and where the same is
 * asked for already, so that a second click asks nothing.
 */
export async function ask(
  outside: Asking,
  actor: Actor,
  of: { effect: Effect; described: Described; terms: Terms; why: string | null },
): Promise<ApprovalRequest> {
  const { effect, described, terms, why } = of;
  for (;;) {
    await refuseTwin(outside, effect);
    const known = await register(outside);
    const electorate = electorateAt(known, described.organizationId);
    const counter = await outside.store.get('counter', 'approval');
    const number = (counter?.value.value ?? 0) + 1;
    const now = outside.clock.now();
    const asked: ApprovalRequest = {
      id: `Q-${number}`,
      action: actionOf(effect.is),
      effect,
      described,
      by: { teamId: actor.teamId, userId: actor.userId, way: actor.way },
      why,
      askedAt: now,
      expiresAt: now + terms.hours * HOUR,
      policyId: terms.policyId,
      steps: terms.steps,
      decisions: [],
      aloneUntil: null,
      remindedAt: null,
      state: { is: 'open' },
      singlePerson: null,
      cards: [],
    };
    const request = waiting(asked, electorate, now);
    const copies = await copiesOf(outside, request, { at: placesOf(request, terms.channelId, electorate, known) });
    const outcome = await outside.store.transaction({
      puts: [put('counter', 'approval', { value: number }, counter?.version ?? 0), put('approval', request.id, copies.request, 0), ...copies.puts],
      appends: [
        audited(outside, actor, {
          action: 'approvals.ask',
          connectorId: described.connectorId,
          subject: request.id,
          summary: `asked to ${described.title}${why === null ? '' : `: ${why}`}`,
          after: { action: request.action, people: String(described.size), policy: terms.policyId ?? 'none' },
        }),
      ],
    });
    if (outcome === 'conflict') continue;
    outside.cards.changed(copies.cards);
    return copies.request;
  }
}

/** The request as it can wait; refuses where it could not. Only the requester left: it waits for the host's command line, a day at least. */
function waiting(request: ApprovalRequest, electorate: Electorate, now: number): ApprovalRequest {
  if (canBeApproved(request, electorate)) return request;
  if (isAlone(request, electorate)) return alone(request, now);
  const { title } = request.described;
  const people = request.steps.reduce((sum, step) => sum + step.count, 0);
  const remedy = `It takes ${people === 1 ? 'one other person' : `${people} different people, none of them you,`} who may approve there${request.policyId === null ? '' : ` and whom ${request.policyId} names`}: give somebody the role approver${request.policyId === null ? '' : ', or have a global admin change that policy'}.`;
  throw new Refusal({ is: 'nobody-can-approve', title, remedy });
}

/** Announced now, to be released from the host in a day; it does not expire before there was a day to do so. */
export function alone(request: ApprovalRequest, now: number): ApprovalRequest {
  const aloneUntil = now + ALONE;
  return { ...request, aloneUntil, expiresAt: Math.max(request.expiresAt, aloneUntil + DAY) };
}

/** Where a request stands: the policy's channel, or the direct messages of whoever may decide now; one that only its requester could approve is announced to the global admins. */
export function placesOf(request: ApprovalRequest, channelId: string | null, electorate: Electorate, known: Register): readonly Place[] {
  const approvers = waitingFor(request, electorate);
  if (channelId !== null) {
    const [otherwise = request.by.userId] = approvers;
    return [{ is: 'channel', channelId, otherwise }];
  }
  const admins = known.actors.filter(({ grants }) => grants.some(isGlobalAdmin)).map(({ userId }) => userId);
  const whom = request.aloneUntil === null ? approvers : [...new Set([...admins, request.by.userId])];
  return whom.slice(0, MOST_COPIES).map((userId) => ({ is: 'person', userId }));
}

async function refuseTwin(outside: Pick<Asking, 'store'>, effect: Effect): Promise<void> {
  const wanted = JSON.stringify(effect);
  for await (const page of outside.store.scan('approval'))
    for (const { value } of page)
      if (value.state.is === 'open' && JSON.stringify(value.effect) === wanted)
        throw new Refusal({ is: 'nothing-to-do', detail: `${value.id} asks for that already and waits for approval.` });
}
