import { z } from 'zod';
import type { ApprovalRequest } from '../../src/domain/approvals/request.ts';
import { decide, type Verdict } from '../../src/domain/approvals/verbs/decide.ts';
import { requestById } from '../../src/domain/approvals/verbs/inbox.ts';
import { shownRequest } from '../../src/domain/approvals/verbs/model.ts';
import { withdraw } from '../../src/domain/approvals/verbs/withdraw.ts';
import { badInput, Refusal } from '../../src/domain/refusal.ts';
import { answeredMessage, newsOf } from '../../views/approvals/answered-message.ts';
import { denyModal, readDeny } from '../../views/approvals/deny-modal.ts';
import { loading, note } from '../../views/notice.ts';
import type { Answer, Ask, Command, Form, Press } from '../command.ts';
import type { Words } from '../words.ts';
import { openRequest, requestIn, requestPageNow } from './show.ts';

const metadata = z.object({ requestId: z.string() });

/** Approve, deny and withdraw (P2, P3): by the card's buttons, in the inbox, or typed. */
export const decideApprovals: Command = {
  typed: [
    {
      topic: 'approvals',
      verb: 'approve',
      right: 'decide',
      usage: 'approvals approve <request>',
      summary: 'Approve what somebody else asked for',
      run: (ask, words) => said(ask, requestIn(words, 'approvals approve Q-7'), { is: 'approve' }),
    },
    {
      topic: 'approvals',
      verb: 'deny',
      right: 'decide',
      usage: 'approvals deny <request> [why=<reason>]',
      summary: 'Deny it; without a reason: the form',
      run: typedDeny,
    },
    {
      topic: 'approvals',
      verb: 'withdraw',
      usage: 'approvals withdraw <request>',
      summary: 'Take back what you asked for',
      run: async (ask, words) => ({
        is: 'message',
        message: answeredMessage(await withdraw(ask.outside, ask.actor, requestIn(words, 'approvals withdraw Q-7'))),
      }),
    },
  ],
  presses: {
    'approvals.approve': pressedApprove,
    'approvals.deny': (ask, press) => openDeny(ask, press.value ?? ''),
    'approvals.withdraw': pressedWithdraw,
  },
  forms: { 'approvals.deny': submittedDeny },
};

/** Slack is asked who is in a group first, so the answer comes behind (P3). */
async function said(ask: Ask, requestId: string, verdict: Verdict, shownIn: string | null = null): Promise<Answer> {
  return {
    is: 'message',
    message: note(`Asking Slack who may decide ${requestId}…`),
    later: async () => answeredMessage(await decide(ask.outside, ask.actor, requestId, verdict, shownIn)),
  };
}

/** On a card the answer is for the one who pressed; in a modal the request stands there as it is now. */
async function pressedApprove(ask: Ask, press: Press): Promise<Answer> {
  const requestId = press.value ?? '';
  return press.view?.kind === 'modal'
    ? inPlace(ask, requestId, () => decide(ask.outside, ask.actor, requestId, { is: 'approve' }))
    : said(ask, requestId, { is: 'approve' }, press.message?.channelId ?? null);
}

async function pressedWithdraw(ask: Ask, press: Press): Promise<Answer> {
  const requestId = press.value ?? '';
  return inPlace(ask, requestId, () => withdraw(ask.outside, ask.actor, requestId));
}

function inPlace(ask: Ask, requestId: string, act: () => Promise<ApprovalRequest>): Answer {
  return {
    is: 'modal',
    view: loading(`Request ${requestId}`, 'One moment…'),
    later: async () => {
      const request = await act();
      return requestPageNow(ask, request, newsOf(request));
    },
  };
}

/** The form for the reason. What is over is shown as it ended; one's own is refused before a reason is typed for nothing. */
async function openDeny(ask: Ask, requestId: string): Promise<Answer> {
  const { request } = await requestById(ask.outside, ask.actor, requestId);
  if (request.state.is !== 'open') return openRequest(ask, requestId);
  if (request.by.userId === ask.actor.userId) throw new Refusal({ is: 'own-request', requestId, title: request.described.title });
  return {
    is: 'modal',
    view: loading(`Deny ${request.id}?`, 'Reading the request…'),
    later: async () => denyModal(await shownRequest(ask.outside, request, true)),
  };
}

async function typedDeny(ask: Ask, words: Words): Promise<Answer> {
  const requestId = requestIn(words, 'approvals deny Q-7 why="not now"');
  const { why } = words.options;
  return why === undefined ? openDeny(ask, requestId) : said(ask, requestId, { is: 'deny', reason: why });
}

async function submittedDeny(ask: Ask, form: Form): Promise<Answer> {
  const read = metadata.safeParse(form.metadata);
  if (!read.success) throw new Refusal({ is: 'changed-meanwhile', what: 'This window' });
  const reason = readDeny(form.state);
  if (reason === '') throw badInput('reason', 'A reason is missing.', 'The requester is told it.');
  const { requestId } = read.data;
  return inPlace(ask, requestId, () => decide(ask.outside, ask.actor, requestId, { is: 'deny', reason }));
}
