import { audited } from '../../audit/row.ts';
import type { Place } from '../../cards/card.ts';
import { DAY, HOUR } from '../../instant.ts';
import { badInput, Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import type { Actor } from '../../rights/grant.ts';
import { isGlobalAdmin } from '../../rights/verbs/who.ts';
import type { Asking } from '../action.ts';
import { copiesOf, MOST_COPIES } from '../copies.ts';
import { canBeApproved, currentStep, type Electorate, isAlone, seatOf, waitingFor } from '../eligible.ts';
import type { ApprovalRequest, Described, Effect } from '../request.ts';
import { requestRow } from './change.ts';
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

/** What is asked for. */
export interface Asked {
  readonly effect: Effect;
  readonly described: Described;
  readonly terms: Terms;
  readonly why: string | null;
}

/**
 * Stores a request and puts up its cards (P2). Refused at once where nobody could approve it (P4), and where the same is
 * asked for already, so that a second click asks nothing. `begunBy`: it is their request, and the actor decides on it
 * with the same stroke; refused like a decision where they may not.
 */
export async function ask(outside: Asking, actor: Actor, { effect, described, terms, why }: Asked, begunBy?: string): Promise<ApprovalRequest> {
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
      by:
        begunBy === undefined ? { teamId: actor.teamId, userId: actor.userId, way: actor.way } : { teamId: actor.teamId, userId: begunBy, way: wayOf(begunBy) },
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
    const request = begunBy === undefined ? waiting(asked, electorate, now) : decidedBy(actor, asked, electorate, now);
    const at = request.state.is === 'open' ? placesOf(request, terms.channelId, electorate, known) : [];
    const copies = await copiesOf(outside, request, { at });
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
        ...(begunBy === undefined
          ? []
          : [requestRow(outside, actor, request, { action: 'approvals.approve', summary: `approved ${request.id}: ${described.title}` })]),
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

/** The request with the decision of whoever asks for it in the place of who began it; refuses them where they may not decide. */
function decidedBy(actor: Actor, asked: ApprovalRequest, electorate: Electorate, at: number): ApprovalRequest {
  const { title } = asked.described;
  const seat = seatOf(asked, electorate, actor.userId);
  if (seat === null) throw new Refusal({ is: 'needs-second-person', title, own: false, approvers: waitingFor(asked, electorate) });
  const step = currentStep(asked) ?? 0;
  const decided: ApprovalRequest = { ...asked, decisions: [{ userId: actor.userId, insteadOf: seat.insteadOf, at, step }] };
  return currentStep(decided) === null ? { ...decided, state: { is: 'approved', at, taken: at } } : decided;
}

function wayOf(userId: string): Actor['way'] {
  return userId.startsWith('host:') ? 'command-line' : 'job';
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
