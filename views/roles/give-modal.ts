import { ROLES, type Role } from '../../src/domain/rights/grant.ts';
import { type Choice, externalSelect, input, type ModalView, modal, plainInput, radioButtons, section, usersSelect } from '../blocks.ts';
import type { Mrkdwn } from '../mrkdwn.ts';
import { readOption, readText, readUser } from '../state.ts';
import { ROLE_WORDS } from './words.ts';

/** The option that stands for the whole installation. */
export const EVERYTHING: Choice = { text: 'Everything', value: '*', description: 'the whole installation' };

/** A role as it is filled in. */
export interface GiveForm {
  readonly userId: string | null;
  readonly group: Choice | null;
  readonly role: Role | null;
  readonly organization: Choice | null;
  readonly why: string | null;
}

export const NEW_ROLE: GiveForm = { userId: null, group: null, role: null, organization: null, why: null };

export interface Giving {
  readonly form: GiveForm;
  /** Roles for everything and for partners are a global admin's to give (X1). */
  readonly global: boolean;
  /** Why it was refused after Slack was asked, and what to do. */
  readonly problem: Mrkdwn | null;
}

/** Gives a person or a user group a role (X1). */
export function giveModal({ form, global, problem }: Giving): ModalView {
  const choices = ROLES.filter((role) => global || role !== 'partner').map((role) => ({ text: role, value: role, description: ROLE_WORDS[role] }));
  return modal({
    callbackId: 'roles.give',
    title: 'Give a role',
    submit: 'Give the role',
    blocks: [
      problem !== null && section(problem),
      input('Person', usersSelect({ action: 'holder', placeholder: 'Somebody of this workspace', initial: form.userId }), { optional: true }),
      input('or user group', externalSelect({ action: 'roles.group', placeholder: 'Everybody in it holds the role', initial: form.group }), {
        optional: true,
        hint: 'One of the two. A role of a group is held by whoever is in it at the time.',
      }),
      input('Role', radioButtons({ action: 'role', choices, initial: form.role })),
      input('Where', externalSelect({ action: 'roles.place', placeholder: 'Organization', initial: form.organization }), {
        hint: 'It holds there and for everything below.',
      }),
      input('Why', plainInput({ action: 'why', max: 300, initial: form.why, placeholder: 'For whoever reads the audit' }), { optional: true }),
    ],
  });
}

/** The form as it came back: ids of options, as they travel. */
export interface ReadGive {
  readonly userId: string | null;
  readonly group: string | null;
  readonly role: Role | null;
  readonly organization: string | null;
  readonly why: string | null;
}

export function readGive(state: unknown): ReadGive {
  const role = readOption(state, 'role');
  return {
    userId: readUser(state, 'holder'),
    group: readOption(state, 'roles.group'),
    role: ROLES.find((known) => known === role) ?? null,
    organization: readOption(state, 'roles.place'),
    why: readText(state, 'why'),
  };
}
