import type { Silent } from '../../src/domain/alerts/silence.ts';
import type { Offboarding, OffboardingStep } from '../../src/domain/halts/offboarding.ts';
import type { OffboardingModel, OffboardPreview } from '../../src/domain/halts/verbs/offboard.ts';
import type { Standstill } from '../../src/domain/halts/verbs/stop.ts';
import { NO_COUNTS } from '../../src/domain/sync/run.ts';
import { silenceMessage } from '../../views/alerts/silence-card.ts';
import { offboardedModal, offboardModal, offboardStarted, releasedMessage } from '../../views/halts/offboard-modal.ts';
import { offboardingCard } from '../../views/halts/offboarding-card.ts';
import { resumedMessage, stopModal, stoppedMessage } from '../../views/halts/stop-modal.ts';
import { type Picture, type Size, some, text } from '../gallery.ts';

const AT = Date.UTC(2026, 10, 21, 6, 10);
const ZONE = 'Europe/Madrid';

const aHalt = (size: Size) => ({ by: 'U0ANA', at: AT, why: size === 'none' ? null : text(size, 'Wrong roster') });

function aStandstill(size: Size, halted: boolean): Standstill {
  return {
    halt: halted ? aHalt(size) : null,
    underWay: some(size, 10, (index) => ({
      run: {
        ...{ id: `R-${index}`, connectorId: 'zoom', kind: 'sync', scope: { is: 'all' }, by: 'U0ANA', requestedAt: AT, startedAt: AT, state: { is: 'running' } },
        ...{ asked: null, total: index === 0 ? null : 412, done: 214, counts: NO_COUNTS, causes: [], held: null, frozen: { count: 0, first: [] } },
      },
      connector: text(size, 'Zoom'),
    })),
    waiting: size === 'none' ? 0 : 3,
    rehearsals: size === 'none' ? 0 : 2,
    mayStop: true,
    mayResume: size !== 'none',
  };
}

function aStep(size: Size, index: number): OffboardingStep {
  const states: readonly OffboardingStep['state'][] = [
    { is: 'waiting' },
    { is: 'failed', at: AT, attempts: index + 1, error: text(size, 'Forbidden'), next: AT + 60_000 },
    { is: 'confirmed', at: AT },
    { is: 'no-account' },
    { is: 'protected', why: text(size, 'Break-glass') },
  ];
  return { connectorId: `zoom-${index}`, state: states[index % states.length] ?? { is: 'waiting' } };
}

function anOffboarding(size: Size, index = 0): Offboarding {
  return {
    ...{ personId: `district:p${index}`, name: text(size, 'Lee Okafor'), by: 'U0ANA', at: AT, why: size === 'none' ? null : text(size, 'Left today') },
    steps: some(size, 25, (step) => aStep(size, step)),
    released: null,
  };
}

const aModel = (size: Size, changes: Partial<Offboarding> = {}): OffboardingModel => ({
  offboarding: { ...anOffboarding(size), ...changes },
  applications: new Map(some(size, 25, (index) => [`zoom-${index}`, text(size, 'Zoom')] as const)),
  timeZone: ZONE,
});

function aPreview(size: Size, standing: Offboarding | null): OffboardPreview {
  return {
    ...{ personId: 'district:p1', name: text(size, 'Lee Okafor'), organization: size === 'none' ? null : text(size, 'North High'), standing },
    accounts: some(size, 20, (index) => ({
      connector: text(size, 'Zoom'),
      state: index % 3 === 0 ? ('inactive' as const) : ('active' as const),
      protectedBecause: index % 4 === 0 ? text(size, 'Break-glass') : null,
      disconnected: index % 5 === 0,
    })),
  };
}

const silents = (size: Size): readonly Silent[] => [
  { is: 'late-run', connectorId: 'zoom', runId: 'R-7', due: AT, cause: 'R-7' },
  { is: 'late-import', source: text(size, 'district').slice(0, 60), due: AT, cause: '1' },
  { is: 'old-source', source: text(size, 'district').slice(0, 60), newest: AT, usual: 86_400_000, cause: '1' },
  { is: 'held-import', source: text(size, 'district').slice(0, 60), wouldRemove: 700, of: 6012, cause: '1' },
  { is: 'rejected-import', source: text(size, 'district').slice(0, 60), cause: '1' },
];

export const haltsGallery: readonly Picture[] = [
  { name: 'halts/stop-modal', surface: 'modal', render: (size) => stopModal(aStandstill(size, false), ZONE) },
  { name: 'halts/stop-modal while stopped', surface: 'modal', render: (size) => stopModal(aStandstill(size, true), ZONE) },
  {
    name: 'halts/stopped-message',
    surface: 'message',
    render: (size) => stoppedMessage({ halt: aHalt(size), paused: size === 'none' ? 0 : 3 }, ZONE, 'usher'),
  },
  { name: 'halts/resumed-message', surface: 'message', render: (size) => resumedMessage({ resumed: size === 'none' ? 0 : 3 }) },
  { name: 'halts/offboard-modal', surface: 'modal', render: (size) => offboardModal(aPreview(size, null), ZONE) },
  { name: 'halts/offboard-modal of somebody who is out', surface: 'modal', render: (size) => offboardModal(aPreview(size, anOffboarding(size)), ZONE) },
  { name: 'halts/offboard-started', surface: 'message', render: (size) => offboardStarted(anOffboarding(size)) },
  { name: 'halts/released-message', surface: 'message', render: (size) => releasedMessage(anOffboarding(size)) },
  {
    name: 'halts/offboarded-modal',
    surface: 'modal',
    render: (size) =>
      offboardedModal(
        some(size, 20, (index) => anOffboarding(size, index)),
        ZONE,
      ),
  },
  { name: 'halts/offboarding-card', surface: 'message', render: (size) => offboardingCard(aModel(size)) },
  { name: 'halts/offboarding-card released', surface: 'message', render: (size) => offboardingCard(aModel(size, { released: { by: 'U0SAM', at: AT } })) },
  ...[0, 1, 2, 3, 4].map(
    (index): Picture => ({
      name: `alerts/silence-card ${index}`,
      surface: 'message',
      render: (size) => {
        const about = silents(size)[index] ?? { is: 'rejected-import' as const, source: 'district', cause: '1' };
        const state = size === 'more' ? ({ is: 'over', at: AT + 3_600_000 } as const) : ({ is: 'open' } as const);
        const connector = size === 'none' ? null : { id: 'zoom', name: text(size, 'Zoom') };
        return silenceMessage({ silence: { id: 'run/zoom', about, number: 1, raisedAt: AT, state }, connector, timeZone: ZONE });
      },
    }),
  ),
];
