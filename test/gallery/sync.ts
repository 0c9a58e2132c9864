import type { ProvisioningEvent } from '../../src/domain/sync/event.ts';
import type { Preview } from '../../src/domain/sync/preview.ts';
import { NO_COUNTS, type Run, type RunState } from '../../src/domain/sync/run.ts';
import { chooseMessage } from '../../views/sync/choose-message.ts';
import { runHistoryModal } from '../../views/sync/history-modal.ts';
import { previewMessage } from '../../views/sync/preview-message.ts';
import { runMessage } from '../../views/sync/run-card.ts';
import { frozenModal, runModal } from '../../views/sync/run-modal.ts';
import { type Picture, type Size, some, text } from '../gallery.ts';
import { aConnector } from './connectors.ts';

const AT = Date.UTC(2026, 10, 21, 6, 10);
const ENDINGS = ['completed', 'cancelled', 'held', 'disconnected', 'credentials', 'failed', 'crashed'] as const;
const STATES: readonly RunState[] = [
  { is: 'queued' },
  { is: 'running' },
  { is: 'paused', by: 'U0ANA' },
  ...ENDINGS.map(
    (ending, index): RunState => ({
      is: 'ended',
      at: AT + 41_000,
      ending,
      result: index === 0 ? 'success' : index < 3 ? 'partial' : 'failure',
      detail: index % 2 === 0 ? null : text('max', 'The token is not valid.'),
    }),
  ),
];

/** A run in any state, with as many causes and frozen people as the size asks for. */
export function aRun(size: Size, index = 0): Run {
  const many = size === 'none' ? 0 : size === 'max' ? 1 : 5110;
  return {
    id: `R-${index + 1}`,
    connectorId: 'zoom-0',
    kind: 'sync',
    scope: { is: 'all' },
    by: index % 2 === 0 ? 'schedule' : 'U0ANA',
    requestedAt: AT,
    startedAt: index === 0 ? null : AT,
    state: STATES[index % STATES.length] ?? { is: 'queued' },
    asked: index === 1 && size === 'more' ? 'cancel' : null,
    total: size === 'none' ? null : many + 100,
    done: many,
    counts:
      size === 'none'
        ? NO_COUNTS
        : { created: many, adopted: many, updated: many, reactivated: many, deactivated: many, deleted: many, failed: many, unchanged: many },
    causes: some(size, 5, (cause) => ({ key: `400-invalid-${cause}`, status: 400, message: text(size, 'email domain not verified'), count: 11 })),
    held: size === 'none' ? null : { removals: 180, accounts: 412 },
    frozen: {
      count: many,
      first: some(size, 16, (person) => ({ personId: `district:${person}`, reason: text(size, 'no user name') })),
      protected: [0, 1, many][index % 3] ?? 0,
    },
  };
}

function anEvent(size: Size, index: number): ProvisioningEvent {
  return {
    id: `e${index}`,
    at: AT,
    type: index % 2 === 0 ? 'user_update_provision' : 'user_create_provision',
    runId: 'R-1',
    connectorId: 'zoom',
    application: 'Zoom',
    organizationId: 'district:1',
    by: 'schedule',
    subjectId: `district:${index}`,
    subjectName: text(size, 'Lee Okafor'),
    targetId: null,
    success: index % 3 !== 0,
    errorCode: null,
    errorMessage: text(size, 'email domain not verified'),
    httpStatus: 400,
    attempts: 2,
    cause: 'c',
    changes: some(size, 3, (change) => ({ attribute: `a${change}`, before: null, after: text(size, 'x') })),
  };
}

function aPreview(size: Size): Preview {
  const many = size === 'none' ? 0 : size === 'max' ? 10 : 5110;
  const each = <T>(value: T) => ({ create: value, adopt: value, update: value, reactivate: value, deactivate: value, delete: value, frozen: value });
  return {
    connectorId: 'zoom',
    counts: each(many),
    unchanged: many,
    names: each(some(size, 10, () => text(size, 'Lee Okafor')).slice(0, 10)),
    requests: many,
    seconds: size === 'none' ? null : 34,
    seats: { total: size === 'none' ? null : 500, before: 0, after: many },
    held: {
      ...{ removals: size === 'none' ? 0 : 180, accounts: 412 },
      ...(size === 'more' ? { by: { is: 'freeze' as const, name: text('more', 'Exams'), until: 0 } } : {}),
    },
    protected: { count: many, names: some(size, 10, () => text(size, 'Lee Okafor')).slice(0, 10) },
    unlisted: size === 'more' ? text(size, 'no answer') : null,
  };
}

function chooseOf(size: Size): ReturnType<typeof chooseMessage> {
  const connectors = some(size, 100, (index) => aConnector(size, index * 4 + 1));
  return chooseMessage(connectors, connectors.slice(0, 5));
}

const CONNECTOR = (size: Size) => ({ id: 'zoom-0', name: text(size, 'Zoom').slice(0, 60) });

export const syncGallery: readonly Picture[] = [
  ...STATES.map(
    (state, index): Picture => ({
      name: `sync/run-card ${state.is === 'ended' ? state.ending : state.is}`,
      surface: 'message',
      render: (size) =>
        runMessage({
          ...{ run: aRun(size, index), connector: CONNECTOR(size), now: AT + 20_000, by: text(size, 'Ana'), mayName: index % 2 === 0 },
          task: size === 'none' ? null : { id: 'T-1042', number: 1042, people: 320 },
        }),
    }),
  ),
  { name: 'sync/preview-message', surface: 'message', render: (size) => previewMessage(aPreview(size), CONNECTOR(size), size !== 'max') },
  { name: 'sync/choose-message', surface: 'message', render: (size) => chooseOf(size) },
  {
    name: 'sync/history-modal',
    surface: 'modal',
    render: (size) =>
      runHistoryModal({
        connector: CONNECTOR(size),
        whole: true,
        runs: some(size, 10, (index) => aRun(size, index)).slice(0, 10),
        next: size === 'more' ? 'R-1' : null,
        first: size !== 'more',
        timeZone: 'Europe/Madrid',
        names: () => text(size, 'Ana'),
      }),
  },
  {
    name: 'sync/run-modal',
    surface: 'modal',
    render: (size) =>
      runModal({
        run: aRun(size, 3),
        connector: CONNECTOR(size),
        events: some(size, 10, (index) => anEvent(size, index)).slice(0, 10),
        outcome: 'all',
        next: size === 'more' ? 7 : null,
        first: size !== 'more',
        timeZone: 'Europe/Madrid',
        mayRetry: size !== 'none',
      }),
  },
  {
    name: 'sync/frozen-modal',
    surface: 'modal',
    render: (size) =>
      frozenModal(aRun(size, 3), {
        first: some(size, 10, () => ({ name: text(size, 'Lee Okafor'), reason: text(size, 'no e-mail') })),
        more: size === 'more' ? 5_110 : 0,
      }),
  },
];
