import type { ApprovalModel } from '../../src/domain/approvals/verbs/model.ts';
import { context, input, type ModalView, modal, plainInput, section } from '../blocks.ts';
import { bold, md } from '../mrkdwn.ts';
import { readText } from '../state.ts';
import { titleOf } from './request-words.ts';

/** What travels with the dialog. */
export interface DenyMetadata {
  readonly requestId: string;
}

/** *Deny…* asks for the reason, which the requester is told (P2). */
export function denyModal(shown: ApprovalModel): ModalView {
  const { request, names } = shown;
  const metadata: DenyMetadata = { requestId: request.id };
  return modal({
    callbackId: 'approvals.deny',
    title: `Deny ${request.id}?`,
    submit: 'Deny',
    metadata,
    blocks: [
      section(md`${names(request.by.userId)} asks to ${bold(titleOf(shown))}. Denied, nothing is applied.`),
      input('Why', plainInput({ action: 'reason', max: 300, focus: true, multiline: true }), {
        hint: `${names(request.by.userId)} is told, and it stands on the card.`,
      }),
      context(`Typed: approvals deny ${request.id} why=…`),
    ],
  });
}

/** The reason that was typed; empty for none. */
export function readDeny(state: unknown): string {
  return readText(state, 'reason') ?? '';
}
