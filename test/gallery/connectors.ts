import type { CatalogEntry, Instance } from '../../src/domain/catalog/catalog.ts';
import type { Consequences } from '../../src/domain/connectors/consequences.ts';
import { type Connector, DEFAULT_OPERATING, type RehearsedSettings } from '../../src/domain/connectors/connector.ts';
import { type Dialect, RFC_DIALECT } from '../../src/domain/connectors/dialect.ts';
import { defaultMapping } from '../../src/domain/connectors/default-mapping.ts';
import { SCIM_ATTRIBUTES } from '../../src/domain/connectors/mapping.ts';
import { type PartnerPage, partnerMessage, partnerModal, partnerSearchModal } from '../../views/connectors/partner-message.ts';
import { NOTHING_LEFT, stepsOf } from '../../src/domain/connectors/rehearsal.ts';
import type { ConnectorRow } from '../../src/domain/connectors/verbs/overview.ts';
import { STANDARD_ATTRIBUTES } from '../../src/domain/directory/person.ts';
import { connectorMessage, connectorModal } from '../../views/connectors/card.ts';
import type { ConnectorCard } from '../../views/connectors/card-blocks.ts';
import { type Configuring, paceModal, whatModal, whereModal } from '../../views/connectors/configure-modal.ts';
import { CONFIRMED, confirmModal } from '../../views/connectors/confirm-modal.ts';
import { dialectMessage, dialectModal } from '../../views/connectors/dialect.ts';
import { connectorsMessage } from '../../views/connectors/list-message.ts';
import { connectorsModal } from '../../views/connectors/list-modal.ts';
import { attributeModal, attributesModal } from '../../views/connectors/mapping-modal.ts';
import { newConnectorModal } from '../../views/connectors/new-modal.ts';
import { learnMoreModal, rehearsalMessage, rehearsalModal } from '../../views/connectors/rehearsal.ts';
import { secretModal } from '../../views/connectors/secret-modal.ts';
import { anAhead } from './approvals.ts';
import { type Picture, type Size, some, text } from '../gallery.ts';

const AT = Date.UTC(2026, 10, 21, 6, 10);

const STATES: readonly Connector['state'][] = [{ is: 'draft' }, { is: 'active', since: AT }, { is: 'disabled', since: AT }, { is: 'disconnected', since: AT }];

function aDialect(size: Size): Dialect {
  const shapes =
    size === 'more'
      ? { ...Object.fromEntries(SCIM_ATTRIBUTES.map(({ path }) => [path, 'object'])), '-title': 'put', active: 'put', [text('more', 'odd')]: 'none' }
      : {};
  return { ...RFC_DIALECT, learntAt: AT, shapes, bulk: { maxOperations: 1_000 } };
}

/** A connector in some state; its steps failed with the longest error where the size asks for it. */
export function aConnector(size: Size, index = 0): Connector {
  const failed = size === 'more';
  return {
    id: `zoom-${index}`,
    name: text(size, 'Zoom').slice(0, 60),
    entryId: 'custom-scim',
    instanceId: 'zoom-1',
    organizationId: 'district:1',
    state: STATES[index % STATES.length] ?? { is: 'draft' },
    health: size === 'more' ? { is: 'failing', since: AT } : { is: 'ok' },
    inForce: null,
    draft:
      size === 'none'
        ? null
        : {
            baseUrl: 'https://api.example.com/scim/v2',
            testEmail: 'usher-test@example.com',
            mapping: defaultMapping(),
            secret: { is: 'reference', name: 'env:USHER_SECRET_ZOOM' },
          },
    operating: {
      ...DEFAULT_OPERATING,
      schedule: size === 'none' ? null : { cron: '0 6 * * *', timeZone: 'Europe/Madrid' },
      requestsPerSecond: size === 'none' ? null : 10,
    },
    rehearsal:
      size === 'none'
        ? null
        : {
            id: 'r1',
            fingerprint: 'f',
            by: 'U0ANA',
            startedAt: AT,
            endedAt: AT + 7000,
            verdict: failed ? 'failed' : 'passed',
            baseUrl: 'https://api.example.com/scim/v2',
            leftOver: NOTHING_LEFT,
            steps: stepsOf(true).map((name, step) => ({
              name,
              outcome:
                failed && step === 2
                  ? {
                      is: 'failed',
                      attribute: 'shoeSize',
                      error: {
                        next: 'refused',
                        status: 400,
                        scimType: 'invalidValue',
                        message: `Attribute shoeSize is required. ${text('more', '')}`.slice(0, 8000),
                        maybeWritten: false,
                        retryAfter: null,
                      },
                    }
                  : step === 8
                    ? { is: 'passed-clean-up', detail: text(size, 'The test user was deactivated.') }
                    : { is: 'passed' },
            })),
          },
    ...(size === 'none' ? {} : { dialect: aDialect(size) }),
    lastAssign: size === 'none' ? null : { at: AT, by: 'U0ANA' },
    lastProvision: size === 'none' ? null : AT,
    listing: null,
    createdAt: AT,
    createdBy: 'U0ANA',
  };
}

function aRow(size: Size, index: number): ConnectorRow {
  return {
    connector: aConnector(size, index),
    whole: index % 2 === 0,
    total: { have: 412, of: 430 },
    parts: some(size, 3, (part) => ({
      assignment: {
        id: `zoom-${index}/${part}`,
        connectorId: `zoom-${index}`,
        organizationId: 'district:1',
        groupingId: `g${part}`,
        by: 'U0ANA',
        why: null,
        requestedAt: AT,
        effectiveAt: AT,
        ended: null,
      },
      grouping: text(size, 'Teachers'),
      kind: 'role',
      organization: text(size, 'North High'),
      have: 96,
      of: 96,
    })),
  };
}

const INSTANCE: Instance = {
  id: 'zoom-1',
  application: 'Zoom',
  name: 'Zoom',
  organizationId: 'district:1',
  seats: { is: 'set', total: 500, by: 'U0ANA', at: AT },
};

function aCard(size: Size, index: number): ConnectorCard {
  return {
    row: aRow(size, index),
    instance: size === 'none' ? null : INSTANCE,
    activeAccounts: 412,
    lastRun: null,
    running: null,
    nextRun: size === 'none' ? null : AT,
    timeZone: 'Europe/Madrid',
    may: { run: size !== 'none', verify: size !== 'none', assign: size !== 'none', administer: size !== 'none' },
    activatable: index !== 1 && size !== 'none',
  };
}

const IN_FORCE: RehearsedSettings = {
  ...{ baseUrl: 'https://api.example.com/scim/v2', testEmail: 'usher-test@example.com', manageGroups: false, matching: 'userName' },
  ...{ mapping: defaultMapping(), tierAttribute: null, leavers: { are: 'deactivated' }, secret: { is: 'reference', name: 'env:USHER_SECRET_ZOOM' } },
};

/** New where there is nothing, else an edit of what is in force. */
function configuring(size: Size): Configuring {
  const connector: Connector = size === 'none' ? aConnector(size) : { ...aConnector(size, 1), inForce: IN_FORCE };
  return { connector, draft: connector.draft ?? {}, instance: size === 'none' ? null : INSTANCE, timeZone: 'Europe/Madrid' };
}

function consequences(size: Size): Consequences {
  const many = size === 'none' ? 0 : size === 'max' ? 1 : 1204;
  return {
    connector: aConnector(size, 1),
    accounts: { active: many, inactive: many },
    requests: size === 'none' ? 0 : 3,
    holds: size === 'none' ? 0 : 180,
    plans: many,
    enrollmentTasks: many,
    assignments: many,
    running: null,
    subscriptions: many,
    runs: many,
    scheduled: size !== 'none',
    secret: size === 'none' ? 'none' : size === 'max' ? 'typed' : 'reference',
  };
}

const anEntry = (index: number, size: Size): CatalogEntry => ({
  id: `entry-${index}`,
  name: text(size, 'Custom SCIM'),
  partnerId: null,
  mapping: defaultMapping(),
  documented: { requestsPerSecond: null, deletes: 'unknown' },
  seatReading: null,
});

function aPartnerPage(size: Size): PartnerPage {
  const parts = some(size, 12, (index) => ({
    grouping: text(size, `Teachers ${index}`),
    kind: 'role',
    organization: text(size, 'North High'),
    have: 412,
    of: 430,
  }));
  const rows = some(size, 26, (index) => ({
    ...{ connectorId: `zoom-${index}`, entry: text(size, 'Zoom'), organization: text(size, 'Riverside'), parent: index === 0 ? '' : text(size, 'State') },
    ...{ total: { have: 5_000, of: 5_240 }, parts: index < 3 ? parts : [], lastAssign: index % 2 === 0 ? null : AT_PARTNER, lastProvision: AT_PARTNER },
  }));
  const choices = some(size, 99, (index) => ({ id: `partner-${index}`, name: text(size, 'Brightpath') }));
  return {
    view: {
      partner: { id: 'partner-0', name: text(size, 'Brightpath') },
      choices,
      search: { typed: size === 'none' ? '' : text(size, 'river'), by: 'parent' },
      rows,
    },
    ...{ page: 1, timeZone: 'Europe/Madrid' },
  };
}

const AT_PARTNER = Date.UTC(2026, 10, 21, 6, 10);

export const connectorsGallery: readonly Picture[] = [
  { name: 'connectors/partner-message', surface: 'message', render: (size) => partnerMessage(aPartnerPage(size)) },
  { name: 'connectors/partner-modal', surface: 'modal', render: (size) => partnerModal(aPartnerPage(size)) },
  {
    name: 'connectors/partner-search-modal',
    surface: 'modal',
    render: (size) => partnerSearchModal({ partner: text(size, 'partner-0'), search: { typed: text(size, 'river').slice(0, 100), by: 'organization' } }),
  },
  { name: 'connectors/dialect-message', surface: 'message', render: (size) => dialectMessage(aConnector(size, 1), 'Europe/Madrid') },
  { name: 'connectors/dialect-modal', surface: 'modal', render: (size) => dialectModal(aConnector(size, 1), 'Europe/Madrid') },
  {
    name: 'connectors/list-message',
    surface: 'message',
    render: (size) =>
      connectorsMessage({
        rows: some(size, 6, (index) => aRow(size, index)),
        organization: size === 'more' ? { id: 'district:1', name: text(size, 'Riverside') } : null,
        page: size === 'more' ? 2 : 1,
        timeZone: 'Europe/Madrid',
        names: () => text(size, 'Ana Ruiz'),
        may: { create: size !== 'none', see: true },
      }),
  },
  {
    name: 'connectors/list-modal',
    surface: 'modal',
    render: (size) =>
      connectorsModal({
        rows: some(size, 10, (index) => aRow(size, index)),
        organization: size === 'more' ? { id: 'district:1', name: text(size, 'Riverside') } : null,
        page: size === 'more' ? 2 : 1,
        timeZone: 'Europe/Madrid',
        names: () => text(size, 'Ana Ruiz'),
        may: { create: size !== 'none', see: true },
      }),
  },
  ...STATES.flatMap((_, index): readonly Picture[] => [
    { name: `connectors/card message ${index}`, surface: 'message', render: (size) => connectorMessage(aCard(size, index)) },
    { name: `connectors/card modal ${index}`, surface: 'modal', render: (size) => connectorModal(aCard(size, index)) },
  ]),
  {
    name: 'connectors/new-modal',
    surface: 'modal',
    render: (size) =>
      newConnectorModal(
        some(size, 100, (index) => anEntry(index, size)),
        size === 'none' ? null : { id: 'district:1', name: text(size, 'Riverside') },
      ),
  },
  { name: 'connectors/configure where', surface: 'modal', render: (size) => whereModal(configuring(size)) },
  { name: 'connectors/configure what', surface: 'modal', render: (size) => whatModal(configuring(size)) },
  { name: 'connectors/configure attributes', surface: 'modal', render: (size) => attributesModal(configuring(size), size === 'more' ? 2 : 1) },
  { name: 'connectors/configure pace', surface: 'modal', render: (size) => paceModal(configuring(size)) },
  {
    name: 'connectors/configure secret',
    surface: 'modal',
    render: (size) =>
      secretModal(
        configuring(size),
        some(size, 100, (index) => `env:USHER_SECRET_${index}`),
      ),
  },
  {
    name: 'connectors/attribute',
    surface: 'modal',
    render: (size) =>
      attributeModal({
        connectorId: 'zoom',
        connector: text(size, 'Zoom'),
        path: 'userName',
        mapping: defaultMapping(),
        page: 1,
        preview: size === 'none' ? null : { personId: 'district:1', person: text(size, 'Lee Okafor'), value: text(size, 'lee') },
        typed: size === 'none' ? null : text(size, 'lower(email)'),
        known: STANDARD_ATTRIBUTES,
      }),
  },
  { name: 'connectors/rehearsal modal', surface: 'modal', render: (size) => rehearsalModal({ connector: aConnector(size), activatable: size === 'max' }) },
  {
    name: 'connectors/rehearsal message',
    surface: 'message',
    render: (size) => rehearsalMessage({ connector: aConnector(size), activatable: size === 'max' }),
  },
  { name: 'connectors/learn more', surface: 'modal', render: (size) => learnMoreModal(aConnector(size)) },
  ...CONFIRMED.map(
    (verb): Picture => ({
      name: `connectors/confirm ${verb}`,
      surface: 'modal',
      render: (size) => confirmModal(verb, consequences(size), size === 'none' ? null : anAhead(size)),
    }),
  ),
];
