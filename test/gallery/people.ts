import type { Person } from '../../src/domain/directory/person.ts';
import type { PersonAccount, PersonPage } from '../../src/domain/people/verbs/show.ts';
import type { AccountState } from '../../src/domain/sync/account.ts';
import type { ProvisioningEvent } from '../../src/domain/sync/event.ts';
import { NO_COUNTS, type Run } from '../../src/domain/sync/run.ts';
import { findPersonModal } from '../../views/people/find-modal.ts';
import { personModal } from '../../views/people/person-modal.ts';
import { provisioningMessage } from '../../views/people/provisioning-message.ts';
import { deletionsModal } from '../../views/sync/deletions-modal.ts';
import { outstanding } from './enrollment.ts';
import { type Picture, type Size, some, text } from '../gallery.ts';
import { aConnector } from './connectors.ts';

const AT = Date.UTC(2026, 10, 21, 6, 10);
const STATES: readonly AccountState[] = ['pending', 'active', 'inactive', 'gone'];

function aPerson(size: Size): Person {
  const attributes = size === 'none' ? {} : { displayName: text(size, 'Lee Okafor'), email: text(size, 'lee@riverside.example'), title: text(size, 'Teacher') };
  return {
    ...{
      id: `district:${text(size, 'p1').slice(0, 1_500)}`,
      source: text(size, 'district').slice(0, 60),
      sourceId: 'p1',
      organizationId: 'district:1',
      groupings: [],
    },
    ...{ attributes, status: size === 'more' ? 'inactive' : 'active' },
  };
}

function anAccount(size: Size, index: number): PersonAccount {
  return {
    connector: aConnector(size, index),
    account:
      index % 5 === 4
        ? null
        : { state: STATES[index % 5] ?? 'active', since: index % 2 === 0 ? AT : null, origin: 'adopted', deleteAt: index % 5 === 2 ? AT : null },
    through: index % 2 === 0 ? null : { name: text(size, 'Teachers'), kind: 'role', organization: text(size, 'North High') },
    protectedBecause: index % 3 === 1 ? text(size, 'break-glass') : null,
    mayProvision: index % 2 === 1,
  };
}

export function anEvent(size: Size, index: number): ProvisioningEvent {
  return {
    ...{
      id: `e${index}`,
      at: AT,
      type: 'user_create_provision',
      runId: 'R-7',
      connectorId: 'zoom-0',
      application: 'Zoom',
      organizationId: 'district:1',
      by: 'U0ANA',
    },
    ...{ subjectId: 'district:p1', subjectName: text(size, 'Lee'), targetId: null, success: index % 2 === 0, errorCode: 'invalidValue' },
    ...{ errorMessage: index % 2 === 0 ? null : text(size, 'email domain not verified'), httpStatus: 400, attempts: 1, cause: null, changes: [] },
  };
}

function aPage(size: Size): PersonPage {
  return {
    person: aPerson(size),
    organization: text(size, 'North High'),
    memberships: some(size, 12, () => ({ name: text(size, 'Teachers'), kind: 'role', organization: text(size, 'North High') })),
    accounts: some(size, 10, (index) => anAccount(size, index)),
    events: some(size, 5, (index) => ({ event: anEvent(size, index), connector: text(size, 'Zoom') })),
    offboarding: size === 'none' ? null : { since: size === 'max' ? null : Date.UTC(2026, 10, 21, 6, 10) },
    protection: size === 'none' ? [] : some(size, 5, (index) => ({ id: `district:p1@zoom-${index}`, connector: text(size, 'Zoom') })),
    outstanding: outstanding(size),
    timeZone: 'Europe/Madrid',
  };
}

const RUN: Run = {
  ...{ id: 'R-7', connectorId: 'zoom-0', kind: 'person', scope: { is: 'people', ids: ['p1'] }, by: 'U0ANA', requestedAt: AT, startedAt: null },
  ...{ state: { is: 'queued' }, asked: null, total: null, done: 0, counts: NO_COUNTS, causes: [], held: null, frozen: { count: 0, first: [] } },
};

export const peopleGallery: readonly Picture[] = [
  { name: 'people/find-modal', surface: 'modal', render: findPersonModal },
  { name: 'people/person-modal', surface: 'modal', render: (size) => personModal(aPage(size), 1) },
  { name: 'people/person-modal, second page', surface: 'modal', render: (size) => personModal(aPage(size), 2) },
  {
    name: 'people/provisioning-message',
    surface: 'message',
    render: (size) =>
      provisioningMessage({
        person: text(size, 'Lee Okafor'),
        connector: text(size, 'Zoom'),
        now: { is: size === 'none' ? 'started' : 'joined', run: RUN },
        place: size === 'max' ? { is: 'channel', channelId: 'C0PROVISION' } : { is: 'person', userId: size === 'none' ? 'U0ANA' : 'U0SAM' },
        userId: 'U0ANA',
      }),
  },
  {
    name: 'sync/deletions-modal',
    surface: 'modal',
    render: (size) =>
      deletionsModal(
        {
          connector: { id: 'zoom', name: text(size, 'Zoom') },
          deletions: some(size, 10, (index) => ({
            personId: `district:p${index}`,
            name: text(size, 'Lee Okafor'),
            organization: index % 2 === 0 ? '' : text(size, 'North High'),
            deleteAt: AT,
            protected: index % 4 === 1,
            mayCancel: index % 3 !== 2,
          })),
          timeZone: 'Europe/Madrid',
        },
        size === 'more' ? 2 : 1,
      ),
  },
];
