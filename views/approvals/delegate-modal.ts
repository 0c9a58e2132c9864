import type { Delegation } from '../../src/domain/approvals/policy.ts';
import { actions, button, datePicker, input, type ModalView, modal, section, usersSelect } from '../blocks.ts';
import { bold, date, md } from '../mrkdwn.ts';
import { readDate, readUser } from '../state.ts';

export interface Delegating {
  /** The one in force; null where there is none. */
  readonly delegation: Delegation | null;
  readonly names: (id: string) => string;
  readonly timeZone: string;
}

/** Who decides in the viewer's place while they are away, and until when (P4). */
export function delegateModal({ delegation, names, timeZone }: Delegating): ModalView {
  return modal({
    callbackId: 'approvals.delegate',
    title: 'While you are away',
    submit: 'Save',
    blocks: [
      section(
        delegation === null
          ? 'Nobody decides in your place.'
          : md`${bold(names(delegation.to))} decides in your place until ${date(delegation.until, timeZone)}.`,
      ),
      input('Who decides in your place', usersSelect({ action: 'to', placeholder: 'Choose a person', initial: delegation?.to ?? null }), {
        hint: 'They need the right to approve themselves, and can’t decide on what they or you asked for.',
      }),
      input('Until the end of', datePicker({ action: 'until', placeholder: 'Choose a day' }), { hint: `In the zone ${timeZone}.` }),
      actions([
        delegation !== null && button({ text: 'End it now', action: 'approvals.undelegate', style: 'danger' }),
        button({ text: '‹ Approvals', action: 'approvals.inbox' }),
      ]),
    ],
  });
}

/** The person and the day (`YYYY-MM-DD`); null for what is missing. */
export function readDelegate(state: unknown): { readonly to: string | null; readonly until: string | null } {
  return { to: readUser(state, 'to'), until: readDate(state, 'until') };
}
