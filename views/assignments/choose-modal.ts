import { actions, context, externalSelect, type ModalView, modal, section } from '../blocks.ts';

/** Asks which connector is assigned, where none was named. */
export function chooseConnectorModal(): ModalView {
  return modal({
    callbackId: 'assign.choose',
    title: 'Assign',
    blocks: [
      section('Which application shall people get accounts in?'),
      actions([externalSelect({ action: 'assign.connector', placeholder: 'Connector' })]),
      context('A connector must be configured before it can be assigned. Assigning sends nothing before the next run.'),
    ],
  });
}
