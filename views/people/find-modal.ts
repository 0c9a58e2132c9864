import { actions, context, externalSelect, type ModalView, modal } from '../blocks.ts';

/** Finds someone in the directory: type, choose, and their page takes its place (D6). */
export function findPersonModal(): ModalView {
  return modal({
    callbackId: 'person.find',
    title: 'Find a person',
    blocks: [
      actions([externalSelect({ action: 'person.open', placeholder: 'Name, id or e-mail', minQuery: 2, focus: true })], 'person'),
      context('Type two letters or more; part of a word is enough.'),
    ],
  });
}
