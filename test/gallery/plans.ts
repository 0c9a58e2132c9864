import type { PlanState, StoredPlan } from '../../src/domain/plans/plan.ts';
import type { PlanModel } from '../../src/domain/plans/verbs/model.ts';
import { planMessage } from '../../views/plans/plan-card.ts';
import { unmanagedModal } from '../../views/plans/unmanaged-modal.ts';
import { type Picture, type Size, some, text } from '../gallery.ts';
import { aConnector } from './connectors.ts';
import { aRun } from './sync.ts';

const AT = Date.UTC(2026, 10, 21, 6, 10);
const PUT_OFF: PlanState = { is: 'canary-done', runId: 'R-4', applied: 5, putOff: 2 };
const STATES: readonly PlanState[] = [
  { is: 'making' },
  { is: 'open' },
  { is: 'applying', runId: 'R-2', first: 5 },
  { is: 'canary-done', runId: 'R-4', applied: 5 },
  { is: 'applied', at: AT, runId: 'R-4' },
  { is: 'cancelled', at: AT, by: 'U0ANA' },
  { is: 'expired', at: AT },
  { is: 'voided', at: AT, because: text('max', 'L-7 is void.') },
];

function aPlan(size: Size, state: PlanState, origin: StoredPlan['origin']): StoredPlan {
  const many = size === 'none' ? 0 : size === 'max' ? 10 : 5110;
  return {
    ...{ id: 'L-7', connectorId: 'zoom-0', origin, scope: { is: 'all' }, by: 'U0ANA', madeAt: AT, validUntil: AT + 86_400_000, hash: 'h' },
    counts: { create: many, adopt: many, update: many, reactivate: many, deactivate: many, delete: many, frozen: many },
    unchanged: many,
    seconds: size === 'none' ? null : 34,
    seats: { total: size === 'none' ? null : 500, before: 0, after: many },
    accounts: many,
    risky: some(size, 10, (index) => ({ personId: `district:${index}`, name: text(size, 'Lee Okafor'), why: 'loses the last assignment' })).slice(0, 10),
    ...{ state, requestId: null, cardId: 'plan/L-7' },
  };
}

function aModel(size: Size, index: number, origin: StoredPlan['origin'] = { is: 'sync' }): PlanModel {
  const shown = STATES[index] ?? { is: 'open' };
  const state = size === 'more' && shown.is === 'canary-done' ? PUT_OFF : shown;
  return {
    plan: aPlan(size, state, origin),
    connector: { id: 'zoom-0', name: text(size, 'Zoom').slice(0, 60) },
    by: size === 'none' ? null : text(size, 'Ana'),
    groups: size !== 'none',
    overFuse: size !== 'none',
    run:
      'runId' in state && size !== 'none'
        ? { run: aRun(size, index === 2 ? 1 : 3), by: text(size, 'Ana'), task: { id: 'T-1042', number: 1042, people: 320 } }
        : null,
    waits: size === 'more' ? 'Q-3' : null,
    turnedDown: size === 'none' ? null : { requestId: 'Q-2', how: `was denied by ${text(size, 'Sam')}` },
    freeze: size === 'none' ? null : { name: text(size, 'Exams'), until: AT },
    ...{ timeZone: 'Europe/Madrid', now: AT + 20_000, mayName: size !== 'max' },
  };
}

export const plansGallery: readonly Picture[] = [
  ...STATES.map((state, index): Picture => ({ name: `plans/plan-card ${state.is}`, surface: 'message', render: (size) => planMessage(aModel(size, index)) })),
  { name: 'plans/plan-card first-adoption', surface: 'message', render: (size) => planMessage(aModel(size, 1, { is: 'first-adoption' })) },
  { name: 'plans/plan-card undo', surface: 'message', render: (size) => planMessage(aModel(size, 1, { is: 'undo', runId: 'R-3' })) },
  {
    name: 'plans/unmanaged-modal',
    surface: 'modal',
    render: (size) => {
      const accounts = some(size, 10, (index) => ({
        ...{ connectorId: 'zoom-0', targetId: text(size, `t${index}`), externalId: null },
        ...{ match: index % 2 === 0 ? text(size, 'lee.okafor') : null, active: index % 3 === 0 },
      })).slice(0, 10);
      const connector = aConnector(size, 1);
      return unmanagedModal({ connector, total: accounts.length, accounts, next: size === 'more' ? 't10' : null }, size !== 'more', 'Europe/Madrid');
    },
  },
];
