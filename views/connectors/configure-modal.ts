import type { Instance } from '../../src/domain/catalog/catalog.ts';
import type { Connector, Draft, OperatingSettings } from '../../src/domain/connectors/connector.ts';
import { SCIM_ATTRIBUTES } from '../../src/domain/connectors/mapping.ts';
import {
  actions,
  type Blocks,
  button,
  checkboxes,
  context,
  emailInput,
  input,
  type ModalView,
  modal,
  numberInput,
  plainInput,
  radioButtons,
  section,
  staticSelect,
  urlInput,
} from '../blocks.ts';
import { bold, joined, md } from '../mrkdwn.ts';
import { readNumber, readOption, readOptions, readText } from '../state.ts';

export const STEPS = ['where', 'what', 'attributes', 'pace', 'secret'] as const;
export type Step = (typeof STEPS)[number];

/** What every step of the configure modal shows and carries. */
export interface Configuring {
  readonly connector: Connector;
  readonly draft: Draft;
  readonly instance: Instance | null;
  /** Of the organization, offered for the schedule. */
  readonly timeZone: string;
}

const TITLES: Readonly<Record<Step, string>> = { where: 'Where', what: 'What', attributes: 'Attributes', pace: 'Pace', secret: 'Secret' };

/** What a button to another step carries. */
export function stepValue(step: Step, connectorId: string): string {
  return `${step}/${connectorId}`;
}

/** The step and connector of a pressed button; null for anything else. */
export function readStep(value: string | null): { readonly step: Step; readonly connectorId: string } | null {
  const [, name, connectorId] = /^([a-z]+)\/(.+)$/.exec(value ?? '') ?? [];
  const step = STEPS.find((one) => one === name);
  return step === undefined || connectorId === undefined ? null : { step, connectorId };
}

/** The frame of a step: its place in the row, *Back*, and *Revert* where there is something to go back to. */
export function stepModal(of: Configuring, step: Step, submit: string, blocks: Blocks, page?: number): ModalView {
  const at = STEPS.indexOf(step);
  const before = STEPS[at - 1];
  return modal({
    callbackId: `connectors.configure.${step}`,
    title: `Configure: ${TITLES[step]}`,
    submit,
    close: 'Leave',
    metadata: { connectorId: of.connector.id, ...(page === undefined ? {} : { page }) },
    blocks: [
      section(
        md`${bold(of.connector.name)} · step ${at + 1} of ${STEPS.length}: ${joined(
          STEPS.map((one) => (one === step ? bold(TITLES[one]) : TITLES[one])),
          ' › ',
        )}`,
      ),
      ...blocks,
      actions([
        before !== undefined && button({ text: `‹ Back to ${TITLES[before]}`, action: 'connectors.step', value: stepValue(before, of.connector.id) }),
        of.connector.draft !== null &&
          of.connector.inForce !== null &&
          button({
            text: 'Revert',
            action: 'connectors.revert',
            value: of.connector.id,
            style: 'danger',
            confirm: {
              title: 'Throw the edits away?',
              text: 'What is in force stays in force.',
              confirm: 'Revert',
              style: 'danger',
            },
          }),
      ]),
      context('What you typed is kept at each step: this window can be left and resumed.'),
    ],
  });
}

/** Step 1: base URL and test address. */
export function whereModal(of: Configuring): ModalView {
  const settled = of.connector.inForce !== null && of.connector.state.is !== 'disconnected';
  return stepModal(of, 'where', 'Next', [
    input('SCIM base URL', urlInput({ action: 'baseUrl', placeholder: 'https://api.example.com/scim/v2', initial: of.draft.baseUrl, focus: true }), {
      hint: settled
        ? 'Another address is another tenant: disconnect first, then reconnect there.'
        : 'From the application’s SCIM or provisioning page. It must be https.',
    }),
    input('Test e-mail address', emailInput({ action: 'testEmail', placeholder: 'usher-test@your-school.example', initial: of.draft.testEmail }), {
      hint: 'The rehearsal makes, changes and removes a test user with it. Nobody in the application may have it.',
    }),
  ]);
}

export function readWhere(state: unknown): Draft {
  const baseUrl = readText(state, 'baseUrl');
  const testEmail = readText(state, 'testEmail');
  return { ...(baseUrl === null ? {} : { baseUrl }), ...(testEmail === null ? {} : { testEmail }) };
}

const MATCHING = SCIM_ATTRIBUTES.filter(({ path }) => ['userName', 'emails[work].value'].includes(path) || path.endsWith('employeeNumber'));

/** Step 2: groups, matching, leavers, tier. */
export function whatModal(of: Configuring): ModalView {
  const leavers = of.draft.leavers ?? { are: 'deactivated' };
  return stepModal(of, 'what', 'Next', [
    input(
      'Existing accounts are matched on',
      staticSelect({
        action: 'matching',
        choices: MATCHING.map(({ path, label }) => ({ text: label, value: path })),
        initial: of.draft.matching ?? 'userName',
      }),
      {
        hint: 'The external id is tried first. Case is ignored.',
      },
    ),
    input(
      'People who leave',
      radioButtons({
        action: 'leavers',
        choices: [
          { text: 'are deactivated', value: 'deactivated' },
          { text: 'are deactivated, and deleted later', value: 'deleted' },
        ],
        initial: leavers.are,
      }),
    ),
    input('Deleted after how many days', numberInput({ action: 'afterDays', min: 1, max: 3650, initial: leavers.are === 'deleted' ? leavers.afterDays : 30 }), {
      optional: true,
      hint: 'Only where they are deleted. They are listed until then, and it can be cancelled.',
    }),
    input(
      'Groups',
      checkboxes({
        action: 'groups',
        choices: [{ text: 'Make the assigned roles and groups in the application too', value: 'manage' }],
        initial: of.draft.manageGroups === true ? ['manage'] : [],
      }),
      { optional: true },
    ),
    input('Licence tier attribute', plainInput({ action: 'tier', placeholder: 'userType', initial: of.draft.tierAttribute, max: 120 }), {
      optional: true,
      hint: 'The attribute that tells the licence tier, where the application has tiers.',
    }),
  ]);
}

export function readWhat(state: unknown): Draft {
  return {
    matching: readOption(state, 'matching') ?? 'userName',
    leavers: readOption(state, 'leavers') === 'deleted' ? { are: 'deleted', afterDays: readNumber(state, 'afterDays') ?? 30 } : { are: 'deactivated' },
    manageGroups: readOptions(state, 'groups').includes('manage'),
    tierAttribute: readText(state, 'tier'),
  };
}

/** Step 4: rate, schedule, thresholds, seats. They take effect at once (C9). */
export function paceModal(of: Configuring): ModalView {
  const { operating } = of.connector;
  const seats = of.instance?.seats;
  return stepModal(of, 'pace', 'Next', [
    context('These need no rehearsal and take effect at once.'),
    input('Requests a second', numberInput({ action: 'rate', decimal: true, min: 0.1, max: 10_000, initial: operating.requestsPerSecond }), {
      optional: true,
      hint: 'The application’s limit; empty for none.',
    }),
    input('Requests at once', numberInput({ action: 'concurrency', min: 1, max: 128, initial: operating.concurrency })),
    input('Schedule', plainInput({ action: 'cron', placeholder: '0 6 * * *', initial: operating.schedule?.cron, max: 100 }), {
      optional: true,
      hint: 'Cron: minute hour day month weekday. Empty: only when somebody asks.',
    }),
    input(
      'Time zone of the schedule',
      plainInput({ action: 'zone', placeholder: 'Europe/Madrid', initial: operating.schedule?.timeZone ?? of.timeZone, max: 60 }),
      { optional: true },
    ),
    input('Stop before removing more than … people', numberInput({ action: 'fuse', min: 0, initial: operating.fuse.people })),
    input('… and more than … % of the accounts', numberInput({ action: 'fusePercent', decimal: true, min: 0, max: 100, initial: operating.fuse.percent })),
    input('… or more than … people in any case', numberInput({ action: 'fuseAbsolute', min: 0, initial: operating.fuse.absolute })),
    input(
      'Seats',
      plainInput({
        action: 'seats',
        placeholder: 'unlimited',
        initial: seats === undefined || seats.is === 'unlimited' ? null : seats.is === 'set' ? String(seats.total) : `${seats.path} ${seats.pointer}`,
        max: 120,
      }),
      {
        optional: true,
        hint: 'A number, or a path and pointer to read it from the application (/Seats /total). Empty: unlimited.',
      },
    ),
  ]);
}

export type SeatsInput =
  | { readonly is: 'unlimited' }
  | { readonly is: 'set'; readonly total: number }
  | { readonly is: 'read'; readonly path: string; readonly pointer: string };

/** `null` seats could not be understood. */
export function readPace(state: unknown): {
  readonly operating: Omit<OperatingSettings, 'schedule'>;
  readonly cron: string | null;
  readonly zone: string | null;
  readonly seats: SeatsInput | null;
} {
  return {
    operating: {
      requestsPerSecond: readNumber(state, 'rate'),
      concurrency: readNumber(state, 'concurrency') ?? 16,
      fuse: {
        people: readNumber(state, 'fuse') ?? 10,
        percent: readNumber(state, 'fusePercent') ?? 5,
        absolute: readNumber(state, 'fuseAbsolute') ?? 50,
      },
    },
    cron: readText(state, 'cron'),
    zone: readText(state, 'zone'),
    seats: seatsIn(readText(state, 'seats')),
  };
}

/** `500`, `unlimited`, or `/Seats /total`; null for anything else. */
export function seatsIn(text: string | null): SeatsInput | null {
  const typed = (text ?? '').trim();
  if (typed === '' || /^unlimited$/i.test(typed)) return { is: 'unlimited' };
  if (/^\d[\d,. ]*$/.test(typed)) return { is: 'set', total: Number(typed.replace(/[,. ]/g, '')) };
  const [, path, pointer] = /^(\/\S*)\s+(\/\S*)$/.exec(typed) ?? [];
  return path === undefined || pointer === undefined ? null : { is: 'read', path, pointer };
}
