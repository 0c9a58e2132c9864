import { APPROVABLE, type Policy } from '../../src/domain/approvals/policy.ts';
import type { ApprovalRequest, RequestState } from '../../src/domain/approvals/request.ts';
import type { ApprovalModel } from '../../src/domain/approvals/verbs/model.ts';
import type { Ahead } from '../../views/approvals/ahead.ts';
import { answeredMessage } from '../../views/approvals/answered-message.ts';
import { askedMessage, askedModal } from '../../views/approvals/asked.ts';
import { delegateModal } from '../../views/approvals/delegate-modal.ts';
import { denyModal } from '../../views/approvals/deny-modal.ts';
import { inboxModal, TABS } from '../../views/approvals/inbox-modal.ts';
import { policiesModal } from '../../views/approvals/policies-modal.ts';
import { formOf, NEW_POLICY, policyModal } from '../../views/approvals/policy-modal.ts';
import { requestCard } from '../../views/approvals/request-card.ts';
import { requestModal } from '../../views/approvals/request-modal.ts';
import { md } from '../../views/mrkdwn.ts';
import { type Picture, type Size, some, text } from '../gallery.ts';

const AT = Date.UTC(2026, 10, 21, 6, 10);

/** How a request can stand. */
function states(size: Size): readonly RequestState[] {
  return [
    { is: 'open' },
    { is: 'approved', at: AT + 180_000, taken: AT + 180_000 },
    { is: 'done', at: AT + 180_000, result: text(size, 'Box is disconnected.') },
    { is: 'failed', at: AT + 180_000, because: text(size, 'Box was disconnected meanwhile.') },
    { is: 'denied', at: AT + 180_000, by: 'U0SAM', reason: text(size, 'The contract was renewed.') },
    { is: 'expired', at: AT + 259_200_000 },
    { is: 'withdrawn', at: AT + 60_000, by: 'U0ANA' },
    { is: 'closed', at: AT + 60_000, because: text(size, 'Box was disconnected.') },
  ];
}

const STEP_COUNT = { none: 1, max: 3, more: 3 } as const;

/** A request of any action and state, as long as the size asks for. */
export function aRequest(size: Size, index: number, state: RequestState): ApprovalRequest {
  const action = APPROVABLE[index % APPROVABLE.length] ?? 'assign';
  const people = some(size, 6, (at) => `U0APPROVER${at}`);
  return {
    ...{ id: `Q-${index + 1}`, action, effect: { is: 'disconnect', connectorId: 'box' }, by: { teamId: 'T1', userId: 'U0ANA', way: 'command' } },
    described: {
      title: text(size, 'disconnect Box'),
      lines: some(size, 8, () => text(size, '1,204 accounts in Box stay as they are.')),
      ...{ size: 1204, organizationId: null, connectorId: 'box' },
    },
    ...{ why: size === 'none' ? null : text(size, 'contract ends 30 Nov'), askedAt: AT, expiresAt: AT + 259_200_000, policyId: 'P-1' },
    steps: Array.from({ length: STEP_COUNT[size] }, () => ({ approvers: { people, groups: size === 'none' ? [] : ['S0ITLEADS'] }, count: 2 })),
    decisions: some(size, 2, (at) => ({ userId: `U0APPROVER${at}`, insteadOf: at % 2 === 0 ? null : 'U0SAM', at: AT + 60_000, step: Math.min(2, at) })),
    ...{ aloneUntil: size === 'max' ? AT + 86_400_000 : null, remindedAt: null, singlePerson: size === 'more' ? text(size, 'nobody else is here') : null },
    ...{ state, cards: [] },
  };
}

const names =
  (size: Size) =>
  (id: string): string =>
    text(size, id).slice(0, 120);

function shownRequest(size: Size, index: number, state: RequestState, mayName: boolean): ApprovalModel {
  return {
    request: aRequest(size, index, state),
    names: names(size),
    organization: size === 'none' ? null : text(size, 'North High'),
    timeZone: 'Europe/Madrid',
    mayName,
    waitingFor: some(size, 3, (at) => `U0APPROVER${at}`),
    unasked: size === 'more' ? 12 : 0,
  };
}

function aPolicy(size: Size, index: number): Policy {
  const { steps } = aRequest(size, index, { is: 'open' });
  return {
    ...{ id: `P-${index + 1}`, action: APPROVABLE[index % APPROVABLE.length] ?? 'assign', organizationId: index % 2 === 0 ? null : 'north' },
    ...{ from: index * 50, steps, channelId: index % 2 === 0 ? 'C0ITLEADS' : null, hours: 72, by: 'U0ANA', at: AT },
  };
}

/** The approval that a form says beforehand. */
export function anAhead(size: Size): Ahead {
  const { steps } = aRequest(size, 0, { is: 'open' });
  return { terms: { policyId: 'P-1', steps, hours: 72, channelId: null }, from: 100, organization: text(size, 'North High'), names: names(size) };
}

const policyRow = (size: Size, index: number) => ({ policy: aPolicy(size, index), organization: index % 2 === 0 ? null : text(size, 'North High') });

const cards: readonly Picture[] = states('none').flatMap(({ is }, index) =>
  [true, false].flatMap((mayName): Picture[] => {
    const shown = (size: Size): ApprovalModel => shownRequest(size, index, states(size)[index] ?? { is: 'open' }, mayName);
    return [
      { name: `approvals/request-card ${is}${mayName ? '' : ' where guests read'}`, surface: 'message', render: (size) => requestCard(shown(size)) },
      {
        name: `approvals/request-modal ${is}${mayName ? '' : ' without names'}`,
        surface: 'modal',
        render: (size) =>
          requestModal({
            shown: shown(size),
            decidable: is === 'open',
            withdrawable: is === 'open',
            news: size === 'none' ? null : md`${text(size, 'Approved')}`,
          }),
      },
    ];
  }),
);

export const approvalsGallery: readonly Picture[] = [
  ...cards,
  ...states('none').map(
    ({ is }, index): Picture => ({
      name: `approvals/answered-message ${is}`,
      surface: 'message',
      render: (size) => answeredMessage(aRequest(size, index, states(size)[index] ?? { is: 'open' })),
    }),
  ),
  { name: 'approvals/asked-message', surface: 'message', render: (size) => askedMessage(shownRequest(size, 2, { is: 'open' }, true)) },
  { name: 'approvals/asked-modal', surface: 'modal', render: (size) => askedModal(shownRequest(size, 2, { is: 'open' }, true)) },
  { name: 'approvals/deny-modal', surface: 'modal', render: (size) => denyModal(shownRequest(size, 2, { is: 'open' }, true)) },
  ...TABS.map(
    (tab): Picture => ({
      name: `approvals/inbox-modal ${tab}`,
      surface: 'modal',
      render: (size) => {
        const list = some(size, 10, (index) => aRequest(size, index, states(size)[index % 8] ?? { is: 'open' }));
        const lists = { waiting: list, asked: list, decided: list };
        return inboxModal({ lists, tab, page: 2, names: names(size), timeZone: 'Europe/Madrid', policies: size !== 'none' });
      },
    }),
  ),
  {
    name: 'approvals/policies-modal',
    surface: 'modal',
    render: (size) => policiesModal({ rows: some(size, 10, (index) => policyRow(size, index)), page: 2, names: names(size), editable: size !== 'none' }),
  },
  {
    name: 'approvals/policy-modal',
    surface: 'modal',
    render: (size) =>
      policyModal({
        policyId: size === 'none' ? null : 'P-7',
        form: size === 'none' ? NEW_POLICY : formOf(aPolicy(size, 1), names(size)),
        problem: size === 'none' ? null : { field: size === 'max' ? 'step-2' : null, text: md`${text(size, 'Usher is not in that channel.')}` },
      }),
  },
  {
    name: 'approvals/delegate-modal',
    surface: 'modal',
    render: (size) =>
      delegateModal({
        delegation: size === 'none' ? null : { userId: 'U0ANA', to: 'U0SAM', from: AT, until: AT + 86_400_000, by: 'U0ANA' },
        names: names(size),
        timeZone: 'Europe/Madrid',
      }),
  },
];
