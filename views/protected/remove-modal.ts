import type { Described } from '../../src/domain/approvals/request.ts';
import { actions, button, context, input, type ModalView, modal, plainInput, section } from '../blocks.ts';
import { bold, bulleted, md } from '../mrkdwn.ts';
import { readText } from '../state.ts';

/** Says what ending somebody's protection comes to, computed as it opens (C11), and asks why. */
export function unprotectModal(id: string, described: Described): ModalView {
  return modal({
    callbackId: 'protected.remove',
    title: 'Stop protecting?',
    submit: 'Ask for approval',
    close: 'Keep it',
    metadata: { id },
    blocks: [
      section(md`Asks to ${bold(described.title)}.`),
      section(bulleted(described.lines), { expand: true }),
      input('Why', plainInput({ action: 'why', max: 300, placeholder: 'The account was replaced' })),
      context('Takes two people: somebody else approves it. Until then they stay protected.'),
      actions([button({ text: '‹ Protected people', action: 'protected.list' })]),
    ],
  });
}

export function readUnprotect(state: unknown): { readonly why: string } {
  return { why: readText(state, 'why') ?? '' };
}

/** The entry that the dialog is about; null for any other metadata. */
export function readUnprotectId(metadata: unknown): string | null {
  if (typeof metadata !== 'object' || metadata === null || !('id' in metadata)) return null;
  return typeof metadata.id === 'string' ? metadata.id : null;
}
