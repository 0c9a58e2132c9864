import { Refusal } from '../../refusal.ts';
import type { Actor } from '../../rights/grant.ts';
import { type Changing, changeRequest, noRequest, requestRow } from './change.ts';
import type { ApprovalRequest } from '../request.ts';
import { isRequester } from './inbox.ts';

/** Takes a request back; only whoever asked for it, and only while it waits. Nothing is applied. To all others it is *not found*. */
export async function withdraw(outside: Changing, actor: Actor, requestId: string): Promise<ApprovalRequest> {
  return changeRequest(outside, requestId, async (request) => {
    if (!isRequester(actor, request)) throw noRequest(requestId);
    if (request.state.is !== 'open') throw new Refusal({ is: 'nothing-to-do', detail: `${requestId} waits for nobody any more.` });
    return {
      next: { ...request, state: { is: 'withdrawn', at: outside.clock.now(), by: actor.userId } },
      telling: {},
      appends: [requestRow(outside, actor, request, { action: 'approvals.withdraw', summary: `withdrew ${requestId}: ${request.described.title}` })],
    };
  });
}
