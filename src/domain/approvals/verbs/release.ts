import { HOUR } from '../../instant.ts';
import { badInput, Refusal } from '../../refusal.ts';
import type { Asking } from '../action.ts';
import { canBeApproved } from '../eligible.ts';
import type { ApprovalRequest } from '../request.ts';
import { carryOut } from './carry-out.ts';
import { changeRequest, requestRow } from './change.ts';
import { electorateAt, register } from './register.ts';

const LONGEST_REASON = 300;

/**
 * Releases, from the host's command line, a request that only its requester could approve (P3): a day after it was announced, with a
 * reason, and marked as decided by a single person. Refused before, without a reason, and where others can approve it by
 * now. `who` is the host's user name.
 */
export async function releaseAlone(outside: Asking, requestId: string, reason: string, who: string): Promise<ApprovalRequest> {
  const why = reason.trim();
  if (why === '') throw badInput('reason', 'A reason is missing.', 'It goes into the audit.');
  if (why.length > LONGEST_REASON) throw badInput('reason', 'The reason is too long.', `Use at most ${LONGEST_REASON} characters.`);
  const released = await changeRequest(outside, requestId, async (request) => {
    const { id, state, aloneUntil } = request;
    const now = outside.clock.now();
    if (state.is !== 'open') throw new Refusal({ is: 'nothing-to-do', detail: `${id} is ${state.is} already.` });
    const others = canBeApproved(request, electorateAt(await register(outside), request.described.organizationId));
    if (aloneUntil === null || others)
      throw new Refusal({
        is: 'nothing-to-do',
        detail: `${id} can be approved by somebody else in Slack: only what nobody else can approve is released here.`,
      });
    if (now < aloneUntil)
      throw new Refusal({
        is: 'nothing-to-do',
        detail: `${id} waits a day after it was announced: it can be released in ${Math.ceil((aloneUntil - now) / HOUR)} h.`,
      });
    return {
      next: { ...request, singlePerson: why, state: { is: 'approved', at: now, taken: now } },
      telling: {},
      appends: [
        requestRow(outside, { userId: `host:${who}`, way: 'command-line' }, request, {
          action: 'approvals.release',
          summary: `released ${id} (${request.described.title}) as a single person, ${who} on the host: ${why}`,
          after: { singlePerson: why, host: who },
        }),
      ],
    };
  });
  return carryOut(outside, released);
}
