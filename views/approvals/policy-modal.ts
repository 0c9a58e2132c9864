import { APPROVABLE, type Approvable, DEFAULT_HOURS, type Policy } from '../../src/domain/approvals/policy.ts';
import {
  actions,
  type Blocks,
  button,
  checkboxes,
  type Choice,
  conversationsSelect,
  externalSelect,
  header,
  input,
  type ModalView,
  modal,
  multiExternalSelect,
  multiUsersSelect,
  numberInput,
  section,
  staticSelect,
} from '../blocks.ts';
import { actionId, optionValue } from '../ids.ts';
import { bold, md, type Mrkdwn } from '../mrkdwn.ts';
import { SIGNS } from '../signs.ts';
import { readChannel, readNumber, readOption, readOptions, readUsers } from '../state.ts';
import { ACTION_WORDS } from './action-words.ts';

/** Steps that a policy can have. */
export const MOST_STEPS = 3;
/** Approvers of one kind in one step. */
const MOST_NAMED = 50;

/** The option that stands for the whole installation. */
export const EVERYWHERE: Choice = { text: 'Everywhere', value: '*' };

/** One step as it is filled in; groups as options. */
export interface StepForm {
  readonly people: readonly string[];
  readonly groups: readonly Choice[];
  readonly count: number;
}

/** A policy as it is filled in. */
export interface PolicyForm {
  readonly action: Approvable | null;
  readonly organization: Choice;
  readonly from: number;
  readonly steps: readonly StepForm[];
  readonly channelId: string | null;
  /** Cards in the channel may hold names (R3). */
  readonly mayNames: boolean;
  readonly hours: number;
}

export interface PolicyEdit {
  /** Null for a new one. */
  readonly policyId: string | null;
  readonly form: PolicyForm;
  /** Why it was refused after Slack was asked, and how to mend it; below the field that it is about, on top where it is about none of them. */
  readonly problem: { readonly field: string | null; readonly text: Mrkdwn } | null;
}

/** What travels with the modal. */
export interface PolicyMetadata {
  readonly policyId: string | null;
  readonly steps: number;
}

export const NEW_POLICY: PolicyForm = {
  action: null,
  organization: EVERYWHERE,
  from: 0,
  steps: [{ people: [], groups: [], count: 1 }],
  channelId: null,
  mayNames: false,
  hours: DEFAULT_HOURS,
};

/** A stored policy as the form shows it. `names` gives plain names of organizations and user groups. */
export function formOf(policy: Policy, names: (id: string) => string): PolicyForm {
  const { action, organizationId, from, steps, channelId, mayNames, hours } = policy;
  return {
    ...{ action, from, channelId, mayNames: mayNames ?? false, hours },
    organization: organizationId === null ? EVERYWHERE : { text: names(organizationId), value: organizationId },
    steps: steps.map(({ approvers, count }) => ({ people: approvers.people, groups: approvers.groups.map((id) => ({ text: names(id), value: id })), count })),
  };
}

/** Which action, from which size, who approves in which order, where and until when (P1). */
export function policyModal({ policyId, form, problem }: PolicyEdit): ModalView {
  const metadata: PolicyMetadata = { policyId, steps: form.steps.length };
  const fields: readonly (readonly [field: string, blocks: Blocks])[] = [
    ['action', [actionInput(form)]],
    ['from', [input('From how many people', numberInput({ action: 'from', min: 0, max: 10_000_000, initial: form.from }), { hint: '0: always.' })]],
    ['organization', [organizationInput(form)]],
    ...form.steps.map((step, index) => [`step-${index + 1}`, stepBlocks(step, index, form.steps.length)] as const),
    ['steps', []],
    ['channel', channelInputs(form)],
    ['hours', [hoursInput(form)]],
  ];
  const known = fields.some(([field]) => field === problem?.field);
  const told = (field: string): ReturnType<typeof section> | null => (problem?.field === field ? section(md`${SIGNS.failing.sign} ${problem.text}`) : null);
  return modal({
    callbackId: 'approvals.policy',
    title: policyId === null ? 'New approval policy' : `Policy ${policyId}`,
    submit: 'Save',
    metadata,
    blocks: [
      problem !== null && section(known ? md`${bold('Not saved.')} What is wrong stands below its field.` : md`${bold('Not saved.')} ${problem.text}`),
      ...fields.flatMap(([field, blocks]) => [...blocks, told(field)]),
      policyButtons(policyId, form),
    ],
  });
}

function actionInput({ action }: PolicyForm): ReturnType<typeof input> {
  const choices = APPROVABLE.map((one) => ({ text: ACTION_WORDS[one].name, value: one }));
  return input('What needs approval', staticSelect({ action: 'action', placeholder: 'Choose', choices, initial: action }));
}

function organizationInput({ organization }: PolicyForm): ReturnType<typeof input> {
  return input('Organization', externalSelect({ action: 'approvals.organization', placeholder: 'Type a name', initial: organization }), {
    blockId: 'organization',
    hint: 'It holds there and below.',
  });
}

function channelInputs({ channelId, mayNames }: PolicyForm): Blocks {
  return [
    input('Channel for the card', conversationsSelect({ action: 'channel', placeholder: 'Direct messages of the approvers', initial: channelId }), {
      optional: true,
      hint: 'Usher must be in it. Without one each approver is asked by direct message.',
    }),
    input(
      'Names',
      checkboxes({
        action: 'names',
        choices: [{ value: 'may', text: 'This channel may see names', description: 'Never where guests or other workspaces read along' }],
        initial: mayNames ? ['may'] : [],
      }),
      { optional: true },
    ),
  ];
}

function hoursInput({ hours }: PolicyForm): ReturnType<typeof input> {
  return input('Expires after hours', numberInput({ action: 'hours', min: 1, max: 720, initial: hours }), {
    hint: 'Then it is not applied. 72 is three days.',
  });
}

function policyButtons(policyId: string | null, { steps }: PolicyForm): ReturnType<typeof actions> {
  return actions([
    steps.length < MOST_STEPS && button({ text: 'Add a step', action: 'approvals.steps', value: String(steps.length + 1) }),
    steps.length > 1 && button({ text: 'Remove the last step', action: 'approvals.steps', value: String(steps.length - 1) }),
    policyId !== null &&
      button({
        text: 'Remove policy…',
        action: 'approvals.unset',
        value: policyId,
        confirm: {
          title: `Remove policy ${policyId}?`,
          text: md`What it covers is done at once from then on, unless another policy fits. Requests that are open go on.`,
          confirm: 'Remove it',
          deny: 'Keep it',
          style: 'danger',
        },
      }),
    button({ text: '‹ Policies', action: 'approvals.policies' }),
  ]);
}

function stepBlocks(step: StepForm, index: number, of: number): Blocks {
  const number = index + 1;
  const who = of === 1 ? 'Approvers' : `Approvers of step ${number}`;
  return [
    of > 1 && header(`Step ${number} of ${of}`),
    input(`${who}: people`, multiUsersSelect({ action: `people${number}`, placeholder: 'Nobody in particular', initial: step.people, most: MOST_NAMED }), {
      optional: true,
    }),
    input(
      `${who}: user groups`,
      multiExternalSelect({ action: actionId('approvals.groups', String(number)), placeholder: 'No user group', initial: step.groups, most: MOST_NAMED }),
      { blockId: `groups${number}`, optional: true, hint: 'With nobody named, whoever may approve there decides.' },
    ),
    input('How many of them', numberInput({ action: `count${number}`, min: 1, max: 20, initial: step.count })),
  ];
}

/** What is filled in; groups and organization are option values. */
export interface ReadPolicy {
  readonly action: Approvable | null;
  readonly organization: string;
  readonly from: number;
  readonly steps: readonly { readonly people: readonly string[]; readonly groups: readonly string[]; readonly count: number }[];
  readonly channelId: string | null;
  /** Cards in the channel may hold names (R3). */
  readonly mayNames: boolean;
  readonly hours: number;
}

export function readPolicy(state: unknown, steps: number): ReadPolicy {
  const chosen = readOption(state, 'action');
  return {
    action: APPROVABLE.find((action) => chosen === optionValue(action)) ?? null,
    organization: readOption(state, 'organization', 'approvals.organization') ?? EVERYWHERE.value,
    from: readNumber(state, 'from') ?? 0,
    steps: Array.from({ length: steps }, (_, index) => {
      const number = index + 1;
      return {
        people: readUsers(state, `people${number}`),
        groups: readOptions(state, `groups${number}`, actionId('approvals.groups', String(number))),
        count: readNumber(state, `count${number}`) ?? 1,
      };
    }),
    channelId: readChannel(state, 'channel'),
    mayNames: readOptions(state, 'names').includes('may'),
    hours: readNumber(state, 'hours') ?? DEFAULT_HOURS,
  };
}
