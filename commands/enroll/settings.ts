import type { ConnectorId } from '../../src/domain/connectors/connector.ts';
import { connectorNamed } from '../../src/domain/connectors/verbs/find.ts';
import { requireConnector } from '../../src/domain/connectors/verbs/require.ts';
import type { EnrollmentSwitch } from '../../src/domain/enrollment/policy.ts';
import { settingsOverview, settingsSeen } from '../../src/domain/enrollment/verbs/settings.ts';
import { setSwitch, type SwitchWish } from '../../src/domain/enrollment/verbs/steer.ts';
import { badInput, Refusal } from '../../src/domain/refusal.ts';
import { isGlobalAdmin } from '../../src/domain/rights/verbs/who.ts';
import { requireSomewhere } from '../../src/domain/rights/verbs/somewhere.ts';
import type { ModalView } from '../../views/blocks.ts';
import { readSettings, readSwitchOn, settingsListModal, settingsModal, switchOffModal, switchOnModal } from '../../views/enrollment/settings-modal.ts';
import { loading, note } from '../../views/notice.ts';
import { readPager } from '../../views/paging.ts';
import type { Answer, Ask, Command, Form, Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import { named, type Words } from '../words.ts';

const TITLE = 'Enrollment settings';

const on: Typed = {
  topic: 'enroll',
  verb: 'on',
  right: 'administer',
  usage: 'enroll on <connector> [arrive=active|invited] [test=<address>]',
  summary: 'Switch enrollment on, after telling what will happen',
  run: typedOn,
};
const off: Typed = {
  topic: 'enroll',
  verb: 'off',
  right: 'administer',
  usage: 'enroll off <connector>',
  summary: 'Switch enrollment and its mail off',
  run: typedOff,
};
const test: Typed = {
  topic: 'enroll',
  verb: 'test',
  right: 'administer',
  usage: 'enroll test <connector> address=<address>|none',
  summary: 'Test mode: send every enrollment mail to one address, or to the people again',
  run: typedTest,
};

/** Whether and how connectors enroll people (E8, E13). */
export const enrollSettings: Command = {
  typed: [
    {
      topic: 'enroll',
      verb: 'settings',
      right: 'administer',
      usage: 'enroll settings [connector]',
      summary: 'Whether and how a connector enrolls people, and all of them',
      run: typedSettings,
    },
    on,
    off,
    test,
  ],
  presses: {
    'enroll.settings': (ask, press) => (press.value === null ? overview(ask, 1) : shown(ask, press.value)),
    'enroll.settings-page': (ask, press) => overview(ask, readPager(press.value ?? undefined).page),
    'enroll.on': async (ask, press) => (press.value === null ? { is: 'nothing' } : confirmOn(ask, press.value)),
    'enroll.off': async (ask, press) => (press.value === null ? { is: 'nothing' } : confirmOff(ask, press.value)),
  },
  forms: {
    'enroll.on': (ask, form) => submitted(ask, form, { on: true, ...readSwitchOn(form.state) }),
    'enroll.off': (ask, form) => submitted(ask, form, { on: false }),
  },
};

async function typedSettings(ask: Ask, words: Words): Promise<Answer> {
  return named(words) === '' ? overview(ask, 1) : shown(ask, (await connectorNamed(ask.outside, ask.actor, named(words))).connector.id);
}

async function overview(ask: Ask, page: number): Promise<Answer> {
  const { outside, actor } = ask;
  await requireSomewhere(outside, actor, 'administer', 'see enrollment settings');
  const later = async (): Promise<ModalView> =>
    settingsListModal({ rows: await settingsOverview(outside, actor), everywhere: actor.grants.some(isGlobalAdmin) }, page);
  return { is: 'modal', view: loading(TITLE, 'Reading the settings…'), later };
}

async function shown(ask: Ask, connectorId: ConnectorId): Promise<Answer> {
  await permitted(ask, connectorId);
  return { is: 'modal', view: loading(TITLE, 'Reading the settings…'), later: () => drawn(ask, connectorId) };
}

async function drawn({ outside, actor }: Ask, connectorId: ConnectorId): Promise<ModalView> {
  return settingsModal({ ...(await settingsSeen(outside, actor, connectorId)), timeZone: outside.settings.timeZone });
}

async function permitted({ outside, actor }: Ask, connectorId: ConnectorId): Promise<void> {
  await requireConnector(outside, actor, connectorId, 'administer', 'change the enrollment settings of');
}

/** What is confirmed is computed when it opens (C11). */
async function confirmOn(ask: Ask, connectorId: ConnectorId, given: Parameters<typeof switchOnModal>[1] = {}): Promise<Answer> {
  await permitted(ask, connectorId);
  const later = async (): Promise<ModalView> => switchOnModal(await settingsSeen(ask.outside, ask.actor, connectorId), given);
  return { is: 'modal', view: loading('Enrollment', 'Counting whom it touches…'), later };
}

async function confirmOff(ask: Ask, connectorId: ConnectorId): Promise<Answer> {
  await permitted(ask, connectorId);
  const later = async (): Promise<ModalView> => switchOffModal(await settingsSeen(ask.outside, ask.actor, connectorId));
  return { is: 'modal', view: loading('Enrollment', 'Counting whom it touches…'), later };
}

/** To switch on takes what was shown; off is off, whatever it was. */
async function submitted(ask: Ask, form: Form, wish: SwitchWish): Promise<Answer> {
  const of = readSettings(form.metadata);
  if (of === null || (wish.on === true && of.seen === undefined)) throw new Refusal({ is: 'changed-meanwhile', what: 'This window' });
  await setSwitch(ask.outside, ask.actor, of.connectorId, wish, of.seen);
  return shown(ask, of.connectorId);
}

async function typedOn(ask: Ask, words: Words): Promise<Answer> {
  if (named(words) === '') throw usage(on, words);
  const { connector } = await connectorNamed(ask.outside, ask.actor, named(words));
  const { arrive, test: address } = words.options;
  const given = { ...(arrive === undefined ? {} : { arriveAs: arrivalIn(arrive) }), ...(address === undefined ? {} : { testAddress: addressIn(address) }) };
  return confirmOn(ask, connector.id, given);
}

async function typedOff(ask: Ask, words: Words): Promise<Answer> {
  if (named(words) === '') throw usage(off, words);
  return confirmOff(ask, (await connectorNamed(ask.outside, ask.actor, named(words))).connector.id);
}

async function typedTest(ask: Ask, words: Words): Promise<Answer> {
  const { address } = words.options;
  if (named(words) === '' || address === undefined) throw usage(test, words);
  const { outside, actor } = ask;
  const { connector } = await connectorNamed(outside, actor, named(words));
  await permitted(ask, connector.id);
  const { on: isOn, testAddress } = await setSwitch(outside, actor, connector.id, { testAddress: addressIn(address) });
  const now = testAddress === null ? `Mail of ${connector.name} goes to the people themselves.` : `Every mail of ${connector.name} goes to ${testAddress}.`;
  return { is: 'message', message: note(now, isOn ? undefined : 'Enrollment is off for it, so none goes out now.') };
}

function arrivalIn(typed: string): EnrollmentSwitch['arriveAs'] {
  if (typed === 'active' || typed === 'invited') return typed;
  throw badInput('arrive', `“${typed}” is neither.`, 'Type arrive=active or arrive=invited.');
}

function addressIn(typed: string): string | null {
  return /^(none|-|)$/i.test(typed) ? null : typed;
}
