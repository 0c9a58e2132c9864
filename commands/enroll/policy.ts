import { connectorNamed } from '../../src/domain/connectors/verbs/find.ts';
import { type Language, LANGUAGES } from '../../src/domain/enrollment/letter.ts';
import { AUTHENTICATION_TYPES, type AuthenticationType, type Reminder } from '../../src/domain/enrollment/policy.ts';
import type { PolicyScope } from '../../src/domain/enrollment/rules-in-force.ts';
import { type PolicySeen, policySeen } from '../../src/domain/enrollment/verbs/settings.ts';
import { type PolicyWish, setPolicy } from '../../src/domain/enrollment/verbs/steer.ts';
import { badInput, Refusal } from '../../src/domain/refusal.ts';
import type { Message } from '../../views/blocks.ts';
import { policyModal, readPolicy, readPolicyMetadata, readScope } from '../../views/enrollment/policy-modal.ts';
import { policyLine } from '../../views/enrollment/settings-modal.ts';
import { messageAsModal, note } from '../../views/notice.ts';
import { chosenOrganization, organizationNamed } from '../choices.ts';
import type { Answer, Ask, Command, Form, Press, Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import { named, type Words } from '../words.ts';

const policy: Typed = {
  topic: 'enroll',
  verb: 'policy',
  right: 'administer',
  usage:
    'enroll policy <connector> | organization=<organization> | for=everybody [days=10] [attempts=5] [reminders=half,day-before] [types=link,hardware-token] [language=en|es|none] [remove=yes]',
  summary: 'Days, attempts, reminders, ways to enroll, and the language of people without one: see them, or set them',
  run: typedPolicy,
};

/** How people enroll (E8): for a connector, an organization and below, or everybody. */
export const enrollPolicy: Command = {
  typed: [policy],
  presses: { 'enroll.policy': pressed, 'enroll.policy-remove': removed },
  forms: { 'enroll.policy': submitted },
};

async function pressed(ask: Ask, press: Press): Promise<Answer> {
  return { is: 'modal', view: policyModal(await policySeen(ask.outside, ask.actor, await known(ask, readScope(press.value)))) };
}

/** An organization's id travels as an option's value; one that is gone, or out of the person's sight since, is *not found*. */
async function known(ask: Ask, scope: PolicyScope | null): Promise<PolicyScope> {
  if (scope === null) throw new Refusal({ is: 'changed-meanwhile', what: 'This window' });
  if (scope.is !== 'organization') return scope;
  const organization = await chosenOrganization(ask, scope.id, 'see');
  if (organization === undefined) throw new Refusal({ is: 'not-found', what: 'organization', typed: scope.id, near: [] });
  return { is: 'organization', id: organization.id };
}

async function removed(ask: Ask, press: Press): Promise<Answer> {
  const shown = readPolicyMetadata(press.view?.metadata);
  const scope = await known(ask, shown?.scope ?? null);
  const { place } = await policySeen(ask.outside, ask.actor, scope);
  await setPolicy(ask.outside, ask.actor, scope, null, shown?.seen);
  return { is: 'modal', view: messageAsModal(taken(place)) };
}

async function submitted(ask: Ask, form: Form): Promise<Answer> {
  const shown = readPolicyMetadata(form.metadata);
  const scope = await known(ask, shown?.scope ?? null);
  await setPolicy(ask.outside, ask.actor, scope, readPolicy(form.state), shown?.seen);
  return { is: 'modal', view: messageAsModal(told(await policySeen(ask.outside, ask.actor, scope))) };
}

async function typedPolicy(ask: Ask, words: Words): Promise<Answer> {
  const { outside, actor } = ask;
  const scope = await scopeIn(ask, words);
  const seen = await policySeen(outside, actor, scope);
  if (isRemoval(words)) {
    await setPolicy(outside, actor, scope, null);
    return { is: 'message', message: taken(seen.place) };
  }
  const wish = wishIn(words, seen);
  if (wish === null) return { is: 'modal', view: policyModal(seen) };
  await setPolicy(outside, actor, scope, wish, seen.version);
  return { is: 'message', message: told(await policySeen(outside, actor, scope)) };
}

/** `remove=yes` and nothing to set beside it: whoever types that has been asked. Anything else with `remove=` is refused. */
function isRemoval(words: Words): boolean {
  const { remove, organization: _, for: __, ...beside } = words.options;
  if (remove === undefined) return false;
  if (remove !== 'yes' || Object.keys(beside).length > 0) throw usage(policy, words);
  return true;
}

async function scopeIn(ask: Ask, words: Words): Promise<PolicyScope> {
  const { organization, for: whom } = words.options;
  const typed = named(words);
  if ([typed !== '', organization !== undefined, whom !== undefined].filter(Boolean).length !== 1 || (whom !== undefined && whom !== 'everybody'))
    throw usage(policy, words);
  if (whom !== undefined) return { is: 'default' };
  if (organization !== undefined) return { is: 'organization', id: (await organizationNamed(ask, organization, 'administer')).id };
  return { is: 'connector', id: (await connectorNamed(ask.outside, ask.actor, typed)).connector.id };
}

/** What was typed over what counts; null where nothing was. */
function wishIn({ options }: Words, { policy: now }: PolicySeen): PolicyWish | null {
  const { days, attempts, reminders, types, language } = options;
  if ([days, attempts, reminders, types, language].every((typed) => typed === undefined)) return null;
  const spoken = language === undefined ? now.language : languageIn(language);
  return {
    days: days === undefined ? now.days : Number(days),
    attempts: attempts === undefined ? now.attempts : Number(attempts),
    reminders: reminders === undefined ? now.reminders : listIn<Reminder>('reminders', reminders, ['half', 'day-before']),
    types: types === undefined ? now.types : listIn<AuthenticationType>('types', types, AUTHENTICATION_TYPES),
    ...(spoken === undefined ? {} : { language: spoken }),
  };
}

/** `none` leaves it to English, and on the page to the browser. */
function languageIn(typed: string): Language | undefined {
  if (typed === 'none' || typed === '') return undefined;
  const found = LANGUAGES.find((one) => one === typed.toLowerCase());
  if (found === undefined) throw badInput('language', `“${typed}” is no language that Usher writes.`, `Type ${LANGUAGES.join(' or ')}, or none.`);
  return found;
}

/** `half,day-before`; `none` is none. */
function listIn<T extends string>(key: string, typed: string, known: readonly T[]): readonly T[] {
  if (typed === 'none' || typed === '') return [];
  return typed.split(',').map((part) => {
    const found = known.find((one) => one === part.trim());
    if (found === undefined) throw badInput(key, `“${part.trim()}” is none of them.`, `Type ${known.join(',')}, or one of them.`);
    return found;
  });
}

function told({ place, policy: now }: PolicySeen): Message {
  return note(
    `Policy for ${place}: ${policyLine(now)}.`,
    'Tasks that are open keep what they began with; new stop dates, and the language at once, go by this.',
  );
}

function taken(place: string): Message {
  return note(`The policy for ${place} is removed.`, 'What is set above it counts from now on.');
}
