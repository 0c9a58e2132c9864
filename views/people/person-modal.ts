import { fullName } from '../../src/domain/directory/person.ts';
import type { Membership, PersonAccount, PersonPage } from '../../src/domain/people/verbs/show.ts';
import type { ProvisioningEvent } from '../../src/domain/sync/event.ts';
import { actions, type Blocks, button, context, header, type ModalView, modal, section } from '../blocks.ts';
import { outstandingBlocks } from '../enrollment/outstanding.ts';
import { whyValue } from '../explain/why-modal.ts';
import { bold, code, date, joined, md, type Mrkdwn } from '../mrkdwn.ts';
import { pageOf, pager } from '../paging.ts';
import { connectorSign, SIGNS, signed } from '../signs.ts';
import { count } from '../words.ts';

/** Connectors on one page. */
const PAGE = 10;
/** Entries of the list of protected people. */
const SHIELDS = 5;
/** Memberships told by name; the rest is counted. */
const MEMBERSHIPS = 12;

/** Someone of the directory: source, memberships, each account with its state, last events (D6, SCREENS.md). */
export function personModal(of: PersonPage, at: number): ModalView {
  const { person, accounts } = of;
  const page = pageOf(accounts, at, PAGE);
  return modal({
    callbackId: 'person.page',
    title: 'Person',
    metadata: { personId: person.id, page: page.page },
    blocks: [
      section(headline(of)),
      section(memberships(of.memberships)),
      header('Accounts'),
      ...(accounts.length === 0 ? [section('There is no connector that you may see.')] : []),
      ...page.items.flatMap((account) => accountBlocks(account, of)),
      actions(pager('person.page', page.page, page.pages, person.id)),
      ...outstandingBlocks(of.outstanding),
      header('Last events'),
      ...(of.events.length === 0
        ? [section('Nothing was done to them yet.')]
        : of.events.map(({ event, connector }) => section(eventLine(event, connector, of.timeZone)))),
      context(md`${code(person.id)} · from ${person.source}`),
      ...shields(of),
      ...offboarding(of),
      actions([button({ text: 'Find another', action: 'person.find' })]),
    ],
  });
}

function headline({ person, organization }: PersonPage): Mrkdwn {
  const { email, title } = person.attributes;
  const parts = [...(email === undefined ? [] : [email]), ...(title === undefined ? [] : [title]), organization];
  const off = person.status === 'inactive' ? md`\n${signed(SIGNS.disabled)} in the directory: nobody provisions them.` : md``;
  return md`${bold(fullName(person))} · ${joined(parts, ' · ')}${off}`;
}

function memberships(all: readonly Membership[]): Mrkdwn {
  if (all.length === 0) return md`In no role and no group.`;
  const rest = all.length - MEMBERSHIPS;
  return md`In ${joined(all.slice(0, MEMBERSHIPS).map(placed), ' · ')}${rest > 0 ? ` and ${count(rest)} more` : ''}`;
}

function placed({ name, organization }: Membership): string {
  if (name === '') return 'a role or group of another organization';
  return organization === '' ? name : `${name} (${organization})`;
}

function accountBlocks(of: PersonAccount, { person, timeZone }: PersonPage): Blocks {
  const { connector, mayProvision } = of;
  const value = whyValue(connector.id, person.id);
  return [
    section(md`${bold(connector.name)} ${standing(of, timeZone)}`),
    actions([
      button({ text: 'Why', action: 'why.open', value, accessibilityLabel: `Why they have an account in ${connector.name}, or none` }),
      mayProvision && button({ text: 'Provision now', action: 'person.provision', value, accessibilityLabel: `Provision now in ${connector.name}` }),
    ]),
  ];
}

/** `● active since 3 Nov, assigned through Teachers (North High)`. */
function standing({ account, through, connector, protectedBecause }: PersonAccount, timeZone: string): Mrkdwn {
  const assigned = through === null ? md`not assigned` : md`assigned through ${placed(through)}`;
  const shielded = protectedBecause === null ? md`` : md`; protected: ${protectedBecause}`;
  const paused = connector.state.is === 'active' ? shielded : md`; the connector is ${connectorSign(connector.state, connector.health).word}${shielded}`;
  if (account === null) return md`– no account, ${assigned}${paused}`;
  const since = account.since === null ? md`` : md` since ${date(account.since, timeZone, 'date')}`;
  const due = account.deleteAt === null ? md`` : md`; scheduled for deletion on ${date(account.deleteAt, timeZone, 'date')}`;
  return md`${STATES[account.state]}${since}${account.origin === 'adopted' ? ', adopted' : ''}, ${assigned}${due}${paused}`;
}

/** Each entry of the list with *Un-protect…*, and *Protect…* unless they are protected everywhere; nothing for all but global admins. */
function shields({ protection, person }: PersonPage): Blocks {
  if (protection === null) return [];
  const everywhere = protection.some(({ connector }) => connector === null);
  return [
    ...protection.slice(0, SHIELDS).map(({ id, connector }) =>
      section(md`Protected in ${connector ?? 'all connectors'}`, {
        accessory: button({
          text: 'Un-protect…',
          action: 'protected.remove',
          value: id,
          accessibilityLabel: `Stop protecting them in ${connector ?? 'all connectors'}`,
        }),
      }),
    ),
    protection.length > SHIELDS && context(`and ${count(protection.length - SHIELDS)} more: see the list of protected people`),
    actions([
      !everywhere && button({ text: 'Protect…', action: 'protected.add', value: person.id }),
      button({ text: 'Protected people', action: 'protected.list' }),
    ]),
  ];
}

/** *Off-board…*, or that they are out, for whoever administers their organization (S25). */
function offboarding({ offboarding: of, person, timeZone }: PersonPage): Blocks {
  if (of === null) return [];
  if (of.since === null) return [actions([button({ text: 'Off-board…', action: 'offboard.open', value: person.id, style: 'danger' })])];
  return [
    section(md`${SIGNS.quarantined.sign} ${bold('Off-boarded')} since ${date(of.since, timeZone)}: stays out, whatever the directory says.`, {
      accessory: button({ text: 'Let back in…', action: 'offboard.release', value: person.id }),
    }),
  ];
}

const STATES = {
  pending: '… being created',
  active: '● active',
  inactive: '⏸ deactivated',
  invited: '… invited',
  gone: '– gone from the application',
} as const;

const WHAT: Readonly<Record<ProvisioningEvent['type'], string>> = {
  user_create_provision: 'create',
  user_update_provision: 'update',
  user_deprovision: 'deactivate',
  user_delete_provision: 'delete',
  user_lookup_provision: 'look up',
  group_create_provision: 'create group',
  group_update_provision: 'update group',
  group_delete_provision: 'delete group',
};

function eventLine(event: ProvisioningEvent, connector: string, timeZone: string): Mrkdwn {
  const error = event.success ? '' : `: ${(event.errorMessage ?? event.errorCode ?? 'no reason given').slice(0, 200)}`;
  return md`${event.success ? '✓' : '✕'} ${connector} · ${WHAT[event.type]}${error} · ${date(event.at, timeZone)} · ${event.runId}`;
}
