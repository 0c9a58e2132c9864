import type { HomeView, ModalView } from '@slack/types';

/** A modal with one field; `blockId` and `actionId` so that tests can keep or change them. */
export function fieldModal(change: Partial<ModalView> = {}, ids: { readonly blockId?: string; readonly actionId?: string } = {}): ModalView {
  return {
    type: 'modal',
    callback_id: 'name_form',
    title: { type: 'plain_text', text: 'Name it' },
    submit: { type: 'plain_text', text: 'Save' },
    blocks: [
      {
        type: 'input',
        block_id: ids.blockId ?? 'name',
        label: { type: 'plain_text', text: 'Name' },
        element: { type: 'plain_text_input', action_id: ids.actionId ?? 'name_input' },
      },
    ],
    ...change,
  };
}

export function homeWith(text: string): HomeView {
  return { type: 'home', blocks: [{ type: 'section', text: { type: 'plain_text', text } }] };
}
