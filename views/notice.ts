import { type HomeView, home, type Message, type ModalView, message, modal, section } from './blocks.ts';

/** What happened and what to do next, as a message: for answers that need no buttons. Outside text is safe in it. */
export function note(what: string, next?: string): Message {
  return message({ text: next === undefined ? what : `${what} ${next}`, blocks: [section(what), ...(next === undefined ? [] : [section(next)])] });
}

/** The same note as a modal with only a *Close*. */
export function noteModal(title: string, what: string, next?: string): ModalView {
  return modal({ callbackId: 'notice', title, close: 'Close', blocks: [section(what), ...(next === undefined ? [] : [section(next)])] });
}

/** A message shown where only modals can be: after a press in a modal or in the Home tab. */
export function messageAsModal(shown: Message): ModalView {
  return modal({ callbackId: 'notice', title: 'Usher', close: 'Close', blocks: shown.blocks.filter((block) => block.type !== 'table') });
}

/** A message shown in place of the Home tab: to somebody who may see nothing there. */
export function messageAsHome(shown: Message): HomeView {
  return home(shown.blocks);
}

/** What stands in a modal until its content is ready. */
export function loading(title: string, what: string): ModalView {
  return modal({ callbackId: 'loading', title, close: 'Close', blocks: [section(what)] });
}
