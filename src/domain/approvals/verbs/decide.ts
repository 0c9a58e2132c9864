import { badInput, Refusal } from '../../refusal.ts';
import { type Actor, holds } from '../../rights/grant.ts';
import { refreshGroup, refreshPerson } from '../../rights/verbs/refresh.ts';
import { storedGrants } from '../../rights/verbs/stored.ts';
import { actorOf, requireRole } from '../../rights/verbs/who.ts';
import type { Asking } from '../action.ts';
import { channelOf, isShown } from '../copies.ts';
import { currentStep, type Electorate, seatOf, waitingFor } from '../eligible.ts';
import type { ApprovalRequest, Decision } from '../request.ts';
import { placesOf } from './ask.ts';
import { carryOut } from './carry-out.ts';
import { changeRequest, noRequest, type RequestChange, requestRow } from './change.ts';
import { isReadable } from './inbox.ts';
import { namesIn } from './model.ts';
import { electorateAt, type Register, register } from './register.ts';

export type Verdict = { readonly is: 'approve' } | { readonly is: 'deny'; readonly reason: string };

const LONGEST_REASON = 300;

/**
 * Approves a request or denies it (P2, P3), and gives it as it stands then. Asks Slack who the actor is and who is in the
 * groups that matter, then checks, then compares and sets: two clicks at once count once. With the last approval it is
 * carried out. Refused where it is decided already, to its requester, to whoever took part, and to all who may not
 * decide its waiting step; *not found* to whoever may not know of it, like one that there never was, unless a card of it stands in `shownIn`, the channel
 * that the button was pressed in. Asks Slack: for after the ack.
 */
export async function decide(outside: Asking, actor: Actor, requestId: string, verdict: Verdict, shownIn: string | null = null): Promise<ApprovalRequest> {
  const reason = verdict.is === 'deny' ? reasonFor(verdict.reason) : null;
  await requireRole(outside, actor);
  if (!/^Q-\d+$/.test(requestId)) throw noRequest(requestId);
  const seen = await outside.store.get('approval', requestId);
  // Slack is asked of a request that there is not, too: how long an answer takes, or that none comes, tells nothing.
  if (seen === undefined || seen.value.state.is === 'open') await rereadRights(outside, actor, seen?.value.steps ?? []);
  if (seen === undefined) throw noRequest(requestId);
  const decider = await actorOf(outside, actor.teamId, actor.userId, actor.way);
  const request = await changeRequest(outside, requestId, async (present) => {
    const known = await register(outside);
    const electorate = electorateAt(known, present.described.organizationId);
    const seat = await requireSeat(outside, { actor: decider, shownIn }, present, electorate, known);
    const step = currentStep(present) ?? 0;
    const at = outside.clock.now();
    if (reason !== null) return denied(outside, decider, present, reason);
    return approved(outside, decider, present, { userId: decider.userId, insteadOf: seat.insteadOf, at, step }, { electorate, known });
  });
  return request.state.is === 'approved' ? carryOut(outside, request) : request;
}

/** Rights are those of now (P3): who the actor is, who is in the named groups, and in those that let somebody decide. */
export async function rereadRights(outside: Asking, { userId }: Pick<Actor, 'userId'>, steps: ApprovalRequest['steps']): Promise<void> {
  const holding = (await storedGrants(outside)).flatMap(({ holder, role }) =>
    holder.is === 'group' && (role === 'approver' || role === 'admin') ? [holder.groupId] : [],
  );
  const groups = new Set([...steps.flatMap(({ approvers }) => approvers.groups), ...holding]);
  await Promise.all([refreshPerson(outside, userId), ...[...groups].map((id) => refreshGroup(outside, id))]);
}

async function requireSeat(
  outside: Asking,
  { actor, shownIn }: { readonly actor: Actor; readonly shownIn: string | null },
  request: ApprovalRequest,
  electorate: Electorate,
  known: Register,
): Promise<{ readonly insteadOf: string | null }> {
  const { id, state, by, decisions } = request;
  const { title } = request.described;
  // Who pressed the button on one of its cards has it before their eyes; any other id may be a guess, or tampered with.
  if (!isReadable(actor, request, known) && !isShown(actor, request, shownIn)) throw noRequest(id);
  if (state.is !== 'open') throw new Refusal({ is: 'already-decided', requestId: id, how: await howItEnded(outside, request) });
  if (actor.userId === by.userId || decisions.some(({ userId, insteadOf }) => userId === actor.userId || insteadOf === actor.userId))
    throw new Refusal({ is: 'own-request', requestId: id, title });
  const may = holds(actor, 'decide', request.described.organizationId, known.organizations);
  const seat = may ? seatOf(request, electorate, actor.userId) : null;
  if (seat !== null) return seat;
  const told = isReadable(actor, request, known) ? title : 'a request';
  throw new Refusal({ is: 'not-an-approver', requestId: id, title: told, approvers: waitingFor(request, electorate) });
}

function approved(
  outside: Asking,
  actor: Actor,
  request: ApprovalRequest,
  decision: Decision,
  { electorate, known }: { readonly electorate: Electorate; readonly known: Register },
): RequestChange {
  const decided: ApprovalRequest = { ...request, decisions: [...request.decisions, decision], aloneUntil: null };
  const last = currentStep(decided) === null;
  const next: ApprovalRequest = last ? { ...decided, state: { is: 'approved', at: decision.at, taken: decision.at } } : decided;
  const instead = decision.insteadOf === null ? '' : ` in the place of ${decision.insteadOf}`;
  const row = requestRow(outside, actor, request, {
    action: 'approvals.approve',
    summary: `approved ${request.id}${request.steps.length > 1 ? `, step ${decision.step + 1}` : ''}${instead}: ${request.described.title}`,
  });
  // What was approved by all is told with what came of it.
  if (last) return { next, telling: {}, appends: [row] };
  const text = `${decided.decisions.length} of ${decided.steps.reduce((sum, step) => sum + step.count, 0)} approvals have come.`;
  const requester = { key: `approval-${decided.decisions.length}`, text };
  if (currentStep(decided) === decision.step) return { next, telling: { requester }, appends: [row] };
  const line = { key: `step-${currentStep(decided)}`, text: 'It is the turn of the next step.' };
  return { next, telling: { at: placesOf(next, channelOf(request), electorate, known), line, requester }, appends: [row] };
}

function denied(outside: Asking, actor: Actor, request: ApprovalRequest, reason: string): RequestChange {
  return {
    next: { ...request, state: { is: 'denied', at: outside.clock.now(), by: actor.userId, reason } },
    telling: { requester: { key: 'denied', text: 'Denied.' } },
    appends: [requestRow(outside, actor, request, { action: 'approvals.deny', summary: `denied ${request.id} (${request.described.title}): ${reason}` })],
  };
}

function reasonFor(typed: string): string {
  const reason = typed.trim();
  if (reason === '') throw badInput('reason', 'A reason is missing.', 'The requester is told it.');
  if (reason.length > LONGEST_REASON) throw badInput('reason', 'The reason is too long.', `Use at most ${LONGEST_REASON} characters.`);
  return reason;
}

/** `approved by Sam O'Neil`: how a request ended, for whoever comes late. */
async function howItEnded(outside: Asking, request: ApprovalRequest): Promise<string> {
  const { state, decisions, singlePerson } = request;
  const name = await namesIn(outside, [request]);
  switch (state.is) {
    case 'open':
      return 'still open';
    case 'approved':
    case 'done':
    case 'failed':
      return singlePerson === null ? `approved by ${decisions.map(({ userId }) => name(userId)).join(' and ')}` : 'released from the host by a single person';
    case 'denied':
      return `denied by ${name(state.by)}`;
    case 'expired':
      return 'expired, not applied';
    case 'withdrawn':
      return `withdrawn by ${name(state.by)}`;
    case 'closed':
      return `closed: ${state.because}`;
  }
}
