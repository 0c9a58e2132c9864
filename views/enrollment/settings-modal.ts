import type { EnrollmentPolicy, EnrollmentSwitch } from '../../src/domain/enrollment/policy.ts';
import type { SettingsRow, SettingsSeen } from '../../src/domain/enrollment/verbs/settings.ts';
import { actions, button, context, emailInput, input, type ModalView, modal, radioButtons, section } from '../blocks.ts';
import { clip } from '../clip.ts';
import { optionValue } from '../ids.ts';
import { bold, date, joined, md, type Mrkdwn } from '../mrkdwn.ts';
import { pageOf, pager } from '../paging.ts';
import { readOption, readText } from '../state.ts';
import { count, eitherOf, listed, plural } from '../words.ts';
import { LANGUAGE_WORDS, TYPE_WORDS } from './words.ts';

/** Connectors on one page. */
const PAGE = 10;

const shortName = (name: string): string => clip(name, 100);

/** `○ off`, `● on, arrive invited, test mode`. */
function switchLine({ on, arriveAs, testAddress }: EnrollmentSwitch): string {
  if (!on) return '○ off';
  return ['● on', ...(arriveAs === 'invited' ? ['accounts arrive invited'] : []), ...(testAddress === null ? [] : ['test mode'])].join(', ');
}

const REMINDERS = { half: 'at half time', 'day-before': 'one day before' } as const;

/** `10 days · locked after 5 wrong serials · reminders at half time and one day before · link · Español for people without a language`. */
export function policyLine(policy: Pick<EnrollmentPolicy, 'days' | 'attempts' | 'reminders' | 'types' | 'language'>): string {
  const { days, attempts, reminders, types, language } = policy;
  const reminded = reminders.length === 0 ? 'no reminders' : `reminders ${listed(reminders.map((reminder) => REMINDERS[reminder]))}`;
  const spoken = language === undefined ? '' : ` · ${LANGUAGE_WORDS[language]} for people without a language`;
  return `${plural(days, 'day')} · locked after ${plural(attempts, 'wrong serial')} · ${reminded} · ${eitherOf(types.map((type) => TYPE_WORDS[type]))}${spoken}`;
}

/** Every connector that somebody administers, with how it enrolls people; the way to all settings. */
export function settingsListModal(of: { readonly rows: readonly SettingsRow[]; readonly everywhere: boolean }, at: number): ModalView {
  const page = pageOf(of.rows, at, PAGE);
  return modal({
    callbackId: 'enroll.settings',
    title: 'Enrollment settings',
    blocks: [
      of.rows.length === 0 && section('No connectors that you administer. Enrollment is switched on for each connector.'),
      ...page.items.map(({ connector, switch: set, policy }) =>
        section(md`${bold(shortName(connector.name))} · ${switchLine(set)}\n${policyLine(policy)}`, {
          accessory: button({ text: 'Open', action: 'enroll.settings', value: connector.id, accessibilityLabel: `Open ${clip(connector.name, 60)}` }),
        }),
      ),
      page.pages > 1 && context(`${page.from} to ${page.to} of ${count(page.total)} connectors`),
      actions([
        ...pager('enroll.settings-page', page.page, page.pages),
        button({ text: 'Who waits for a seat', action: 'enroll.waiting' }),
        button({ text: 'Token stock', action: 'enroll.stock' }),
        of.everywhere && button({ text: 'Mail texts', action: 'enroll.letters' }),
        of.everywhere && button({ text: 'Policy of everybody…', action: 'enroll.policy', value: 'default' }),
        button({ text: '‹ Tasks', action: 'enroll.list' }),
      ]),
    ],
  });
}

/** How one connector enrolls people (E8, E13): what is in force, from where, and the ways to change it. */
export function settingsModal(of: SettingsSeen & { readonly timeZone: string }): ModalView {
  const { connector, switch: set } = of;
  const { id } = connector;
  return modal({
    callbackId: 'enroll.connector-settings',
    title: 'Enrollment settings',
    metadata: { connectorId: id },
    blocks: [
      section(md`${bold(shortName(connector.name))} · ${switchLine(set)}`),
      section(state(of)),
      set.testAddress !== null && section(md`${bold('Test mode')}: every mail goes to ${set.testAddress} instead.`),
      section(
        md`${bold('Policy')}: ${policyLine(of.policy.policy)}\n${of.policyOf === null ? 'As Usher comes; nobody set one.' : md`Set for ${shortName(of.policyOf)}.`}`,
        {
          accessory: button({ text: 'Policy…', action: 'enroll.policy', value: `connector/${id}` }),
        },
      ),
      !of.ready &&
        section(
          'No mail server or no enrollment page is set up on the host, so it can’t be switched on. Whoever runs Usher finds how in docs/configuration.md.',
        ),
      actions([
        of.ready && button({ text: set.on ? 'Change…' : 'Switch on…', action: 'enroll.on', value: id, style: set.on ? undefined : 'primary' }),
        set.on && button({ text: 'Switch off…', action: 'enroll.off', value: id, style: 'danger' }),
        button({ text: 'Policy of its organization…', action: 'enroll.policy', value: `organization/${optionValue(connector.organizationId)}` }),
        button({ text: 'Who waits for a seat', action: 'enroll.waiting', value: id }),
        button({ text: '‹ Settings', action: 'enroll.settings' }),
      ]),
      set.at > 0 && context(md`Switched ${set.on ? 'on' : 'off'} or changed by ${of.by}, ${date(set.at, of.timeZone)}`),
    ],
  });
}

function state({ switch: set, openTasks }: SettingsSeen): string {
  const tasks = `${plural(openTasks, 'open task')}`;
  if (!set.on) return `Nobody is e-mailed, and syncs make no tasks. ${tasks}.`;
  return `Each sync that creates accounts makes a task, and its people are e-mailed a link. ${tasks}.`;
}

/** Asks before enrollment is switched on, or changed: who gets mail from now on, and that nobody already there does (E13). */
export function switchOnModal(
  of: SettingsSeen,
  given: { readonly arriveAs?: EnrollmentSwitch['arriveAs']; readonly testAddress?: string | null } = {},
): ModalView {
  const { connector, switch: set, accounts } = of;
  const testAddress = given.testAddress === undefined ? set.testAddress : given.testAddress;
  return modal({
    callbackId: 'enroll.on',
    title: set.on ? 'Change enrollment' : 'Switch on enrollment',
    submit: set.on ? 'Save' : 'Switch on',
    metadata: { connectorId: connector.id, seen: of.version },
    blocks: [
      section(consequences(of)),
      input(
        'New accounts arrive',
        radioButtons({
          action: 'arriveAs',
          choices: [
            { text: 'Active at once', value: 'active', description: 'Accepting the link only enrolls.' },
            { text: 'Invited', value: 'invited', description: 'Inactive until accepted, as far as seats go.' },
          ],
          initial: given.arriveAs ?? set.arriveAs,
        }),
      ),
      input('Test mode: send every mail to', emailInput({ action: 'testAddress', placeholder: 'name@example.org', initial: testAddress }), {
        optional: true,
        hint: 'Empty: mail goes to the people themselves.',
      }),
      context(
        accounts === 0
          ? 'No accounts are there yet.'
          : `${plural(accounts, 'account')} already there: nobody of them is e-mailed, unless you provision them by hand in a task.`,
      ),
      actions([button({ text: '‹ Settings', action: 'enroll.settings', value: connector.id })]),
    ],
  });
}

function consequences({ connector, switch: set, policy }: SettingsSeen): Mrkdwn {
  const name = bold(shortName(connector.name));
  const rules = policyLine(policy.policy);
  if (set.on) return md`${name} enrolls people: ${rules}. What you change counts for accounts created from now on; mail goes where you say here at once.`;
  return joined(
    [
      md`From now on everybody for whom a sync creates an account in ${name} is e-mailed a link and must enroll: ${rules}.`,
      'Accounts that are there, adopted ones too, stay as they are.',
    ],
    '\n',
  );
}

/** What was filled in. */
export function readSwitchOn(values: unknown): Pick<EnrollmentSwitch, 'arriveAs' | 'testAddress'> {
  return { arriveAs: readOption(values, 'arriveAs') === 'invited' ? 'invited' : 'active', testAddress: readText(values, 'testAddress') };
}

/** Asks before enrollment is switched off. */
export function switchOffModal({ connector, openTasks }: SettingsSeen): ModalView {
  return modal({
    callbackId: 'enroll.off',
    title: 'Switch off enrollment?',
    submit: 'Switch off',
    close: 'Keep it on',
    metadata: { connectorId: connector.id },
    blocks: [
      section(md`Syncs of ${bold(shortName(connector.name))} make no tasks any more, and no mail goes out: no invitations, no reminders.`),
      section(
        openTasks === 0
          ? 'No open tasks.'
          : `${plural(openTasks, 'open task')} ${openTasks === 1 ? 'stays' : 'stay'}: links that were sent keep working until their date. Remove a task to end that too.`,
      ),
      actions([button({ text: '‹ Settings', action: 'enroll.settings', value: connector.id })]),
    ],
  });
}

/** The connector that a dialog is about, and the version of its switch that it showed, where that counts; null for any other metadata. */
export function readSettings(metadata: unknown): { readonly connectorId: string; readonly seen: number | undefined } | null {
  if (typeof metadata !== 'object' || metadata === null || !('connectorId' in metadata) || typeof metadata.connectorId !== 'string') return null;
  return { connectorId: metadata.connectorId, seen: 'seen' in metadata && typeof metadata.seen === 'number' ? metadata.seen : undefined };
}
