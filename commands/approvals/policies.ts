import { namesIn, shownRequest } from '../../src/domain/approvals/verbs/model.ts';
import { policies } from '../../src/domain/approvals/verbs/policies.ts';
import { type Submitted, submit } from '../../src/domain/approvals/verbs/submit.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { isGlobalAdmin, tree } from '../../src/domain/rights/verbs/who.ts';
import { askedMessage, askedModal } from '../../views/approvals/asked.ts';
import { policiesModal } from '../../views/approvals/policies-modal.ts';
import type { ModalView } from '../../views/blocks.ts';
import { loading, note } from '../../views/notice.ts';
import { readPager } from '../../views/paging.ts';
import type { Answer, Ask, Command, Press } from '../command.ts';
import type { Words } from '../words.ts';

/** What needs approval: the list, and taking a policy away (P1). */
export const approvalPolicies: Command = {
  typed: [
    { topic: 'approvals', verb: 'policies', usage: 'approvals policies', summary: 'What needs approval, and by whom', run: (ask) => openPolicies(ask, 1) },
    {
      topic: 'approvals',
      verb: 'unset',
      right: 'administer',
      everywhere: true,
      usage: 'approvals unset <policy>',
      summary: 'Remove a policy: what it covers is done at once from then on',
      run: (ask, words) => removed(ask, policyIn(words)),
    },
  ],
  presses: {
    'approvals.policies': (ask) => openPolicies(ask, 1),
    'approvals.policies-page': (ask, press) => openPolicies(ask, readPager(press.value ?? undefined).page),
    'approvals.unset': pressedUnset,
  },
};

/** Refuses at once whoever may not see them; names are asked of Slack behind it. */
async function openPolicies(ask: Ask, page: number): Promise<Answer> {
  const all = await policies(ask.outside, ask.actor);
  return { is: 'modal', view: loading('Approval policies', 'Reading the policies…'), later: () => policiesPage(ask, all, page) };
}

async function policiesPage(ask: Ask, all: Awaited<ReturnType<typeof policies>>, page: number): Promise<ModalView> {
  const organizations = await tree(ask.outside);
  const named = all.flatMap(({ steps }) => steps.flatMap(({ approvers }) => [...approvers.people, ...approvers.groups]));
  return policiesModal({
    rows: all.map((policy) => ({
      policy,
      organization: policy.organizationId === null ? null : (organizations.get(policy.organizationId)?.name ?? policy.organizationId),
    })),
    page,
    names: await namesIn(ask.outside, named),
    editable: ask.actor.grants.some(isGlobalAdmin),
  });
}

async function removed(ask: Ask, policyId: string): Promise<Answer> {
  return {
    is: 'message',
    message: note(`Removing ${policyId}…`),
    later: async () => {
      const submitted = await remove(ask, policyId);
      return submitted.is === 'done' ? note(submitted.told) : askedMessage(await shownRequest(ask.outside, submitted.request, true));
    },
  };
}

/** Stays in the list where the policy stood. */
async function pressedUnset(ask: Ask, press: Press): Promise<Answer> {
  return {
    is: 'modal',
    view: loading('Approval policies', 'One moment…'),
    later: async () => {
      const submitted = await remove(ask, press.value ?? '');
      if (submitted.is === 'asked') return askedModal(await shownRequest(ask.outside, submitted.request, true));
      return policiesPage(ask, await policies(ask.outside, ask.actor), 1);
    },
  };
}

function remove(ask: Ask, policyId: string): Promise<Submitted<'edit-policies'>> {
  return submit(ask.outside, ask.actor, { is: 'edit-policies', change: { is: 'remove', policyId } }, null);
}

function policyIn({ objects, text }: Words): string {
  const id = (objects[0] ?? '').toUpperCase();
  if (!/^P-\d+$/.test(id)) throw new Refusal({ is: 'usage', typed: text, usage: ['approvals unset P-3'] });
  return id;
}
