import type { ListedGrant } from '../../src/domain/rights/verbs/role-grants.ts';
import {
  actions,
  type Blocks,
  button,
  context,
  externalSelect,
  type Message,
  message,
  type ModalView,
  modal,
  section,
  staticSelect,
  table,
} from '../blocks.ts';
import { bold, date, joined, md, type Mrkdwn } from '../mrkdwn.ts';
import { pageOf, pager } from '../paging.ts';
import { count, moment, plural } from '../words.ts';
import { holderOf, placeOf, suspensionOf } from './words.ts';

/** Rows of the table; and of the list where no table can stand. */
const ROWS = 25;
const SECTIONS = 10;

/** Whose roles, or where: null is every role that the viewer may see. */
export type RolesScope =
  | { readonly is: 'person'; readonly userId: string; readonly name: string }
  | { readonly is: 'organization'; readonly id: string; readonly name: string };

export interface RolesList {
  readonly roles: readonly ListedGrant[];
  readonly scope: RolesScope | null;
  readonly page: number;
  readonly timeZone: string;
  readonly names: (userId: string) => string;
  /** What works for the viewer: giving roles somewhere, and seeing who left. */
  readonly may: { readonly give: boolean; readonly left: boolean };
}

/** Who holds what, through which group, from whom (X1): one table, one *Open…* below. */
export function rolesMessage(list: RolesList): Message {
  const page = pageOf(list.roles, list.page, ROWS);
  const head = headOf(list);
  return message({
    text: `${head}: ${list.roles.map((grant) => `${grant.holderName} ${grant.role} of ${placeOf(grant)}`).join(', ')}`,
    blocks: [
      section(md`${bold('Roles')} · ${head}`, { accessory: list.may.give && organizationPicker(list.scope) }),
      page.total > 0 &&
        table(
          [{ title: 'Who', wrap: true }, { title: 'Role' }, { title: 'For', wrap: true }, { title: 'Given', wrap: true }, { title: 'State', wrap: true }],
          page.items.map((grant) => [holderOf(grant), grant.role, placeOf(grant), givenCell(grant, list), suspensionOf(grant) || 'in effect']),
        ),
      actions([
        page.total > 0 &&
          staticSelect({
            action: 'roles.open',
            placeholder: 'Open…',
            choices: page.items.map((grant) => ({ text: `${grant.holderName} · ${grant.role}`, value: grant.id, description: placeOf(grant) })),
          }),
        ...buttons(list),
        ...pager('roles.page', page.page, page.pages, scopeValue(list.scope)),
      ]),
      page.pages > 1 && context(`${page.from} to ${page.to} of ${count(page.total)}`),
    ],
  });
}

/** The same where no table can stand: from the Home tab, and in modals. */
export function rolesModal(list: RolesList): ModalView {
  const page = pageOf(list.roles, list.page, SECTIONS);
  return modal({
    callbackId: 'roles.list',
    title: 'Roles',
    blocks: [
      section(headOf(list), { accessory: list.may.give && organizationPicker(list.scope) }),
      ...page.items.map((grant) => grantSection(grant, list)),
      actions([...buttons(list), ...pager('roles.page', page.page, page.pages, scopeValue(list.scope))]),
      page.pages > 1 && context(`${page.from} to ${page.to} of ${count(page.total)}`),
    ],
  });
}

/** What a pager button or a picker means: the scope as it travels. */
export function readScope(value: string): { readonly is: 'person' | 'organization'; readonly id: string } | null {
  const [, kind, id] = /^([po]):(.+)$/s.exec(value) ?? [];
  return id === undefined ? null : { is: kind === 'p' ? 'person' : 'organization', id };
}

function scopeValue(scope: RolesScope | null): string {
  if (scope === null) return '';
  return scope.is === 'person' ? `p:${scope.userId}` : `o:${scope.id}`;
}

function headOf({ roles, scope }: RolesList): string {
  const number = plural(roles.length, 'role');
  if (scope === null) return roles.length === 0 ? 'No role is given yet.' : `${number} that you may see`;
  return scope.is === 'person' ? `${number} of ${scope.name}` : `${number} that hold in ${scope.name} or below`;
}

function organizationPicker(scope: RolesScope | null): ReturnType<typeof externalSelect> {
  return externalSelect({
    action: 'roles.organization',
    placeholder: 'Organization',
    initial: scope?.is === 'organization' ? { text: scope.name, value: scope.id } : null,
  });
}

function buttons({ may }: RolesList): readonly (ReturnType<typeof button> | false)[] {
  return [
    may.give && button({ text: 'Give a role…', action: 'roles.give', style: 'primary' }),
    button({ text: 'My roles', action: 'roles.mine' }),
    may.left && button({ text: 'People who left', action: 'roles.left' }),
  ];
}

function givenCell({ given }: ListedGrant, { timeZone, names }: RolesList): string {
  return given === null ? 'by the configuration' : `${moment(given.at, timeZone, 'date')}, ${names(given.by)}`;
}

function grantSection(grant: ListedGrant, list: RolesList): Blocks[number] {
  const lines = [md`${bold(holderOf(grant))} · ${grant.role} of ${placeOf(grant)}`, ...givenLines(grant, list)];
  return section(joined(lines, '\n'), {
    accessory: button({ text: 'Open', action: 'roles.open', value: grant.id, accessibilityLabel: `Open the role ${grant.role} of ${grant.holderName}` }),
  });
}

/** From where it is, and that it is suspended: a line each. */
export function givenLines(grant: ListedGrant, { timeZone, names }: Pick<RolesList, 'timeZone' | 'names'>): readonly Mrkdwn[] {
  const { given } = grant;
  const from = given === null ? md`from the configuration` : md`given by ${names(given.by)}, ${date(given.at, timeZone, 'date')}`;
  const suspended = suspensionOf(grant);
  return suspended === '' ? [from] : [from, md`${suspended}`];
}
