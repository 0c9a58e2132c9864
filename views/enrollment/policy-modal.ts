import { LANGUAGES } from '../../src/domain/enrollment/letter.ts';
import { AUTHENTICATION_TYPES, type AuthenticationType, type EnrollmentPolicy, type Reminder } from '../../src/domain/enrollment/policy.ts';
import type { PolicyScope } from '../../src/domain/enrollment/rules-in-force.ts';
import type { PolicySeen } from '../../src/domain/enrollment/verbs/settings.ts';
import { actions, button, checkboxes, context, input, type ModalView, modal, numberInput, section, staticSelect } from '../blocks.ts';
import { clip } from '../clip.ts';
import { optionValue } from '../ids.ts';
import { bold, md } from '../mrkdwn.ts';
import { readNumber, readOption, readOptions } from '../state.ts';
import { LANGUAGE_WORDS, TYPE_WORDS } from './words.ts';

type Wish = Pick<EnrollmentPolicy, 'days' | 'attempts' | 'reminders' | 'types' | 'language'>;

/** `connector/<id>`, `organization/<its option value>` or `default`; null for anything else. */
export function readScope(value: unknown): PolicyScope | null {
  if (value === 'default') return { is: 'default' };
  const [, is, id] = typeof value === 'string' ? (/^(connector|organization)\/(.+)$/s.exec(value) ?? []) : [];
  return (is === 'connector' || is === 'organization') && id !== undefined ? { is, id } : null;
}

function scopeValue(scope: PolicyScope): string {
  return scope.is === 'default' ? 'default' : `${scope.is}/${scope.is === 'organization' ? optionValue(scope.id) : scope.id}`;
}

/** How people enroll, for a connector, an organization or everybody (E8). */
export function policyModal({ scope, place, policy, set, version }: PolicySeen): ModalView {
  const value = scopeValue(scope);
  return modal({
    callbackId: 'enroll.policy',
    title: 'Enrollment policy',
    submit: 'Save',
    metadata: { scope: value, seen: version },
    blocks: [
      section(md`For ${bold(clip(place, 120))}. ${set ? 'It is set here.' : 'Nothing is set here yet: what is shown counts from above.'}`),
      input('Days to enroll', numberInput({ action: 'days', initial: policy.days, min: 1, max: 365 }), {
        hint: 'Whole days in the organization’s zone; the day of the start is not counted.',
      }),
      input('Wrong serials before an entry locks', numberInput({ action: 'attempts', initial: policy.attempts, min: 1, max: 50 })),
      input(
        'Reminders',
        checkboxes({
          action: 'reminders',
          choices: [
            { text: 'At half time', value: 'half' },
            { text: 'One day before', value: 'day-before' },
          ],
          initial: policy.reminders,
        }),
        { optional: true },
      ),
      input(
        'How they enroll',
        checkboxes({
          action: 'types',
          choices: [
            { text: TYPE_WORDS.link, value: 'link', description: 'They accept the invitation.' },
            { text: TYPE_WORDS['hardware-token'], value: 'hardware-token', description: 'They type the serial of the token handed to them.' },
          ],
          initial: policy.types,
        }),
        { hint: 'With both, each person chooses.' },
      ),
      language(policy),
      context(
        'For tasks made from now on, and for stop dates computed anew. The connector’s own policy counts first, then that of the nearest organization above, then everybody’s.',
      ),
      actions([
        set && button({ text: 'Remove this policy', action: 'enroll.policy-remove', value, style: 'danger', confirm: removal(place) }),
        button({ text: '‹ Settings', action: 'enroll.settings', ...(scope.is === 'connector' ? { value: scope.id } : {}) }),
      ]),
    ],
  });
}

/** Starts empty where none is set: saving other things must not settle a language. */
function language({ language: initial }: Wish): ReturnType<typeof input> {
  const choices = LANGUAGES.map((one) => ({ text: LANGUAGE_WORDS[one], value: one }));
  return input('Language of people without one', staticSelect({ action: 'language', choices, initial, placeholder: 'English' }), {
    optional: true,
    hint: 'Of mails, printed slips and the page, for people whose profile names neither. Nothing chosen: English, and on the page what their browser asks for. It counts at once.',
  });
}

function removal(place: string): NonNullable<Parameters<typeof button>[0]['confirm']> {
  return { title: 'Remove this policy?', text: `New tasks of ${clip(place, 100)} go by the policy above it then.`, confirm: 'Remove', style: 'danger' };
}

/** What was filled in; a number that is none is NaN, which the domain refuses by its field. */
export function readPolicy(values: unknown): Wish {
  const reminders = readOptions(values, 'reminders').filter((value): value is Reminder => value === 'half' || value === 'day-before');
  const types = readOptions(values, 'types').filter((value): value is AuthenticationType => AUTHENTICATION_TYPES.some((type) => type === value));
  const chosen = readOption(values, 'language');
  const spoken = LANGUAGES.find((one) => one === chosen);
  return {
    ...{ days: readNumber(values, 'days') ?? Number.NaN, attempts: readNumber(values, 'attempts') ?? Number.NaN, reminders, types },
    ...(spoken === undefined ? {} : { language: spoken }),
  };
}

/** The place that a form is about, as `readScope`, and the version that was shown; null for any other metadata. */
export function readPolicyMetadata(metadata: unknown): { readonly scope: PolicyScope; readonly seen: number } | null {
  if (typeof metadata !== 'object' || metadata === null || !('scope' in metadata) || !('seen' in metadata)) return null;
  const scope = readScope(metadata.scope);
  return scope === null || typeof metadata.seen !== 'number' ? null : { scope, seen: metadata.seen };
}
