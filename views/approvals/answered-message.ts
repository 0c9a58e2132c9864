import type { ApprovalRequest } from '../../src/domain/approvals/request.ts';
import { actions, button, type Message, message, section } from '../blocks.ts';
import { bold, md, type Mrkdwn } from '../mrkdwn.ts';
import { count } from '../words.ts';

/** To whoever has just decided, or withdrawn: what was done by it. */
export function answeredMessage(request: ApprovalRequest): Message {
  const line = newsOf(request);
  return message({ text: line, blocks: [section(line), actions([button({ text: 'Show the request', action: 'approvals.show', value: request.id })])] });
}

/** What the viewer's decision has done, in one line. */
export function newsOf(request: ApprovalRequest): Mrkdwn {
  const { state, described, id } = request;
  const what = md`${id}, ${bold(described.title)}`;
  switch (state.is) {
    case 'open':
      return md`Approved: ${what}. ${missing(request)}`;
    case 'approved':
      return md`Approved: ${what}. It is being done.`;
    case 'done':
      return md`Approved: ${what}. Done: ${state.result}`;
    case 'failed':
      return md`Approved: ${what}. Not done: ${state.because}`;
    case 'denied':
      return md`Denied: ${what}. Nothing was applied, and whoever asked is told why.`;
    case 'withdrawn':
      return md`Withdrawn: ${what}. Nothing was applied.`;
    case 'expired':
      return md`Expired: ${what}. Nothing was applied.`;
    case 'closed':
      return md`Closed: ${what}. ${state.because}`;
  }
}

function missing({ steps, decisions }: ApprovalRequest): string {
  const needed = steps.reduce((sum, step) => sum + step.count, 0);
  return `${count(decisions.length)} of ${count(needed)} approvals; the next one is somebody else’s.`;
}
