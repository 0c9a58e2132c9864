import { type Actor, holds, holdsSomewhere } from '../../src/domain/rights/grant.ts';
import { myRoles, rolesAt, rolesOf } from '../../src/domain/rights/verbs/mine.ts';
import { namesOf } from '../../src/domain/rights/verbs/names.ts';
import { type ListedGrant, roleGrants } from '../../src/domain/rights/verbs/role-grants.ts';
import { requireRole } from '../../src/domain/rights/verbs/who.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { type RolesList, type RolesScope, readScope, rolesMessage, rolesModal } from '../../views/roles/list.ts';
import { mineMessage } from '../../views/roles/mine-message.ts';
import { roleModal } from '../../views/roles/role-modal.ts';
import { isValueOf } from '../../views/ids.ts';
import { loading, note } from '../../views/notice.ts';
import { readPager } from '../../views/paging.ts';
import { chosenOrganization, organizationChoices, organizationNamed } from '../choices.ts';
import type { Answer, Ask, Command, Press } from '../command.ts';
import { named, userIn, type Words } from '../words.ts';

/** Who holds what (X1), and what the person holds themselves. */
export const listRoles: Command = {
  typed: [
    { topic: 'roles', verb: '', usage: 'roles [page=2]', summary: 'Who holds which role, through what, from whom', run: typedList },
    { topic: 'roles', verb: '*', usage: 'roles <organization or @person> [page=2]', summary: 'The same of one organization, or of one person', run: typedList },
    { topic: 'roles', verb: 'mine', usage: 'roles mine', summary: 'What you hold, through what, and whom to ask for more', run: mine },
    {
      topic: 'roles',
      verb: 'show',
      usage: 'roles show <role>',
      summary: 'One role, with Take it away',
      run: (ask, words) => open(ask, (words.objects[0] ?? '').toUpperCase()),
    },
  ],
  presses: {
    'roles.list': (ask, press) => (press.view === null ? list(ask, null, 1, false) : listIn(ask, null, 1)),
    'roles.page': paged,
    'roles.organization': async (ask, press) => scoped(ask, press, press.value === null ? null : { is: 'organization', id: press.value }, 1),
    'roles.open': (ask, press) => open(ask, press.value ?? ''),
    'roles.mine': mine,
  },
  suggestions: { 'roles.organization': (ask, suggestion) => organizationChoices(ask, suggestion, 'administer') },
};

type Scope = { readonly is: 'person' | 'organization'; readonly id: string } | null;

async function typedList(ask: Ask, words: Words): Promise<Answer> {
  const typed = named(words);
  const page = Number(words.options.page ?? 1);
  const userId = userIn(typed);
  if (userId !== null) return list(ask, { is: 'person', id: userId }, page, false);
  if (typed === '') return list(ask, null, page, false);
  await requireRole(ask.outside, ask.actor);
  const { id } = await organizationNamed(ask, typed, 'administer');
  return list(ask, { is: 'organization', id }, page, false);
}

async function paged(ask: Ask, press: Press): Promise<Answer> {
  const { page, value } = readPager(press.value ?? undefined);
  return scoped(ask, press, readScope(value), page);
}

async function scoped(ask: Ask, press: Press, scope: Scope, page: number): Promise<Answer> {
  return press.view === null ? list(ask, scope, page, true) : listIn(ask, scope, page);
}

async function list(ask: Ask, scope: Scope, page: number, replaces: boolean): Promise<Answer> {
  await requireRole(ask.outside, ask.actor);
  return { is: 'message', message: note('Reading who holds what…'), replaces, later: async () => rolesMessage(await drawn(ask, scope, page)) };
}

/** In the Home tab and in modals no table can stand: the list is a modal there. */
async function listIn(ask: Ask, scope: Scope, page: number): Promise<Answer> {
  await requireRole(ask.outside, ask.actor);
  return { is: 'modal', view: loading('Roles', 'Reading who holds what…'), later: async () => rolesModal(await drawn(ask, scope, page)) };
}

async function drawn(ask: Ask, wanted: Scope, page: number): Promise<RolesList> {
  const { outside, actor } = ask;
  const scope = await scopeOf(ask, wanted);
  const roles = scope?.is === 'organization' ? await rolesAt(outside, actor, scope.id) : await rolesOf(outside, actor, scope?.userId ?? null);
  return { roles, scope, page, timeZone: outside.settings.timeZone, names: await namesGiven(ask, roles), may: mayOf(actor) };
}

/** What works for the person of what can be pressed there. */
function mayOf(actor: Actor): RolesList['may'] {
  return { give: holdsSomewhere(actor, 'administer'), left: holds(actor, 'administer', null, new Map()) };
}

async function scopeOf(ask: Ask, wanted: Scope): Promise<RolesScope | null> {
  if (wanted === null) return null;
  if (wanted.is === 'person') return { is: 'person', userId: wanted.id, name: (await namesOf(ask.outside, [wanted.id]))(wanted.id) };
  const organization = await chosenOrganization(ask, wanted.id, 'administer');
  if (organization === undefined) throw new Refusal({ is: 'not-found', what: 'organization', typed: wanted.id, near: [] });
  return { is: 'organization', id: organization.id, name: organization.name };
}

async function open(ask: Ask, grantId: string): Promise<Answer> {
  const grant = (await roleGrants(ask.outside, ask.actor)).find(({ id }) => isValueOf(grantId, id) || id === grantId);
  if (grant === undefined) throw new Refusal({ is: 'not-found', what: 'role', typed: grantId, near: [] });
  return {
    is: 'modal',
    view: loading('Role', 'Reading it…'),
    later: async () => roleModal({ grant, timeZone: ask.outside.settings.timeZone, names: await namesGiven(ask, [grant]) }),
  };
}

async function mine(ask: Ask): Promise<Answer> {
  const { roles, ask: whom } = await myRoles(ask.outside, ask.actor);
  return {
    is: 'message',
    message: note('Reading your roles…'),
    later: async () => mineMessage({ roles, ask: whom, timeZone: ask.outside.settings.timeZone, names: await namesGiven(ask, roles) }),
  };
}

/** Plain names of whoever gave them. */
function namesGiven(ask: Ask, roles: readonly ListedGrant[]): Promise<(userId: string) => string> {
  return namesOf(
    ask.outside,
    roles.flatMap(({ given }) => (given === null ? [] : [given.by])),
  );
}
