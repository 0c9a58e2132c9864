import { ROLES } from '../../src/domain/rights/grant.ts';
import type { Leaver } from '../../src/domain/rights/verbs/left.ts';
import type { ListedGrant } from '../../src/domain/rights/verbs/role-grants.ts';
import type { Owned } from '../../src/domain/rights/verbs/owned.ts';
import { giveModal, NEW_ROLE } from '../../views/roles/give-modal.ts';
import { leftModal } from '../../views/roles/left-modal.ts';
import { type RolesList, rolesMessage, rolesModal } from '../../views/roles/list.ts';
import { mineMessage } from '../../views/roles/mine-message.ts';
import { reassignModal } from '../../views/roles/reassign-modal.ts';
import { roleModal } from '../../views/roles/role-modal.ts';
import { roleChangedModal, takeModal } from '../../views/roles/take-modal.ts';
import { md } from '../../views/mrkdwn.ts';
import { type Picture, type Size, some, text } from '../gallery.ts';
import { aConnector } from './connectors.ts';

const AT = Date.UTC(2026, 10, 21, 6, 10);
const SUSPENSIONS = [null, 'deactivated', 'guest', 'foreign'] as const;

function aGrant(size: Size, index: number): ListedGrant {
  const isGroup = index % 3 === 1;
  return {
    id: index % 5 === 4 ? `configuration/U0ADMIN${index}/*` : `G-${index}`,
    holder: isGroup ? { is: 'group', teamId: 'T1', groupId: `S0G${index}` } : { is: 'person', teamId: 'T1', userId: `U0P${index}` },
    holderName: text(size, isGroup ? '@it-leads' : 'Ana Ruiz'),
    people: isGroup ? 12 : 1,
    role: ROLES[index % ROLES.length] ?? 'viewer',
    organizationId: index % 4 === 0 ? null : `district:${index}`,
    organization: index % 4 === 0 ? null : text(size, 'North High'),
    from: index % 5 === 4 ? 'configuration' : 'slack',
    given: index % 5 === 4 ? null : { by: 'U0SAM', at: AT, why: index % 2 === 0 ? null : text(size, 'new in the office') },
    suspended: isGroup ? null : (SUSPENSIONS[index % SUSPENSIONS.length] ?? null),
    mayTake: index % 2 === 0,
  };
}

const names = (size: Size) => (): string => text(size, 'Sam O’Neil');

function aList(size: Size, most: number): RolesList {
  return {
    roles: some(size, most, (index) => aGrant(size, index)),
    scope:
      size === 'none'
        ? null
        : size === 'max'
          ? { is: 'organization', id: 'district:1', name: text(size, 'North High') }
          : { is: 'person', userId: 'U0P1', name: text(size, 'Ana') },
    page: size === 'more' ? 2 : 1,
    timeZone: 'Europe/Madrid',
    names: names(size),
    may: size === 'none' ? { give: false, left: false } : { give: true, left: true },
  };
}

function owned(size: Size): Owned {
  const connectors = some(size, 5, (index) => aConnector(size, index));
  return {
    connectors,
    schedules: connectors.slice(1),
    subscriptions: some(size, 3, (index) => ({
      ...{ channelId: `C0OPS${index}`, connectorId: null, conditions: ['failure'], teamId: 'T1', by: 'U0P1', at: AT, mayNames: false },
      escalation: null,
    })),
    requests: [],
    policies: some(size, 2, (index) => ({
      ...{ id: `P-${index}`, action: 'assign', organizationId: null, from: 0, steps: [], channelId: null, hours: 72, by: 'U0P1', at: AT },
    })),
    delegations: some(size, 1, () => ({ userId: 'U0P1', to: 'U0SAM', from: AT, until: AT + 1, by: 'U0P1' })),
  };
}

function aLeaver(size: Size, index: number): Leaver {
  return {
    person: { id: `U0LEFT${index}`, teamId: 'T1', name: text(size, 'Joe Abara'), guest: false, foreign: false, deactivated: AT, readAt: AT },
    roles: some(size, index % 3, (one) => aGrant(size, one)),
    owned: index % 2 === 0 ? owned(size) : owned('none'),
  };
}

export const rolesGallery: readonly Picture[] = [
  { name: 'roles/list-message', surface: 'message', render: (size) => rolesMessage(aList(size, 25)) },
  { name: 'roles/list-modal', surface: 'modal', render: (size) => rolesModal(aList(size, 10)) },
  ...[0, 1, 2, 3, 4].map(
    (index): Picture => ({
      name: `roles/role-modal ${index}`,
      surface: 'modal',
      render: (size) => roleModal({ grant: aGrant(size, index), timeZone: 'Europe/Madrid', names: names(size) }),
    }),
  ),
  {
    name: 'roles/take-modal',
    surface: 'modal',
    render: (size) =>
      takeModal({
        grantId: 'G-1',
        title: text(size, 'take the role admin'),
        lines: some(size, 3, () => text(size, 'They can then no longer see.')),
        ahead: null,
      }),
  },
  { name: 'roles/changed-modal', surface: 'modal', render: (size) => roleChangedModal(text(size, 'The role admin for everything is given to sam.')) },
  {
    name: 'roles/give-modal',
    surface: 'modal',
    render: (size) =>
      giveModal({
        form:
          size === 'none'
            ? NEW_ROLE
            : {
                ...{ userId: 'U0P1', role: 'admin', why: text(size, 'new in the office') },
                ...{ group: { text: text(size, 'IT leads'), value: 'S0ITLEADS' }, organization: { text: text(size, 'North High'), value: 'district:1' } },
              },
        global: size !== 'max',
        problem: size === 'none' ? null : md`${text(size, 'That person is a guest.')}`,
      }),
  },
  {
    name: 'roles/mine-message',
    surface: 'message',
    render: (size) =>
      mineMessage({
        roles: some(size, 20, (index) => aGrant(size, index)),
        ask: some(size, 3, (index) => `U0ADMIN${index}`),
        timeZone: 'Europe/Madrid',
        names: names(size),
      }),
  },
  {
    name: 'roles/left-modal',
    surface: 'modal',
    render: (size) =>
      leftModal(
        some(size, 10, (index) => aLeaver(size, index)),
        size === 'more' ? 2 : 1,
        'Europe/Madrid',
      ),
  },
  {
    name: 'roles/reassign-modal',
    surface: 'modal',
    render: (size) =>
      reassignModal({
        from: { id: 'U0LEFT', name: text(size, 'Joe Abara') },
        owned: owned(size),
        to: size === 'more' ? 'U0SAM' : null,
        what: size === 'more' ? ['connectors'] : null,
        problem: size === 'more' ? md`${text(size, 'They have no right.')}` : null,
      }),
  },
];
