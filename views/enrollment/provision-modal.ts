import { type Choice, context, externalSelect, input, type ModalView, modal, multiExternalSelect } from '../blocks.ts';
import { readOption, readOptions } from '../state.ts';

/** People of one form; more are assigned by role or group. */
const MOST = 50;

/** Provisions chosen people by hand, in one task (E1). */
export function provisionModal(connector: Choice | null): ModalView {
  return modal({
    callbackId: 'enroll.provision',
    title: 'Provision people',
    submit: 'Provision',
    blocks: [
      input('Connector', externalSelect({ action: 'enroll.provision-connector', placeholder: 'Name of a connector', initial: connector }), {
        blockId: 'connector',
      }),
      input('People', multiExternalSelect({ action: 'enroll.provision-people', placeholder: 'Type a name', minQuery: 2, most: MOST }), {
        blockId: 'people',
        hint: 'Only people whom an assignment covers get an account.',
      }),
      context('They get one enrollment task together, and a mail each where enrollment is on.'),
    ],
  });
}

/** Option values, to be resolved among what the person may see. */
export function readProvision(state: unknown): { readonly connector: string | null; readonly people: readonly string[] } {
  return { connector: readOption(state, 'connector', 'enroll.provision-connector'), people: readOptions(state, 'people', 'enroll.provision-people') };
}
