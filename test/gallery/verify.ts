import type { StoredPlan } from '../../src/domain/plans/plan.ts';
import { NO_COUNTS, type Run } from '../../src/domain/sync/run.ts';
import type { Trace } from '../../src/domain/sync/trace.ts';
import type { Drift, TargetVerification } from '../../src/domain/verify/verification.ts';
import { eventModal } from '../../views/events/event-modal.ts';
import { eventsModal } from '../../views/events/list-modal.ts';
import { md } from '../../views/mrkdwn.ts';
import { traceMessage } from '../../views/people/trace-blocks.ts';
import { runMessage } from '../../views/sync/run-card.ts';
import { undoMessage } from '../../views/undo/undo-message.ts';
import { driftModal } from '../../views/verify/drift-modal.ts';
import { verifyMessage } from '../../views/verify/verify-card.ts';
import { type Picture, type Size, some, text } from '../gallery.ts';
import { anEvent } from './people.ts';

const AT = Date.UTC(2026, 10, 21, 6, 10);

const aRun = (kind: Run['kind'], state: Run['state']): Run => ({
  ...{ id: 'R-7', connectorId: 'zoom', kind, scope: { is: 'all' }, by: 'U0ANA', requestedAt: AT, startedAt: AT, state, asked: null },
  ...{ total: null, done: 5_110, counts: NO_COUNTS, causes: [], held: null, frozen: { count: 0, first: [] } },
});
const ENDED = { is: 'ended', at: AT, ending: 'completed', result: 'success', detail: null } as const;

const verified = (size: Size): TargetVerification => ({
  ...{ connectorId: 'zoom', by: 'U0ANA', startedAt: AT },
  state:
    size === 'more'
      ? { is: 'incomplete', at: AT, read: 12, reason: text(size, 'The pages do not add up.') }
      : { is: 'done', at: AT, read: 5_110, drifted: size === 'none' ? 0 : 12, unmanaged: 40 },
});

function aDrift(size: Size, index: number): Drift {
  const base = { personId: `p${index}`, name: text(size, 'Lee Okafor'), targetId: `t${index}` };
  if (index % 3 === 0) return { is: 'missing', ...base };
  if (index % 3 === 1) return { is: 'active', ...base, wanted: index % 2 === 0 };
  return { is: 'changed', ...base, changes: some(size, 4, () => ({ attribute: 'title', before: text(size, 'Teacher'), after: null })) };
}

const aTrace = (size: Size): Trace => ({
  ...{ runId: 'R-7', personId: text(size, 'p1').slice(0, 1_500), name: text(size, 'Lee Okafor') },
  directory: size === 'none' ? null : { source: text(size, 'district'), organization: text(size, 'North High') },
  scope: size === 'none' ? { is: 'out', why: 'left-directory' } : { is: 'in', grouping: text(size, 'Teachers'), organization: text(size, 'North High') },
  matched: size === 'none' ? null : { targetId: text(size, 't1'), by: 'adopted' },
  mapped: size === 'none' ? null : { values: Object.fromEntries(some(size, 8, (index) => [`a${index}`, text(size, 'x')])), missing: [] },
  write: size === 'none' ? null : { is: size === 'more' ? 'failed' : 'written', event: anEvent(size, size === 'more' ? 1 : 0) },
});

const aPlan: StoredPlan = {
  ...{ id: 'L-3', connectorId: 'zoom', origin: { is: 'undo', runId: 'R-7' }, scope: { is: 'all' }, by: 'U0ANA', madeAt: AT, validUntil: AT, hash: '' },
  ...{ counts: { create: 0, adopt: 0, update: 3, reactivate: 2, deactivate: 12, delete: 0, frozen: 4 }, unchanged: 0, seconds: null },
  ...{ seats: { total: null, before: 1, after: 1 }, accounts: 20, risky: [], state: { is: 'open' }, requestId: null, cardId: null },
};

const SHOWN = { personId: null, runId: null, type: null, outcome: null, connectorId: null, below: null } as const;
const card = (run: Run, size: Size) => ({
  run,
  connector: { id: 'zoom', name: text(size, 'Zoom') },
  now: AT,
  by: text(size, 'Ana Ruiz'),
  mayName: size !== 'none',
});

export const verifyGallery: readonly Picture[] = [
  { name: 'verify/verify-card, queued', surface: 'message', render: (size) => verifyMessage(card(aRun('verify', { is: 'queued' }), size), null) },
  { name: 'verify/verify-card, running', surface: 'message', render: (size) => verifyMessage(card(aRun('verify', { is: 'running' }), size), null) },
  { name: 'verify/verify-card, ended', surface: 'message', render: (size) => verifyMessage(card(aRun('verify', ENDED), size), verified(size)) },
  {
    name: 'verify/drift-modal',
    surface: 'modal',
    render: (size) =>
      driftModal({
        ...{
          connector: { id: 'zoom', name: text(size, 'Zoom') },
          verification: verified(size),
          after: size === 'more' ? 4 : null,
          next: size === 'more' ? 14 : null,
        },
        drift: some(size, 10, (index) => ({ seq: index + 1, drift: aDrift(size, index) })).slice(0, 10),
        ...{ timeZone: 'Europe/Madrid', ...(size === 'more' ? { done: 'Accepted.' } : {}) },
      }),
  },
  { name: 'people/trace-message', surface: 'message', render: (size) => traceMessage(aTrace(size), { id: 'zoom', name: text(size, 'Zoom') }) },
  { name: 'sync/run-card, with a trace', surface: 'message', render: (size) => runMessage({ ...card(aRun('person', ENDED), size), trace: aTrace(size) }) },
  {
    name: 'undo/undo-message',
    surface: 'message',
    render: (size) =>
      undoMessage({
        ...{ plan: aPlan, runId: 'R-7', connector: text(size, 'Zoom'), where: md`in your direct messages` },
        left: some(size, 6, (index) => ({ why: text(size, `reason ${index}`), count: 9, names: some(size, 5, () => text(size, 'Lee')) })),
      }),
  },
  {
    name: 'events/list-modal',
    surface: 'modal',
    render: (size) =>
      eventsModal({
        shown: size === 'none' ? SHOWN : { ...SHOWN, personId: 'p1', connectorId: 'zoom', runId: 'R-7', below: 40 },
        events: some(size, 10, (index) => ({ seq: index + 1, event: anEvent(size, index), connector: text(size, 'Zoom') })),
        ...{ next: size === 'more' ? 12 : null, person: text(size, 'Lee'), connector: text(size, 'Zoom'), timeZone: 'Europe/Madrid' },
      }),
  },
  {
    name: 'events/event-modal',
    surface: 'modal',
    render: (size) =>
      eventModal({
        ...{ seq: 12, connector: text(size, 'Zoom'), organization: text(size, 'North High'), shown: SHOWN, timeZone: 'Europe/Madrid', names: (id) => id },
        event: { ...anEvent(size, 1), changes: some(size, 30, (index) => ({ attribute: `a${index}`, before: text(size, 'x'), after: null })) },
      }),
  },
];
