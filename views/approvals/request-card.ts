import type { ApprovalModel } from '../../src/domain/approvals/verbs/model.ts';
import { actions, button, type Message, message, section } from '../blocks.ts';
import { md } from '../mrkdwn.ts';
import { ACTION_WORDS } from './action-words.ts';
import { footing, headline, needsLine, requestBlocks, titleOf } from './request-words.ts';

/** A request as one message wherever it stands (P2): who asks for what, the exact effect, why, until when, who is needed; then who decided and what came of it, without buttons. `reader`: in whose direct messages it stands. */
export function requestCard(shown: ApprovalModel, reader: string | null = null): Message {
  const line = headline(shown);
  const needs = needsLine(shown);
  return message({
    text: needs === null ? line : md`${line} · ${needs}`,
    blocks: [
      section(line),
      ...requestBlocks(shown),
      shown.request.state.is === 'open' && (reader === shown.request.by.userId ? ownButtons(shown) : decideButtons(shown)),
      footing(shown),
    ],
  });
}

/** On the requester's own copy nothing can be decided (P3). */
function ownButtons({ request }: ApprovalModel): ReturnType<typeof actions> {
  return actions([button({ text: 'Show request', action: 'approvals.show', value: request.id })]);
}

/** *Approve* says what; *Deny…* asks for a reason; the details are for whoever may read them. */
export function decideButtons(shown: ApprovalModel, of: { readonly details: boolean } = { details: true }): ReturnType<typeof actions> {
  const { request } = shown;
  return actions([
    button({
      text: `Approve: ${titleOf(shown)}`,
      action: 'approvals.approve',
      value: request.id,
      style: ACTION_WORDS[request.effect.is].destructive ? 'danger' : 'primary',
      accessibilityLabel: `Approve ${request.id}`,
    }),
    button({ text: 'Deny…', action: 'approvals.deny', value: request.id, accessibilityLabel: `Deny ${request.id}` }),
    of.details && button({ text: 'Details', action: 'approvals.show', value: request.id, accessibilityLabel: `Details of ${request.id}` }),
  ]);
}
