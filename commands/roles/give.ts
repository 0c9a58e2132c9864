import { fold } from '../../src/domain/directory/fold.ts';
import { badInput, Refusal } from '../../src/domain/refusal.ts';
import { holds, ROLES, type Role } from '../../src/domain/rights/grant.ts';
import type { Holder, RoleChange } from '../../src/domain/rights/role-grant.ts';
import { requireSomewhere } from '../../src/domain/rights/verbs/somewhere.ts';
import type { Choice, ModalView } from '../../views/blocks.ts';
import { loading, note } from '../../views/notice.ts';
import { refusalLine } from '../../views/refusal.ts';
import { EVERYTHING, giveModal, type GiveForm, NEW_ROLE, type ReadGive, readGive } from '../../views/roles/give-modal.ts';
import { groupChoices } from '../approvals/approvers.ts';
import { chosenOrganization, organizationChoices, organizationNamed } from '../choices.ts';
import type { Answer, Ask, Command, Form, Suggestion, Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import { groupIn, userIn, type Words } from '../words.ts';
import { changed } from './changed.ts';

type Give = Extract<RoleChange, { is: 'give' }>;

const give: Typed = {
  topic: 'roles',
  verb: 'give',
  right: 'administer',
  usage: `roles give <@person or @group> <${ROLES.join('|')}> [<organization>|organization=<organization>|everything] [why=<reason>]`,
  summary: 'Give a role, for an organization and below; without words: the form',
  run: typedGive,
};

/** Giving a person or a user group a role (X1). */
export const giveRoles: Command = {
  typed: [give],
  presses: { 'roles.give': open },
  forms: { 'roles.give': submitted },
  suggestions: { 'roles.group': groups, 'roles.place': places },
};

async function permitted(ask: Ask): Promise<void> {
  await requireSomewhere(ask.outside, ask.actor, 'administer', 'give roles');
}

/** Roles for everything and for partners are a global admin's to give (X1). */
function isGlobal(ask: Ask): boolean {
  return holds(ask.actor, 'administer', null, new Map());
}

async function open(ask: Ask): Promise<Answer> {
  await permitted(ask);
  return { is: 'modal', view: giveModal({ form: NEW_ROLE, global: isGlobal(ask), problem: null }) };
}

async function groups(ask: Ask, suggestion: Suggestion): Promise<readonly Choice[]> {
  await permitted(ask);
  return groupChoices(ask, suggestion);
}

async function places(ask: Ask, suggestion: Suggestion): Promise<readonly Choice[]> {
  const everything = isGlobal(ask) && fold(EVERYTHING.text).startsWith(fold(suggestion.typed)) ? [EVERYTHING] : [];
  return [...everything, ...(await organizationChoices(ask, suggestion, 'administer'))];
}

async function submitted(ask: Ask, form: Form): Promise<Answer> {
  await permitted(ask);
  const read = readGive(form.state);
  const change = await changeOf(ask, read);
  return { is: 'modal', view: loading('Give a role', 'Asking Slack who that is…'), later: () => given(ask, change, read) };
}

/** Slack is asked after the ack; where it leads to a refusal, the form stands again as it was filled in. */
async function given(ask: Ask, change: Give, read: ReadGive): Promise<ModalView> {
  try {
    return await (await changed(ask, change)).modal();
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    const { reason } = refusal;
    const sentence = reason.is === 'bad-input' ? { ...reason, field: null } : reason;
    return giveModal({ form: await formAgain(ask, read), global: isGlobal(ask), problem: refusalLine(sentence, ask.outside.settings) });
  }
}

async function changeOf(ask: Ask, { userId, group, role, organization, why }: ReadGive): Promise<Give> {
  if (userId === null && group === null) throw badInput('holder', 'Nobody is chosen.', 'Choose a person or a user group.');
  if (userId !== null && group !== null) throw badInput('roles.group', 'A person is chosen as well.', 'Choose one of the two.');
  if (role === null) throw badInput('role', 'No role is chosen.', 'Choose one.');
  if (organization === null) throw badInput('roles.place', 'Nothing is chosen.', 'Choose where it holds.');
  return { is: 'give', holder: holderOf(ask, userId, group), role, organizationId: await placeOf(ask, organization), why };
}

/** A person's or group's own team is what Slack says of it; the verb reads it anew. */
function holderOf(ask: Ask, userId: string | null, groupId: string | null): Holder {
  const { teamId } = ask.actor;
  return userId === null ? { is: 'group', teamId, groupId: groupId ?? '' } : { is: 'person', teamId, userId };
}

async function placeOf(ask: Ask, value: string): Promise<string | null> {
  if (value === EVERYTHING.value) return null;
  const organization = await chosenOrganization(ask, value, 'administer');
  if (organization === undefined) throw badInput('roles.place', 'That organization is not yours to administer.', 'Choose another one.');
  return organization.id;
}

async function formAgain(ask: Ask, { userId, group, role, organization, why }: ReadGive): Promise<GiveForm> {
  const found = group === null ? undefined : (await ask.outside.workspace.groups()).find(({ id }) => id === group);
  const place = organization === null || organization === EVERYTHING.value ? undefined : await chosenOrganization(ask, organization, 'administer');
  const where = organization === EVERYTHING.value ? EVERYTHING : place === undefined ? null : { text: place.name, value: place.id };
  return { userId, group: found === undefined ? null : { text: found.name, value: found.id }, role, organization: where, why };
}

async function typedGive(ask: Ask, words: Words): Promise<Answer> {
  const [who, typedRole, ...where] = words.objects;
  if (who === undefined && Object.keys(words.options).length === 0) return open(ask);
  const userId = userIn(who ?? '');
  const groupId = groupIn(who ?? '');
  const role = ROLES.find((known) => known === typedRole?.toLowerCase());
  if ((userId === null && groupId === null) || role === undefined) throw usage(give, words);
  await permitted(ask);
  const change: Give = {
    ...{ is: 'give', holder: holderOf(ask, userId, groupId), role },
    ...{ organizationId: await typedPlace(ask, words, role, where.join(' ')), why: words.options.why ?? null },
  };
  return { is: 'message', message: note('Asking Slack who that is…'), later: async () => (await changed(ask, change)).message() };
}

/** A named organization, or everything. One must be named: a role for everything is never given by leaving a word out. */
async function typedPlace(ask: Ask, words: Words, role: Role, rest: string): Promise<string | null> {
  const typed = words.options.organization ?? rest;
  if (/^(everything|everywhere|\*)$/i.test(typed)) return null;
  if (typed === '') {
    const [only, ...others] = await organizationChoices(ask, { route: '', typed: '', view: null }, 'administer');
    if (only === undefined || others.length > 0 || isGlobal(ask))
      throw badInput('organization', `It isn’t said where they are to be ${role}.`, 'Type an organization, or everything.');
    return only.value;
  }
  return (await organizationNamed(ask, typed, 'administer')).id;
}
