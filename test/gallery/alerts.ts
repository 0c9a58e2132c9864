import { type Alert, CONDITIONS, type Condition } from '../../src/domain/alerts/alert.ts';
import type { AlertModel } from '../../src/domain/alerts/verbs/model.ts';
import type { SubscriptionRow } from '../../src/domain/alerts/verbs/subscriptions.ts';
import { alertMessage, escalationMessage } from '../../views/alerts/alert-card.ts';
import { subscribeModal } from '../../views/alerts/subscribe-modal.ts';
import { connectorAlertsModal, subscriptionsMessage } from '../../views/alerts/subscriptions.ts';
import { md } from '../../views/mrkdwn.ts';
import { aHoldModel } from './holds.ts';
import { type Picture, type Size, some, text } from '../gallery.ts';
import { aRun } from './sync.ts';

const AT = Date.UTC(2026, 10, 21, 6, 10);
const OPEN: Alert['state'] = { is: 'open', since: AT, escalated: null };
const STATES: readonly Alert['state'][] = [
  { is: 'open', since: AT, escalated: AT + 60_000 },
  { is: 'acknowledged', by: 'U0ANA', at: AT },
  { is: 'snoozed', by: 'U0ANA', until: AT + 3_600_000, escalated: null },
  { is: 'superseded', at: AT, by: 'A-8' },
  { is: 'recovered', at: AT + 5_400_000 },
  { is: 'closed', at: AT, because: 'The connector was disabled.' },
];

/** An alert of any condition and state, with as many causes as the size asks for. */
function anAlert(size: Size, condition: Condition, state: Alert['state']): AlertModel {
  const { counts, held } = aRun(size);
  const causes = some(size, 3, () => ({ count: 11, status: 400, words: text(size, 'email domain not verified') }));
  return {
    alert: {
      ...{ id: 'A-7', connectorId: 'zoom-0', channelId: 'C0OPS', condition, runId: 'R-40', since: AT, raisedAt: AT, lastAt: AT },
      times: size === 'none' ? 1 : 3,
      affected: { now: counts.failed, before: size === 'more' ? 11 : null },
      seats: condition === 'low-seats' && size !== 'none' ? { free: size === 'max' ? 12 : -3, total: 500 } : null,
      state,
    },
    connector: connector(size),
    run: size === 'none' ? null : { id: 'R-40', by: 'schedule', counts, held },
    causes: [...causes.slice(0, 3), ...(size === 'more' ? [{ count: 2, status: null, words: null }] : [])],
    moreCauses: size === 'more' ? 17 : 0,
    detail: size === 'none' ? null : text(size, 'The token is not valid.'),
    escalation: size === 'none' ? null : { to: size === 'max' ? 'U0SAM' : 'C0SECOND', afterMinutes: 30 },
    hold: condition === 'fuse' && size !== 'none' ? aHoldModel(size) : null,
    timeZone: 'Europe/Madrid',
  };
}

function connector(size: Size): { readonly id: string; readonly name: string } {
  return { id: 'zoom-0', name: text(size, 'Zoom').slice(0, 60) };
}

function aRow(size: Size, index: number): SubscriptionRow {
  return {
    subscription: {
      ...{ channelId: `C0OPS${index}`, connectorId: index % 2 === 0 ? 'zoom-0' : null, conditions: [...CONDITIONS] },
      ...{ teamId: 'T1', by: 'U0ANA', at: AT, mayNames: index % 3 === 0 },
      escalation: index % 2 === 0 ? null : { to: index % 3 === 0 ? 'U0SAM' : 'C0SECOND', afterMinutes: 30 },
    },
    connector: index % 2 === 0 ? connector(size) : null,
    mayEnd: index % 4 !== 3,
  };
}

const rows = (size: Size): readonly SubscriptionRow[] => some(size, 10, (index) => aRow(size, index));
const names = (size: Size) => (): string => text(size, 'Ana');

/** Each condition open, and one in each state. */
const SHOWN: readonly (readonly [Condition, Alert['state']])[] = [
  ...CONDITIONS.map((condition) => [condition, OPEN] as const),
  ...STATES.map((state) => ['failure', state] as const),
];

export const alertsGallery: readonly Picture[] = [
  ...SHOWN.flatMap(([condition, state], index): Picture[] => [
    { name: `alerts/alert-card ${condition} ${state.is} ${index}`, surface: 'message', render: (size) => alertMessage(anAlert(size, condition, state)) },
    { name: `alerts/escalation ${condition} ${state.is} ${index}`, surface: 'message', render: (size) => escalationMessage(anAlert(size, condition, state)) },
  ]),
  { name: 'alerts/subscriptions-message', surface: 'message', render: (size) => subscriptionsMessage(rows(size), 2, names(size), size !== 'none') },
  { name: 'alerts/connector-modal', surface: 'modal', render: (size) => connectorAlertsModal(connector(size), rows(size), 2, names(size)) },
  {
    name: 'alerts/subscribe-modal',
    surface: 'modal',
    render: (size) =>
      subscribeModal({
        connector: size === 'none' ? null : connector(size),
        wish: size === 'none' ? {} : { channelId: 'C0OPS', conditions: CONDITIONS, escalation: aRow(size, 1).subscription.escalation, mayNames: true },
        problem: size === 'none' ? null : md`${text(size, 'Usher is not in that channel.')}`,
      }),
  },
];
