import { z } from 'zod';
import { APPROVABLE, DEFAULT_HOURS, type Policy, type PolicyDraft } from '../../src/domain/approvals/policy.ts';
import { requirePolicyMaker } from '../../src/domain/approvals/verbs/edit-policies.ts';
import { namesIn, shownRequest } from '../../src/domain/approvals/verbs/model.ts';
import { submit } from '../../src/domain/approvals/verbs/submit.ts';
import { badInput, Refusal } from '../../src/domain/refusal.ts';
import { askedMessage } from '../../views/approvals/asked.ts';
import {
  EVERYWHERE,
  formOf,
  MOST_STEPS,
  NEW_POLICY,
  type PolicyEdit,
  type PolicyForm,
  policyModal,
  type ReadPolicy,
  readPolicy,
} from '../../views/approvals/policy-modal.ts';
import type { Choice, Message, ModalView } from '../../views/blocks.ts';
import { isValueOf } from '../../views/ids.ts';
import { loading, messageAsModal, note } from '../../views/notice.ts';
import { refusalLine } from '../../views/refusal.ts';
import { chosenOrganization, organizationChoices, organizationNamed } from '../choices.ts';
import type { Answer, Ask, Command, Form, Press, Suggestion, Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import { channelIn, type Words } from '../words.ts';
import { type Group, groupChoices, numberIn, stepsIn } from './approvers.ts';

const metadata = z.object({ policyId: z.string().nullable(), steps: z.number().int().min(1).max(MOST_STEPS) });

const set: Typed = {
  topic: 'approvals',
  verb: 'policy',
  right: 'administer',
  everywhere: true,
  usage:
    'approvals policy <action> [from=100] [by= @person @group] [count=2] [steps="@a;@b:2"] [hours=72] [channel= #channel] [names=yes] [organization=<organization>]',
  summary: `What needs approval: ${APPROVABLE.join(', ')}; without words: the form`,
  run: typedSet,
};

/** Making and changing a policy (P1): by the form, or typed. */
export const setApprovalPolicy: Command = {
  typed: [set],
  presses: { 'approvals.policy': (ask, press) => openPolicy(ask, press.value), 'approvals.steps': pressedSteps },
  forms: { 'approvals.policy': submittedPolicy },
  suggestions: {
    'approvals.organization': async (ask, suggestion) => [
      ...(suggestion.typed === '' ? [EVERYWHERE] : []),
      ...(await organizationChoices(ask, suggestion, 'administer')),
    ],
    'approvals.groups': permittedGroups,
  },
};

async function permittedGroups(ask: Ask, suggestion: Suggestion): Promise<readonly Choice[]> {
  await requirePolicyMaker(ask.outside, ask.actor);
  return groupChoices(ask, suggestion);
}

async function openPolicy(ask: Ask, policyId: string | null): Promise<Answer> {
  await requirePolicyMaker(ask.outside, ask.actor);
  if (policyId === null || policyId === '') return { is: 'modal', view: policyModal({ policyId: null, form: NEW_POLICY, problem: null }) };
  const policy = (await ask.outside.store.get('policy', policyId))?.value;
  if (policy === undefined) throw new Refusal({ is: 'not-found', what: 'policy', typed: policyId, near: [] });
  return {
    is: 'modal',
    view: loading(`Policy ${policy.id}`, 'Reading the policy…'),
    later: async () => policyModal({ policyId: policy.id, form: formOf(policy, await namesIn(ask.outside, namedBy(policy))), problem: null }),
  };
}

function namedBy({ steps, organizationId }: Pick<Policy, 'steps' | 'organizationId'>): readonly string[] {
  return [...steps.flatMap(({ approvers }) => approvers.groups), ...(organizationId === null ? [] : [organizationId])];
}

/** A step more or less; what was filled in stays. */
async function pressedSteps(ask: Ask, press: Press): Promise<Answer> {
  await requirePolicyMaker(ask.outside, ask.actor);
  const { policyId, steps } = metadataOf(press.view?.metadata);
  const wanted = Math.min(MOST_STEPS, Math.max(1, Number(press.value ?? steps)));
  const read = readPolicy(press.view?.state, steps);
  return {
    is: 'modal',
    view: loading('Approval policy', 'One moment…'),
    later: async () => {
      const form = await formAgain(ask, read);
      const more = Array.from({ length: Math.max(0, wanted - steps) }, () => NEW_POLICY.steps).flat();
      return policyModal({ policyId, form: { ...form, steps: [...form.steps, ...more].slice(0, wanted) }, problem: null });
    },
  };
}

/** What was filled in, as the form shows it again. */
async function formAgain(ask: Ask, read: ReadPolicy): Promise<PolicyForm> {
  const groups = await ask.outside.workspace.groups();
  const organization = read.organization === EVERYWHERE.value ? undefined : await chosenOrganization(ask, read.organization, 'administer');
  return {
    ...read,
    organization: organization === undefined ? EVERYWHERE : { text: organization.name, value: organization.id },
    steps: read.steps.map((step) => ({ ...step, groups: chosenGroups(step.groups, groups) })),
  };
}

function chosenGroups(values: readonly string[], groups: readonly Group[]): readonly Choice[] {
  return groups.filter(({ id }) => values.some((value) => isValueOf(value, id))).map(({ id, name }) => ({ text: name, value: id }));
}

async function submittedPolicy(ask: Ask, form: Form): Promise<Answer> {
  const { policyId, steps } = metadataOf(form.metadata);
  await requirePolicyMaker(ask.outside, ask.actor);
  const read = readPolicy(form.state, steps);
  const { action } = read;
  if (action === null) throw badInput('action', 'Nothing is chosen.', 'Choose what needs approval.');
  const organization = read.organization === EVERYWHERE.value ? null : await chosenOrganization(ask, read.organization, 'administer');
  if (organization === undefined) throw badInput('organization', 'That organization is gone.', 'Choose another one.');
  const draft: PolicyDraft = {
    ...{
      id: policyId,
      action,
      organizationId: organization?.id ?? null,
      from: read.from,
      channelId: read.channelId,
      mayNames: read.mayNames,
      hours: read.hours,
    },
    // A user group's id is short: its option carries it whole.
    steps: read.steps.map(({ people, groups, count }) => ({ approvers: { people, groups }, count })),
  };
  return { is: 'modal', view: loading('Approval policy', 'Asking Slack who is named…'), later: () => saved(ask, policyId, draft, read) };
}

/** Slack is asked after the ack; what it leads to stands in the form, which is as it was filled in. */
async function saved(ask: Ask, policyId: string | null, draft: PolicyDraft, read: ReadPolicy): Promise<ModalView> {
  try {
    return messageAsModal(await applied(ask, draft));
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    return policyModal({ policyId, form: await formAgain(ask, read), problem: problemOf(refusal, ask) });
  }
}

/** Below which field it stands; the sentence without the field's id. */
function problemOf({ reason }: Refusal, ask: Ask): NonNullable<PolicyEdit['problem']> {
  if (reason.is === 'cannot-post') return { field: 'channel', text: refusalLine(reason, ask.outside.settings) };
  if (reason.is !== 'bad-input') return { field: null, text: refusalLine(reason, ask.outside.settings) };
  return { field: reason.field, text: refusalLine({ ...reason, field: null }, ask.outside.settings) };
}

async function applied(ask: Ask, policy: PolicyDraft): Promise<Message> {
  const submitted = await submit(ask.outside, ask.actor, { is: 'edit-policies', change: { is: 'set', policy } }, null);
  return submitted.is === 'done' ? note(submitted.told) : askedMessage(await shownRequest(ask.outside, submitted.request, true));
}

async function typedSet(ask: Ask, words: Words): Promise<Answer> {
  const [typed, ...rest] = words.objects;
  if (typed === undefined && Object.keys(words.options).length === 0) return openPolicy(ask, null);
  if (/^P-\d+$/i.test(typed ?? '') && Object.keys(words.options).length === 0) return openPolicy(ask, (typed ?? '').toUpperCase());
  await requirePolicyMaker(ask.outside, ask.actor);
  const action = APPROVABLE.find((one) => one === typed?.toLowerCase());
  if (action === undefined || rest.length > 0) throw usage(set, words);
  const { from, hours, channel, organization, names } = words.options;
  const channelId = channel === undefined ? null : channelIn(channel);
  if (channel !== undefined && channelId === null)
    throw badInput('channel', `“${channel}” is no channel.`, 'Type channel= and, after a blank, # and its name: channel= #provisioning.');
  const place = organization === undefined ? null : await organizationNamed(ask, organization, 'administer');
  const draft: Omit<PolicyDraft, 'steps'> = {
    ...{ id: null, action, organizationId: place?.id ?? null, channelId, mayNames: /^(yes|true|on)$/i.test(names ?? '') },
    ...{ from: numberIn('from', from ?? '0'), hours: numberIn('hours', hours ?? String(DEFAULT_HOURS)) },
  };
  return {
    is: 'message',
    message: note('Asking Slack who is named…'),
    later: async () => asTyped(applied(ask, { ...draft, steps: stepsIn(words, await ask.outside.workspace.groups()) ?? ANYBODY })),
  };
}

/** A step is a field of the form, and no word that was typed: the sentence says who is meant. */
async function asTyped(saving: Promise<Message>): Promise<Message> {
  try {
    return await saving;
  } catch (refusal) {
    if (!(refusal instanceof Refusal) || refusal.reason.is !== 'bad-input' || !/^step-/.test(refusal.reason.field ?? '')) throw refusal;
    throw new Refusal({ ...refusal.reason, field: null });
  }
}

const ANYBODY: PolicyDraft['steps'] = [{ approvers: { people: [], groups: [] }, count: 1 }];

function metadataOf(from: unknown): z.infer<typeof metadata> {
  const read = metadata.safeParse(from);
  if (!read.success) throw new Refusal({ is: 'changed-meanwhile', what: 'This window' });
  return read.data;
}
