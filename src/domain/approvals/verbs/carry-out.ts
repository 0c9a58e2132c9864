import { MINUTE } from '../../instant.ts';
import { Refusal } from '../../refusal.ts';
import type { Actor } from '../../rights/grant.ts';
import { actorOf, SCHEDULE } from '../../rights/verbs/who.ts';
import type { AuditRow } from '../../audit/audit.ts';
import type { Asking } from '../action.ts';
import { because } from '../because.ts';
import { clear } from '../clearance.ts';
import type { ApprovalRequest, RequestState } from '../request.ts';
import { anyAction } from './actions.ts';
import { changeRequest, requestRow, USHER } from './change.ts';

/** After so long an approved request counts as left behind by whoever began to do it. */
const LEASE = 5 * MINUTE;

/**
 * Does what was approved, as the requester, whose right is checked again, and says so on every copy. The verb's own audit row
 * carries the request, in the same transaction as the change: it is the evidence by which nothing is done twice after a crash.
 */
export async function carryOut(outside: Asking, approved: ApprovalRequest): Promise<ApprovalRequest> {
  const action = anyAction(approved.effect);
  const done = await evidence(outside, approved);
  if (done !== undefined) return ended(outside, approved, { is: 'done', at: outside.clock.now(), result: sentence(done.summary) });
  try {
    const result = await action.perform(outside, await requester(outside, approved), approved.effect, clear(approvalOf(approved), approved.askedAt));
    return await ended(outside, approved, { is: 'done', at: outside.clock.now(), result: action.told(result) });
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    // Whoever else took it up may have done it meanwhile: then the refusal says only that it is done.
    const meanwhile = await evidence(outside, approved);
    const at = outside.clock.now();
    return ended(
      outside,
      approved,
      meanwhile === undefined ? { is: 'failed', at, because: because(refusal.reason) } : { is: 'done', at, result: sentence(meanwhile.summary) },
    );
  }
}

/** Takes up what a crash left approved and not done: at start all of it, on the tick what nobody has been at for a while. */
export async function takeUpApproved(outside: Asking, { all }: { readonly all: boolean }): Promise<void> {
  const left: ApprovalRequest[] = [];
  for await (const page of outside.store.scan('approval')) for (const { value } of page) if (isLeft(value.state, outside.clock.now(), all)) left.push(value);
  for (const { id } of left) {
    let taken = false;
    const request = await changeRequest(outside, id, async (present) => {
      taken = isLeft(present.state, outside.clock.now(), all) && present.state.is === 'approved';
      if (!taken || present.state.is !== 'approved') return null;
      return { next: { ...present, state: { ...present.state, taken: outside.clock.now() } }, telling: {}, appends: [] };
    });
    if (!taken) continue;
    await carryOut(outside, request).catch((error: unknown) => outside.log.error({ request: id, err: error }, 'an approved request could not be carried out'));
  }
}

function isLeft(state: RequestState, now: number, all: boolean): boolean {
  return state.is === 'approved' && (all || state.taken + LEASE <= now);
}

/** What the audit row says of the approval. */
function approvalOf({ id, decisions, singlePerson }: ApprovalRequest): NonNullable<AuditRow['approval']> {
  return { requestId: id, approvedBy: decisions.map(({ userId }) => userId), singlePerson };
}

/** Whoever asked, with the rights that they hold now; the host's command line holds all. */
async function requester(outside: Asking, { by }: ApprovalRequest): Promise<Actor> {
  return by.way === 'command-line' ? { ...by, grants: SCHEDULE.grants } : actorOf(outside, by.teamId, by.userId, by.way);
}

/** The audit row of a change that was made for this request; undefined where none was. */
async function evidence(outside: Pick<Asking, 'store'>, { id, described, state }: ApprovalRequest): Promise<AuditRow | undefined> {
  const from = state.is === 'approved' ? state.at : 0;
  for (const partition of new Set([described.connectorId ?? '-', '-']))
    for await (const rows of outside.store.rows('audit', { partition, from, order: 'oldest' }))
      for (const { row } of rows) if (row.approval?.requestId === id) return row;
  return undefined;
}

async function ended(outside: Asking, { id }: ApprovalRequest, state: Extract<RequestState, { is: 'done' | 'failed' }>): Promise<ApprovalRequest> {
  return changeRequest(outside, id, async (present) => {
    if (present.state.is !== 'approved') return null;
    const text = state.is === 'done' ? 'Approved and done.' : 'Approved, and then it could not be done.';
    return {
      next: { ...present, state },
      telling: { requester: { key: state.is, text } },
      appends: state.is === 'done' ? [] : [requestRow(outside, USHER, present, { action: 'approvals.fail', summary: `could not do ${id}: ${state.because}` })],
    };
  });
}

/** An audit row's summary as a sentence. */
function sentence(summary: string): string {
  return `${summary.slice(0, 1).toUpperCase()}${summary.slice(1)}${/[.!?]$/.test(summary) ? '' : '.'}`;
}
