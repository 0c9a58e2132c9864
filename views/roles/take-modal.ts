import { type Ahead, ASK, aheadLine } from '../approvals/ahead.ts';
import { type Blocks, context, input, type ModalView, modal, plainInput, section } from '../blocks.ts';
import { bold, bulleted, md } from '../mrkdwn.ts';
import { readText } from '../state.ts';

/** What taking a role away would do, as its verb describes it. */
export interface Taking {
  readonly grantId: string;
  /** Completes “… asks to”: `take the role admin for North High from Ana Ruiz`. */
  readonly title: string;
  readonly lines: readonly string[];
  /** The approval that it takes; null for none. */
  readonly ahead: Ahead | null;
}

/** What travels with the dialog. */
export interface TakeMetadata {
  readonly grantId: string;
}

/** The dialog that says what they lose, before the button that does it (C11). */
export function takeModal({ grantId, title, lines, ahead }: Taking): ModalView {
  const metadata: TakeMetadata = { grantId };
  return modal({
    callbackId: 'roles.take',
    title: 'Take the role away?',
    submit: ahead === null ? 'Take it away' : ASK,
    close: 'Keep it',
    metadata,
    blocks: [
      section(md`You are about to ${bold(title)}.`),
      section(bulleted([...lines, 'It counts from their next click on.'])),
      ahead !== null && section(aheadLine(ahead)),
      input('Why', plainInput({ action: 'why', max: 300, placeholder: 'For whoever reads the audit' }), { optional: true }),
      context(grantId),
    ],
  });
}

/** The reason that was typed; null for none. */
export function readTake(state: unknown): { readonly why: string | null } {
  return { why: readText(state, 'why') };
}

/** What was done to roles, in the place of the dialog or form. */
export function roleChangedModal(told: string): ModalView {
  const blocks: Blocks = [section(told), context('It counts from the next click on.')];
  return modal({ callbackId: 'notice', title: 'Done', blocks });
}
