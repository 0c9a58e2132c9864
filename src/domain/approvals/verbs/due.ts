import { knownActor, SCHEDULE } from '../../rights/verbs/who.ts';
import type { Asking } from '../action.ts';
import { canBeApproved, isAlone, waitingFor } from '../eligible.ts';
import { MOST_COPIES } from '../copies.ts';
import type { ApprovalRequest } from '../request.ts';
import { closedRow } from '../closing.ts';
import { alone, placesOf } from './ask.ts';
import { takeUpApproved } from './carry-out.ts';
import { changeRequest, type RequestChange, requestRow, USHER } from './change.ts';
import { channelOf } from '../copies.ts';
import { electorateAt, type Register, register } from './register.ts';

/**
 * Once a minute (P4, X11): takes up what a crash left approved, expires requests, closes those that nobody can approve any
 * more or whose requester is gone, and reminds at half time. All of it is decided by the request as it stands, so
 * that it catches up after a stop and does nothing twice.
 */
export async function approvalsDue(outside: Asking): Promise<void> {
  await takeUpApproved(outside, { all: false });
  const known = await register(outside);
  const due: string[] = [];
  for await (const page of outside.store.scan('approval'))
    for (const { value } of page) if (value.state.is === 'open' && (await whatIsDue(outside, value, known)) !== null) due.push(value.id);
  for (const id of due) await changeRequest(outside, id, async (request) => whatIsDue(outside, request, await register(outside)));
}

/** What time, or somebody's leaving, does to an open request now; null for nothing. */
async function whatIsDue(outside: Asking, request: ApprovalRequest, known: Register): Promise<RequestChange | null> {
  if (request.state.is !== 'open') return null;
  const now = outside.clock.now();
  if (request.expiresAt <= now) {
    return {
      next: { ...request, state: { is: 'expired', at: now } },
      telling: { requester: { key: 'expired', text: 'Expired: not applied.' } },
      appends: [requestRow(outside, USHER, request, { action: 'approvals.expire', summary: `${request.id} expired, not applied: ${request.described.title}` })],
    };
  }
  if (await hasLeft(outside, request)) return closed(outside, request, 'Whoever asked for it has left Slack or holds no role any more.');
  const electorate = electorateAt(known, request.described.organizationId);
  const { aloneUntil, remindedAt } = request;
  if (canBeApproved(request, electorate)) {
    if (aloneUntil !== null) return othersCame(request, known);
    const half = request.askedAt + (request.expiresAt - request.askedAt) / 2;
    return remindedAt === null && half <= now ? reminded(outside, request, waitingFor(request, electorate)) : null;
  }
  if (!isAlone(request, electorate)) return closed(outside, request, 'Nobody is left who could approve it.');
  if (aloneUntil === null) return announced(outside, request, known);
  return remindedAt === null && aloneUntil <= now ? releasable(outside, request) : null;
}

async function hasLeft(outside: Asking, { by }: ApprovalRequest): Promise<boolean> {
  return by.way !== 'command-line' && by.userId !== SCHEDULE.userId && (await knownActor(outside, by.teamId, by.userId)).grants.length === 0;
}

function closed(outside: Asking, request: ApprovalRequest, because: string): RequestChange {
  return {
    next: { ...request, state: { is: 'closed', at: outside.clock.now(), because } },
    telling: { requester: { key: 'closed', text: because } },
    appends: [closedRow(outside, request, because)],
  };
}

/** Each of those who may decide now, by direct message: a line where they have a copy, else a copy of their own. */
function reminded(outside: Asking, request: ApprovalRequest, waiting: readonly string[]): RequestChange {
  const at = waiting.slice(0, MOST_COPIES).map((userId) => ({ is: 'person' as const, userId }));
  return {
    next: { ...request, remindedAt: outside.clock.now() },
    telling: { at, line: { key: 'half-way', text: 'Half of the time is over, and this still waits for you.' } },
    appends: [],
  };
}

/** All others who could approve have left: it waits for the host's command line from now on. */
function announced(outside: Asking, request: ApprovalRequest, known: Register): RequestChange {
  const next: ApprovalRequest = { ...alone(request, outside.clock.now()), remindedAt: null };
  const electorate = electorateAt(known, request.described.organizationId);
  const text = 'Nobody but you could approve this any more.';
  return {
    next,
    telling: { at: placesOf(next, channelOf(request), electorate, known), requester: { key: 'alone', text } },
    appends: [requestRow(outside, USHER, request, { action: 'approvals.alone', summary: `only the requester of ${request.id} could approve it` })],
  };
}

/** Somebody else may approve by now: it can't be released by a single person any more. */
function othersCame(request: ApprovalRequest, known: Register): RequestChange {
  const next: ApprovalRequest = { ...request, aloneUntil: null, remindedAt: null };
  const electorate = electorateAt(known, request.described.organizationId);
  return {
    next,
    telling: { at: placesOf(next, channelOf(request), electorate, known), line: { key: 'others', text: 'You can decide this by now.' } },
    appends: [],
  };
}

function releasable(outside: Asking, request: ApprovalRequest): RequestChange {
  const text = `The day is over: ${request.id} can be released on the host now, with a reason.`;
  return { next: { ...request, remindedAt: outside.clock.now() }, telling: { requester: { key: 'releasable', text } }, appends: [] };
}
