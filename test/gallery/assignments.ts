import type { HistoryEntry } from '../../src/domain/assignments/history.ts';
import type { Estimate } from '../../src/domain/assignments/verbs/estimate.ts';
import type { UnassignPreview } from '../../src/domain/assignments/verbs/unassign-preview.ts';
import type { Assignment } from '../../src/domain/assignments/assignment.ts';
import type { Connector } from '../../src/domain/connectors/connector.ts';
import type { EventType, ProvisioningEvent } from '../../src/domain/sync/event.ts';
import type { Preview } from '../../src/domain/sync/preview.ts';
import { assignModal } from '../../views/assignments/assign-modal.ts';
import { type AssignmentDone, assignedMessage, assignedModal } from '../../views/assignments/assigned.ts';
import { chooseConnectorModal } from '../../views/assignments/choose-modal.ts';
import { HISTORY_PAGE, historyModal } from '../../views/assignments/history-modal.ts';
import { assignmentsModal } from '../../views/assignments/list-modal.ts';
import { NAMES_PAGE, shownOf, unassignedModal, unassignModal } from '../../views/assignments/unassign-modal.ts';
import { anAhead } from './approvals.ts';
import { type Picture, type Size, some, text } from '../gallery.ts';
import { aConnector } from './connectors.ts';
import { aRun } from './sync.ts';

const AT = Date.UTC(2026, 10, 21, 6, 10);
const ZONE = 'Europe/Madrid';
const many = (size: Size): number => (size === 'none' ? 0 : size === 'max' ? 1 : 5110);

/** Active, or in every other state in turn. */
function connector(size: Size, index = 1): Connector {
  return aConnector(size, index);
}

function place(size: Size): AssignmentDone['groupings'][number] {
  return {
    grouping: { id: 'district:1/role/teacher', organizationId: 'district:1', kind: 'role', sourceId: 'teacher', name: text(size, 'Teachers') },
    organization: { id: 'district:1', source: 'district', sourceId: '1', name: text(size, 'North High'), kind: 'school', parentId: null, timeZone: null },
  };
}

function preview(size: Size): Preview {
  const counts = { create: many(size) * 2, adopt: many(size) * 2, update: 0, reactivate: many(size), deactivate: 0, delete: 0, frozen: many(size) };
  const none: readonly string[] = [];
  const names = { create: none, adopt: none, update: none, reactivate: none, deactivate: none, delete: none, frozen: none };
  return {
    ...{
      connectorId: 'zoom',
      counts,
      unchanged: 0,
      names,
      requests: 0,
      seconds: null,
      held: { removals: 0, accounts: 0 },
      protected: { count: 0, names: none },
    },
    seats: { total: size === 'none' ? null : 500, before: 412, after: 430 },
    unlisted: size === 'more' ? 'The target was not listed yet.' : null,
  };
}

/** The numbers of an assignment: nothing, some of each with seats left, and a great many with too few seats before the first listing. */
export function anEstimate(size: Size): Estimate {
  const each = many(size);
  return {
    ...{ connectorId: 'zoom', people: each * 6, assigned: each, holding: each, create: each, adopt: each, reactivate: each, frozen: each },
    listed: size !== 'more',
    nextRun: preview(size),
    seatsLeft: size === 'none' ? null : size === 'max' ? 70 : -20,
  };
}

function assignment(size: Size, index: number): Assignment {
  const about = { connectorId: 'zoom-1', organizationId: index % 2 === 0 ? 'district:1' : 'district:2', groupingId: `g${index}` };
  return {
    ...about,
    id: `zoom-1/${index}`,
    by: 'U0ANA',
    why: index % 2 === 0 ? null : text(size, 'new school year'),
    requestedAt: AT,
    effectiveAt: AT,
    ended: null,
  };
}

/** Nobody, one page, or many pages of people who lose their account. */
export function unassigning(size: Size): UnassignPreview {
  return {
    assignment: assignment(size, 1),
    connector: connector(size),
    grouping: text(size, 'Teachers'),
    organization: text(size, 'North High'),
    losing: some(size, NAMES_PAGE, (index) => `district:${index}`),
    agreed: 'f'.repeat(22),
    staying: many(size),
    protected: many(size),
    without: many(size),
  };
}

const EVENTS: readonly EventType[] = ['user_create_provision', 'user_deprovision', 'user_lookup_provision', 'group_update_provision'];

function entry(size: Size, index: number): HistoryEntry {
  const row = {
    ...{ id: `a${index}`, at: AT, by: index % 2 === 0 ? 'schedule' : 'U0ANA', way: 'command' as const, action: 'assignments.assign', connectorId: 'zoom' },
    ...{ subject: null, summary: text(size, 'assigned Zoom to Teachers'), before: null, after: null },
  };
  const kinds = ['assignment', 'setting', 'run', 'event'] as const;
  const kind = kinds[index % kinds.length] ?? 'setting';
  if (kind === 'run') return { is: 'run', row, run: index % 8 === 2 ? null : aRun(size, index) };
  return kind === 'event' ? { is: 'event', event: event(size, index) } : { is: kind, row };
}

function event(size: Size, index: number): ProvisioningEvent {
  return {
    ...{
      id: `e${index}`,
      at: AT,
      type: EVENTS[(index >> 2) % EVENTS.length] ?? 'user_create_provision',
      runId: 'R-1',
      connectorId: 'zoom',
      application: 'Zoom',
    },
    ...{ organizationId: 'district:1', by: 'schedule', subjectId: `district:${index}`, subjectName: text(size, 'Lee Okafor'), targetId: null },
    ...{
      success: index % 8 === 3,
      errorCode: null,
      errorMessage: text(size, 'email domain not verified'),
      httpStatus: 400,
      attempts: 1,
      cause: null,
      changes: [],
    },
  };
}

export const done = (size: Size, index = 1): AssignmentDone => ({
  connector: connector(size, index),
  groupings: [place(size), ...some(size, 10, () => place(size))],
  already: some(size, 3, () => place(size)),
  nextRun: size === 'none' ? null : AT,
  timeZone: ZONE,
  mayEnable: size !== 'none',
  preview: size === 'none' ? null : preview(size),
});

const choice = (size: Size, index = 0) => ({
  text: text(size, 'Teachers (North High)'),
  value: `district:1/role/${index}${'x'.repeat(size === 'more' ? 200 : 0)}`,
});

export const assignmentsGallery: readonly Picture[] = [
  { name: 'assignments/choose-modal', surface: 'modal', render: () => chooseConnectorModal() },
  {
    name: 'assignments/assign-modal',
    surface: 'modal',
    render: (size) =>
      assignModal({
        connector: connector(size),
        organization: size === 'none' ? null : choice(size),
        chosen: some(size, 33, (index) => choice(size, index)).slice(0, 50),
        numbers: size === 'none' ? { are: 'none' } : { are: 'known', estimate: anEstimate(size), ahead: size === 'more' ? anAhead(size) : null },
      }),
  },
  {
    name: 'assignments/assign-modal counting',
    surface: 'modal',
    render: (size) => assignModal({ connector: connector(size), organization: choice(size), chosen: [choice(size)], numbers: { are: 'counting' } }),
  },
  { name: 'assignments/assigned-modal', surface: 'modal', render: (size) => assignedModal(done(size)) },
  { name: 'assignments/assigned-message', surface: 'message', render: (size) => assignedMessage(done(size)) },
  { name: 'assignments/assigned-message disabled', surface: 'message', render: (size) => assignedMessage(done(size, 2)) },
  {
    name: 'assignments/list-modal',
    surface: 'modal',
    render: (size) =>
      assignmentsModal({
        row: {
          connector: connector(size),
          whole: size !== 'more',
          total: { have: 412, of: 430 },
          parts: some(size, 10, (index) => ({
            ...{
              assignment: assignment(size, index),
              grouping: text(size, 'Teachers'),
              kind: 'role',
              organization: text(size, 'North High'),
              have: 96,
              of: 96,
            },
          })),
        },
        page: 2,
        mayEnd: (organizationId) => organizationId === 'district:1',
        mayAssign: size !== 'none',
        timeZone: ZONE,
        names: () => text(size, 'Ana Ruiz'),
      }),
  },
  {
    name: 'assignments/unassign-modal',
    surface: 'modal',
    render: (size) => {
      const shown = unassigning(size);
      return unassignModal({
        preview: shown,
        page: 2,
        names: shownOf(shown, 2).map(() => text(size, 'Lee Okafor')),
        changed: size === 'more',
        ahead: size === 'none' ? null : anAhead(size),
      });
    },
  },
  {
    name: 'assignments/unassigned-modal',
    surface: 'modal',
    render: (size) => unassignedModal({ preview: unassigning(size), nextRun: AT, timeZone: ZONE, mayEnable: true }),
  },
  {
    name: 'assignments/history-modal',
    surface: 'modal',
    render: (size) =>
      historyModal({
        connector: { id: 'zoom', name: text(size, 'Zoom').slice(0, 60) },
        entries: some(size, HISTORY_PAGE, (index) => entry(size, index)).slice(0, HISTORY_PAGE * 2),
        filter: { personId: size === 'none' ? null : `district:${'9'.repeat(size === 'more' ? 200 : 1)}`, outcome: 'failed', kind: 'events' },
        person: size === 'max' ? text(size, 'Lee Okafor') : null,
        next: size === 'none' ? null : { audit: 70, event: 12_000_000 },
        first: size === 'none',
        timeZone: ZONE,
        names: () => text(size, 'Ana Ruiz'),
      }),
  },
];
