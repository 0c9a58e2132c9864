import { expect, it } from 'vitest';
import { APPROVABLE } from '../../src/domain/approvals/policy.ts';
import type { Effect, RequestState } from '../../src/domain/approvals/request.ts';
import type { ApprovalModel } from '../../src/domain/approvals/verbs/model.ts';
import { readPolicy } from '../../views/approvals/policy-modal.ts';
import { requestCard } from '../../views/approvals/request-card.ts';
import { aRequest } from '../gallery/approvals.ts';

const NAMES: Readonly<Record<string, string>> = { U0ANA: 'Ana Ruiz', U0SAM: 'Sam O’Neil', S0ITLEADS: '@it-leads' };
const AT = Date.UTC(2026, 10, 21, 6, 10);
const PROTECT: Effect = { is: 'edit-protected', change: { is: 'unprotect', id: 'csv:lee', why: 'Lee left' } };

function shown(state: RequestState, of: Partial<ApprovalModel['request']> = {}, mayName = true): string {
  const request = { ...aRequest('none', 2, state), steps: [{ approvers: { people: [], groups: ['S0ITLEADS'] }, count: 1 }], ...of };
  const model: ApprovalModel = {
    ...{ request, names: (id: string) => NAMES[id] ?? id, organization: null, timeZone: 'Europe/Madrid', mayName, waitingFor: [], unasked: 0 },
  };
  return JSON.stringify(requestCard(model));
}

const OVER: readonly RequestState[] = [
  { is: 'approved', at: AT, taken: AT },
  { is: 'done', at: AT, result: 'Box is disconnected.' },
  { is: 'failed', at: AT, because: 'Box was disconnected by then.' },
  { is: 'denied', at: AT, by: 'U0SAM', reason: 'not now' },
  { is: 'expired', at: AT },
  { is: 'withdrawn', at: AT, by: 'U0ANA' },
  { is: 'closed', at: AT, because: 'The connector was deleted.' },
];

it('P2 tells who asks for what, until when, and who is needed, and each button says what it does', () => {
  const card = shown({ is: 'open' }, { why: 'contract ends' });
  expect(card).toContain('*Ana Ruiz* asks to *disconnect Box* · expires <!date^');
  expect(card).toContain('Why: “contract ends”');
  expect(card).toContain('needs 1 of: @it-leads, not Ana Ruiz');
  expect(card).toContain('"Approve: disconnect Box"');
  expect(card).toContain('"Deny…"');
});

it('P2 has no button in any state but the open one', () => {
  for (const state of OVER) expect(shown(state), state.is).not.toContain('"button"');
});

it('P2 tells who decided, how long it took, and what came of it', () => {
  const decisions = [{ userId: 'U0SAM', insteadOf: null, at: AT + 180_000, step: 0 }];
  expect(shown({ is: 'done', at: AT, result: 'Box is disconnected.' }, { decisions })).toContain('Approved by Sam O’Neil, 3 min later.');
  expect(shown({ is: 'done', at: AT, result: 'Box is disconnected.' }, { decisions })).toContain('Done: Box is disconnected.');
  expect(shown({ is: 'denied', at: AT + 180_000, by: 'U0SAM', reason: 'not now' })).toContain('Denied by Sam O’Neil, 3 min later: “not now”');
  expect(shown({ is: 'expired', at: AT })).toContain('not applied. 0 of 1 approval had come.');
});

it('R3 names nobody of the directory where guests read along, in no state', () => {
  const described = { title: 'take Lee Okafor off', lines: ['Lee Okafor can lose accounts.'], size: 1, organizationId: null, connectorId: null };
  for (const state of [{ is: 'open' } as const, ...OVER]) {
    const card = shown(state, { effect: PROTECT, action: 'edit-protected', described, why: 'Lee left' }, false);
    expect(card, state.is).not.toContain('Lee');
    expect(card, state.is).toContain('edit the list of protected people');
  }
});

it('P1 reads a policy back as it was filled in', () => {
  const state = {
    action: { action: { selected_option: { value: APPROVABLE[2] } } },
    from: { from: { value: '100' } },
    organization: { 'approvals.organization': { selected_option: { value: 'north' } } },
    people1: { people1: { selected_users: ['U0SAM'] } },
    groups2: { 'approvals.groups:2': { selected_options: [{ value: 'S0ITLEADS' }] } },
    count2: { count2: { value: '2' } },
    channel: { channel: { selected_conversation: 'C0ITLEADS' } },
    hours: { hours: { value: '24' } },
  };
  expect(readPolicy(state, 2)).toEqual({
    ...{ action: 'disconnect', from: 100, organization: 'north', channelId: 'C0ITLEADS', mayNames: false, hours: 24 },
    steps: [
      { people: ['U0SAM'], groups: [], count: 1 },
      { people: [], groups: ['S0ITLEADS'], count: 2 },
    ],
  });
});
