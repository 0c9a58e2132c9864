import type { Outside } from '../../../ports/outside.ts';
import { DAY } from '../../instant.ts';
import { type Actor, holds } from '../../rights/grant.ts';
import { isGlobalAdmin, requireRole } from '../../rights/verbs/who.ts';
import { seatOf } from '../eligible.ts';
import type { ApprovalRequest } from '../request.ts';
import { noRequest } from './change.ts';
import { electorateAt, type Register, register } from './register.ts';

type Parts = Pick<Outside, 'settings' | 'store' | 'clock'>;

/** The approvals of one person. Waiting ones soonest to expire first, the others newest first. */
export interface ApprovalInbox {
  readonly waiting: readonly ApprovalRequest[];
  /** Asked for by them: those that are open, and those that ended lately. */
  readonly asked: readonly ApprovalRequest[];
  /** Decided by them lately. */
  readonly decided: readonly ApprovalRequest[];
}

const LATELY = 14 * DAY;

/** What waits for the actor, what they asked for, and what they decided in the last two weeks. */
export async function approvalInbox(outside: Parts, actor: Actor): Promise<ApprovalInbox> {
  await requireRole(outside, actor);
  const known = await register(outside);
  const since = outside.clock.now() - LATELY;
  const waiting: ApprovalRequest[] = [];
  const asked: ApprovalRequest[] = [];
  const decided: ApprovalRequest[] = [];
  for await (const page of outside.store.scan('approval')) {
    for (const { value: request } of page) {
      const isRecent = request.state.is === 'open' || request.state.is === 'approved' || request.state.at >= since;
      if (isDecidable(actor, request, known)) waiting.push(request);
      if (!isRecent) continue;
      if (request.by.userId === actor.userId && request.by.teamId === actor.teamId) asked.push(request);
      if (hasDecided(actor, request)) decided.push(request);
    }
  }
  const newest = (a: ApprovalRequest, b: ApprovalRequest): number => b.askedAt - a.askedAt;
  return { waiting: waiting.sort((a, b) => a.expiresAt - b.expiresAt), asked: asked.sort(newest), decided: decided.sort(newest) };
}

/** A request as one person may read it, and what they may do with it. */
export interface ReadableRequest {
  readonly request: ApprovalRequest;
  readonly decidable: boolean;
  readonly withdrawable: boolean;
}

/** The request of that id; for its requester, whoever may decide there or did, whom it names, and global admins. *Not found* to all others. */
export async function requestById(outside: Parts, actor: Actor, id: string): Promise<ReadableRequest> {
  await requireRole(outside, actor);
  const request = (await outside.store.get('approval', id))?.value;
  const known = await register(outside);
  if (request === undefined || !isReadable(actor, request, known)) throw noRequest(id);
  return { request, decidable: isDecidable(actor, request, known), withdrawable: request.state.is === 'open' && isRequester(actor, request) };
}

/** Whether somebody may know of a request. */
export function isReadable(actor: Actor, request: ApprovalRequest, { organizations }: Pick<Register, 'organizations'>): boolean {
  if (isRequester(actor, request) || hasDecided(actor, request) || actor.grants.some(isGlobalAdmin)) return true;
  return holds(actor, 'decide', request.described.organizationId, organizations);
}

export function isRequester(actor: Pick<Actor, 'teamId' | 'userId'>, { by }: ApprovalRequest): boolean {
  return by.userId === actor.userId && by.teamId === actor.teamId;
}

function hasDecided(actor: Actor, { decisions, state }: ApprovalRequest): boolean {
  return decisions.some(({ userId }) => userId === actor.userId) || (state.is === 'denied' && state.by === actor.userId);
}

function isDecidable(actor: Actor, request: ApprovalRequest, known: Register): boolean {
  if (request.state.is !== 'open') return false;
  return (
    holds(actor, 'decide', request.described.organizationId, known.organizations) &&
    seatOf(request, electorateAt(known, request.described.organizationId), actor.userId) !== null
  );
}
