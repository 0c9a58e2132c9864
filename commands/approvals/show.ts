import type { ApprovalRequest } from '../../src/domain/approvals/request.ts';
import { type ReadableRequest, requestById } from '../../src/domain/approvals/verbs/inbox.ts';
import { shownRequest } from '../../src/domain/approvals/verbs/model.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { requestModal } from '../../views/approvals/request-modal.ts';
import type { ModalView } from '../../views/blocks.ts';
import type { Mrkdwn } from '../../views/mrkdwn.ts';
import { loading } from '../../views/notice.ts';
import type { Answer, Ask, Command } from '../command.ts';
import type { Words } from '../words.ts';

/** One request with everything that the viewer may know and do (P2). */
export const showApproval: Command = {
  typed: [
    {
      topic: 'approvals',
      verb: 'show',
      usage: 'approvals show <request>',
      summary: 'One request: effect, who decided, what came of it',
      run: (ask, words) => openRequest(ask, requestIn(words, 'approvals show Q-7')),
    },
  ],
  presses: { 'approvals.show': (ask, press) => openRequest(ask, press.value ?? '') },
};

/** The id of typed words. */
export function requestIn({ objects, text }: Words, usage: string): string {
  const id = (objects[0] ?? '').toUpperCase();
  if (!/^Q-\d+$/.test(id)) throw new Refusal({ is: 'usage', typed: text, usage: [usage] });
  return id;
}

/** Refuses at once whoever may not read it; names are asked of Slack behind it. */
export async function openRequest(ask: Ask, requestId: string): Promise<Answer> {
  const readable = await requestById(ask.outside, ask.actor, requestId);
  return { is: 'modal', view: loading(`Request ${readable.request.id}`, 'Reading the request…'), later: () => requestPage(ask, readable, null) };
}

/** The request as the viewer sees it now. */
async function requestPage(ask: Ask, readable: ReadableRequest, news: Mrkdwn | null): Promise<ModalView> {
  const { request, decidable, withdrawable } = readable;
  return requestModal({ shown: await shownRequest(ask.outside, request, true), decidable, withdrawable, news });
}

/** The same, read anew after something was done. */
export async function requestPageNow(ask: Ask, { id }: Pick<ApprovalRequest, 'id'>, news: Mrkdwn | null): Promise<ModalView> {
  return requestPage(ask, await requestById(ask.outside, ask.actor, id), news);
}
