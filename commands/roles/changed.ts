import type { ApprovalRequest, Effect } from '../../src/domain/approvals/request.ts';
import { shownRequest } from '../../src/domain/approvals/verbs/model.ts';
import { submit } from '../../src/domain/approvals/verbs/submit.ts';
import type { RoleChange } from '../../src/domain/rights/role-grant.ts';
import { askedMessage, askedModal } from '../../views/approvals/asked.ts';
import type { Message, ModalView } from '../../views/blocks.ts';
import { note } from '../../views/notice.ts';
import { roleChangedModal } from '../../views/roles/take-modal.ts';
import type { Ask } from '../command.ts';

/** A change of roles through the one door of approvals; told in a message, or in the place of its form. Asks Slack: for after the ack. */
export async function changed(ask: Ask, change: RoleChange): Promise<{ readonly message: () => Promise<Message>; readonly modal: () => Promise<ModalView> }> {
  const effect: Extract<Effect, { is: 'change-roles' }> = { is: 'change-roles', change };
  const submitted = await submit(ask.outside, ask.actor, effect, change.why ?? null);
  if (submitted.is === 'asked') {
    const shown = (request: ApprovalRequest) => shownRequest(ask.outside, request, true);
    return { message: async () => askedMessage(await shown(submitted.request)), modal: async () => askedModal(await shown(submitted.request)) };
  }
  const told = `${submitted.told} (${submitted.result.grant.id})`;
  return { message: async () => note(told, 'It counts from the next click on.'), modal: async () => roleChangedModal(told) };
}
