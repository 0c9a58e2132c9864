import type { ApprovalModel } from '../../src/domain/approvals/verbs/model.ts';
import { actions, button, type ModalView, modal, section } from '../blocks.ts';
import { md, type Mrkdwn } from '../mrkdwn.ts';
import { decideButtons } from './request-card.ts';
import { footing, headline, requestBlocks } from './request-words.ts';

export interface RequestPage {
  readonly shown: ApprovalModel;
  /** The viewer may decide it now. */
  readonly decidable: boolean;
  /** The viewer asked for it, and may take it back. */
  readonly withdrawable: boolean;
  /** What the viewer has just done, or could not. */
  readonly news: Mrkdwn | null;
}

/** One request, to whoever may read it: with names. Buttons only for what the viewer may do. */
export function requestModal({ shown, decidable, withdrawable, news }: RequestPage): ModalView {
  const { request } = shown;
  return modal({
    callbackId: 'approvals.request',
    title: `Request ${request.id}`,
    metadata: { requestId: request.id },
    blocks: [
      news !== null && section(news),
      section(headline(shown)),
      ...requestBlocks(shown),
      decidable && decideButtons(shown, { details: false }),
      footing(shown),
      actions([
        withdrawable &&
          button({
            text: 'Withdraw…',
            action: 'approvals.withdraw',
            value: request.id,
            confirm: {
              title: `Withdraw ${request.id}?`,
              text: md`Nothing is applied, and nobody can approve it any more. You can ask again.`,
              confirm: 'Withdraw it',
              deny: 'Keep it',
              style: 'danger',
            },
          }),
        button({ text: '‹ Approvals', action: 'approvals.inbox' }),
      ]),
    ],
  });
}
