import type { PersonId } from '../../src/domain/directory/person.ts';
import { actions, button, context, externalSelect, input, type ModalView, modal, plainInput } from '../blocks.ts';
import { readOption, readText } from '../state.ts';

/** The option that stands for all connectors. */
export const EVERYWHERE = { text: 'All connectors', value: '*' } as const;

/** Asks whom to protect, where, and why (A7). `person` is chosen already where it was opened from their page. */
export function protectModal(person: { readonly id: PersonId; readonly name: string } | null): ModalView {
  return modal({
    callbackId: 'protected.add',
    title: 'Protect a person',
    submit: 'Ask for approval',
    blocks: [
      input(
        'Person',
        externalSelect({
          action: 'protected.person',
          placeholder: 'Name, id or e-mail',
          minQuery: 2,
          ...(person === null ? { focus: true } : { initial: { text: person.name, value: person.id } }),
        }),
        { blockId: 'person' },
      ),
      input('In', externalSelect({ action: 'protected.connector', placeholder: 'Type a name', initial: EVERYWHERE }), { blockId: 'connector' }),
      input('Why', plainInput({ action: 'why', max: 300, placeholder: 'Break-glass account of the district' }), {
        hint: 'Stands in the list, on their page and in each run that spares them.',
      }),
      context('Takes two people: somebody else approves it. Until then nothing changes.'),
      actions([button({ text: '‹ Protected people', action: 'protected.list' })]),
    ],
  });
}

/** What was filled in; `person` and `connector` are values of options. */
export function readProtect(state: unknown): { readonly person: string | null; readonly connector: string; readonly why: string } {
  return {
    person: readOption(state, 'person', 'protected.person'),
    connector: readOption(state, 'connector', 'protected.connector') ?? EVERYWHERE.value,
    why: readText(state, 'why') ?? '',
  };
}
