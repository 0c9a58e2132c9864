import type { ApprovalModel } from '../../src/domain/approvals/verbs/model.ts';
import { actions, type Blocks, button, type Message, type ModalView, message, modal, section } from '../blocks.ts';
import { bold, bulleted, date, md, type Mrkdwn } from '../mrkdwn.ts';
import { needsLine } from './request-words.ts';

/** After something was asked for that needs approval: what, of whom, until when (P2). */
export function askedMessage(shown: ApprovalModel): Message {
  return message({ text: askedLine(shown), blocks: askedBlocks(shown) });
}

/** The same in the place of the form. */
export function askedModal(shown: ApprovalModel): ModalView {
  return modal({ callbackId: 'approvals.asked', title: 'Asked for approval', blocks: askedBlocks(shown) });
}

function askedLine({ request }: ApprovalModel): Mrkdwn {
  return md`Asked: ${bold(request.id)}, ${request.described.title}. Nothing is done before it is approved.`;
}

function askedBlocks(shown: ApprovalModel): Blocks {
  const { request, timeZone } = shown;
  const needs = needsLine(shown);
  const { lines } = request.described;
  return [
    section(askedLine(shown)),
    lines.length > 0 && section(bulleted(lines), { expand: true }),
    section(
      needs === null
        ? md`Until ${date(request.expiresAt, timeZone)}.`
        : md`Waiting: ${needs}. Until ${date(request.expiresAt, timeZone)}, then it is not applied.`,
    ),
    request.aloneUntil !== null &&
      section(
        md`Only you could approve it, and nobody approves their own request: from ${date(request.aloneUntil, timeZone)} on it can be released on Usher’s host.`,
      ),
    actions([button({ text: 'Show request', action: 'approvals.show', value: request.id })]),
  ];
}
