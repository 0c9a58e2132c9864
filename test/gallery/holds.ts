import type { HeldImportModel } from '../../src/domain/directory/verbs/held-import-model.ts';
import type { Hold, HoldReason, HoldState } from '../../src/domain/holds/hold.ts';
import type { FreezeRow } from '../../src/domain/holds/verbs/freezes.ts';
import type { SeenHold } from '../../src/domain/holds/verbs/find.ts';
import type { HoldModel } from '../../src/domain/holds/verbs/model.ts';
import type { HeldPage } from '../../views/holds/people-modal.ts';
import { heldImportMessage, releaseImportModal } from '../../views/directory/held-import-card.ts';
import { freezeModal, freezesModal } from '../../views/holds/freeze.ts';
import { holdMessage } from '../../views/holds/hold-card.ts';
import { holdPeopleModal } from '../../views/holds/people-modal.ts';
import { releasedMessage, releasedModal, releaseModal, tickModal } from '../../views/holds/release-modal.ts';
import { type Picture, type Size, some, text } from '../gallery.ts';

const AT = Date.UTC(2026, 10, 21, 6, 10);
const DAY = 86_400_000;

const STATES: readonly HoldState[] = [
  { is: 'open' },
  { is: 'released', at: AT, by: 'U0SAM', reason: 'closed' },
  { is: 'expired', at: AT },
  { is: 'left', at: AT, by: 'U0SAM' },
  { is: 'settled', at: AT },
  { is: 'closed', at: AT, because: 'The connector was disconnected.' },
];

export function aHold(size: Size, state: HoldState = { is: 'open' }, reason: HoldReason = { is: 'fuse' }): Hold {
  const people = size === 'none' ? ['district:1'] : some(size, 180, (index) => `district:${String(index).padStart(5, '0')}`);
  const released = size === 'none' ? [] : people.slice(0, 2);
  return {
    ...{ id: 'H-3', connectorId: 'zoom-0', reason, runId: 'R-40', startedBy: size === 'none' ? 'schedule' : 'U0ANARUIZ' },
    people,
    accounts: 412,
    places: some(size, 9, (index) => ({ organizationId: index === 1 ? null : `district:${index}`, people: 20 })),
    released,
    releases: released.length === 0 ? [] : [{ at: AT, by: 'U0SAM', reason: text(size, 'They left'), people: released }],
    ...{ openedAt: AT, updatedAt: AT, expiresAt: AT + 3 * DAY, state, announced: true, cards: [] },
  };
}

export function aHoldModel(size: Size, state?: HoldState, reason?: HoldReason): HoldModel {
  const hold = aHold(size, state, reason);
  return {
    hold,
    connector: { id: 'zoom-0', name: text(size, 'Zoom').slice(0, 60) },
    left: hold.people.length - hold.released.length,
    places: hold.places.map(({ organizationId, people }) => ({ name: organizationId === null ? null : text(size, 'North High'), people })),
    lastImport: size === 'none' ? null : { source: text(size, 'district'), at: AT, removed: 178 },
    names: () => text(size, 'Ana Ruiz'),
    timeZone: 'Europe/Madrid',
  };
}

function aPage(size: Size): HeldPage {
  const people = some(size, 10, (index) => ({
    personId: `district:${index}`,
    name: text(size, 'Lee Okafor'),
    organization: index % 3 === 0 ? null : text(size, 'North High'),
    released: index === 1,
  })).slice(0, 10);
  return { model: aHoldModel(size), people, page: size === 'more' ? 2 : 1, pages: size === 'none' ? 1 : 18 };
}

/** A viewer, and an admin. */
function aLook(size: Size): SeenHold['may'] {
  const all = size !== 'none';
  return { see: true, run: all, decide: all, administer: all };
}

function aFreeze(size: Size, index: number): FreezeRow {
  const connector = index % 2 === 0 ? null : { id: 'zoom-0', name: text(size, 'Zoom').slice(0, 60) };
  return {
    freeze: { id: `F-${index}`, name: text(size, 'Exams').slice(0, 80), connectorId: connector?.id ?? null, from: AT, until: AT + 20 * DAY, by: 'U0ANARUIZ' },
    ...{ connector, timeZone: 'Europe/Madrid', isNow: index === 0, mayRemove: index % 3 !== 2 },
  };
}

function anImport(size: Size, kind: 'open' | 'expired' | 'released' | 'overtaken'): HeldImportModel {
  const tally = { added: 1, changed: 2, removed: 700, unchanged: 5000 };
  const hold = { agreed: 'x', since: AT, expiresAt: AT + 3 * DAY, places: [], cards: [] };
  const over = kind === 'released' || kind === 'overtaken';
  return {
    source: 'district',
    last: {
      ...{ id: 'i', source: 'district', startedAt: AT, endedAt: AT, by: size === 'none' ? 'schedule' : 'U0ANARUIZ' },
      outcome: over
        ? { is: 'done' }
        : { is: 'held', wouldRemove: 700, of: 6012, hold: { ...hold, state: kind === 'open' ? { is: 'open' } : { is: 'expired', at: AT } } },
      ...(kind === 'released' ? { release: { by: 'U0SAM', why: 'closed', since: AT } } : {}),
      ...{ organizations: tally, groupings: tally, people: tally, errors: [], errorCount: 0, warnings: [] },
    },
    isThis: kind !== 'overtaken',
    places: some(size, 12, () => ({ name: text(size, 'North High'), people: 70 })),
    names: () => text(size, 'Ana Ruiz'),
    timeZone: 'Europe/Madrid',
  };
}

const ticked = (size: Size): readonly number[] => (size === 'none' ? [] : some(size, 400, (index) => index).slice(0, 400));

export const holdsGallery: readonly Picture[] = [
  ...STATES.map((state): Picture => ({ name: `holds/hold-card, ${state.is}`, surface: 'message', render: (size) => holdMessage(aHoldModel(size, state)) })),
  {
    name: 'holds/hold-card, freeze',
    surface: 'message',
    render: (size) => holdMessage(aHoldModel(size, { is: 'open' }, { is: 'freeze', name: text(size, 'Exams'), until: AT + DAY })),
  },
  { name: 'holds/people-modal', surface: 'modal', render: (size) => holdPeopleModal(aPage(size), aLook(size)) },
  { name: 'holds/release-modal', surface: 'modal', render: (size) => releaseModal(aHoldModel(size), 'agreed') },
  {
    name: 'holds/release-modal, some',
    surface: 'modal',
    render: (size) => tickModal(aPage(size), { holdId: 'H-3', page: 1, list: 'agreed', ticked: ticked(size) }, 0),
  },
  { name: 'holds/released-modal', surface: 'modal', render: (size) => releasedModal(text(size, 'Released.'), size === 'none' ? null : 'zoom-0') },
  { name: 'holds/released-message', surface: 'message', render: (size) => releasedMessage(text(size, 'Released.'), size === 'none' ? null : 'zoom-0') },
  {
    name: 'holds/freezes-modal',
    surface: 'modal',
    render: (size) =>
      freezesModal(
        some(size, 10, (index) => aFreeze(size, index)),
        size !== 'none',
        1,
      ),
  },
  { name: 'holds/freeze-modal', surface: 'modal', render: (size) => freezeModal(size !== 'none') },
  ...(['open', 'expired', 'released', 'overtaken'] as const).map(
    (kind): Picture => ({ name: `directory/held-import-card, ${kind}`, surface: 'message', render: (size) => heldImportMessage(anImport(size, kind)) }),
  ),
  { name: 'directory/release-modal', surface: 'modal', render: (size) => releaseImportModal(anImport(size, 'open'), 'agreed') },
];
