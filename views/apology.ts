import { type Blocks, context, type Message, type ModalView, message, modal, section } from './blocks.ts';
import { code, md } from './mrkdwn.ts';

/** A Fault as a person is told it (X7): what happened, what to do next, and what finds it in the logs. */
export interface Apology {
  /** What happened and what it left as it was; it may hold words of a target. `Zoom didn't answer within 30 s. Nothing was changed.` */
  readonly what: string;
  /** `Try again, or see the target's status page.` */
  readonly advice: string;
  /** `7F3K`. */
  readonly reference: string;
}

/** As a message, where the person stands. */
export function apology(of: Apology): Message {
  return message({ text: `${of.what} ${of.advice} Reference ${of.reference}.`, blocks: parts(of) });
}

/** As a modal, where only a modal can be shown. */
export function apologyModal(of: Apology, title = 'That did not work'): ModalView {
  return modal({ callbackId: 'apology', title, close: 'Close', blocks: parts(of) });
}

function parts(of: Apology): Blocks {
  return [section(of.what), section(of.advice), context(md`Reference ${code(of.reference)}`)];
}
