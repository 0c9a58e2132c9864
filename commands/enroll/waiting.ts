import type { ConnectorId } from '../../src/domain/connectors/connector.ts';
import { connectorNamed } from '../../src/domain/connectors/verbs/find.ts';
import { requireConnector } from '../../src/domain/connectors/verbs/require.ts';
import { findPerson } from '../../src/domain/directory/verbs/find.ts';
import type { PersonId } from '../../src/domain/directory/person.ts';
import type { BulkSummary } from '../../src/domain/enrollment/shown.ts';
import { activateByHand, waitingFor } from '../../src/domain/enrollment/verbs/seats.ts';
import { settingsOverview } from '../../src/domain/enrollment/verbs/settings.ts';
import { requireSomewhere } from '../../src/domain/rights/verbs/somewhere.ts';
import type { Message, ModalView } from '../../views/blocks.ts';
import { activatedMessage, readActivate, waitingListModal, waitingModal } from '../../views/enrollment/waiting-modal.ts';
import { isValueOf } from '../../views/ids.ts';
import { loading, note } from '../../views/notice.ts';
import { readPager } from '../../views/paging.ts';
import type { Answer, Ask, Command, Press, Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import { named, type Words } from '../words.ts';

const TITLE = 'Waiting for a seat';
const READING = 'Reading who waits…';

const activate: Typed = {
  topic: 'enroll',
  verb: 'activate',
  right: 'administer',
  usage: 'enroll activate <connector> person=<person> | waiting=all',
  summary: 'Give invited people a seat: one, or all who wait as far as seats go',
  run: typedActivate,
};

/** Who waits for a seat, and giving them one (E10). */
export const enrollWaiting: Command = {
  typed: [
    {
      topic: 'enroll',
      verb: 'waiting',
      right: 'administer',
      usage: 'enroll waiting [connector]',
      summary: 'Who waits for a seat since when; activate, add seats',
      run: typedWaiting,
    },
    activate,
  ],
  presses: {
    'enroll.waiting': (ask, press) => (press.value === null ? overview(ask, 1) : shown(ask, press.value, 1)),
    'enroll.waiting-list': (ask, press) => overview(ask, readPager(press.value ?? undefined).page),
    'enroll.waiting-page': paged,
    'enroll.activate': activateOne,
    'enroll.activate-all': activateAll,
  },
};

async function typedWaiting(ask: Ask, words: Words): Promise<Answer> {
  return named(words) === '' ? overview(ask, 1) : shown(ask, (await connectorNamed(ask.outside, ask.actor, named(words))).connector.id, 1);
}

/** Where accounts arrive invited, or somebody waits still. */
async function overview(ask: Ask, page: number): Promise<Answer> {
  const { outside, actor } = ask;
  await requireSomewhere(outside, actor, 'administer', 'see who waits for a seat');
  const later = async (): Promise<ModalView> => {
    const rows: { readonly id: string; readonly name: string; readonly waiting: number }[] = [];
    for (const { connector, switch: set } of await settingsOverview(outside, actor)) {
      const waiting = (await waitingFor(outside, actor, connector.id)).waiting.length;
      if (waiting > 0 || (set.on && set.arriveAs === 'invited')) rows.push({ id: connector.id, name: connector.name, waiting });
    }
    return waitingListModal(rows, page);
  };
  return { is: 'modal', view: loading(TITLE, READING), later };
}

async function shown(ask: Ask, connectorId: ConnectorId, page: number): Promise<Answer> {
  await permitted(ask, connectorId);
  return { is: 'modal', view: loading(TITLE, READING), later: () => drawn(ask, connectorId, page, null) };
}

async function permitted({ outside, actor }: Ask, connectorId: ConnectorId): Promise<void> {
  await requireConnector(outside, actor, connectorId, 'administer', 'activate people of');
}

async function drawn({ outside, actor }: Ask, connectorId: ConnectorId, page: number, summary: BulkSummary | null): Promise<ModalView> {
  return waitingModal({ ...(await waitingFor(outside, actor, connectorId)), timeZone: outside.settings.timeZone, summary }, page);
}

async function paged(ask: Ask, press: Press): Promise<Answer> {
  const { page, value } = readPager(press.value ?? undefined);
  return shown(ask, value, page);
}

async function activateOne(ask: Ask, press: Press): Promise<Answer> {
  const meant = readActivate(press.value);
  if (meant === null) return { is: 'nothing' };
  return activated(ask, meant.connectorId, async () => {
    const { waiting } = await waitingFor(ask.outside, ask.actor, meant.connectorId);
    return waiting.map(({ personId }) => personId).filter((personId) => isValueOf(meant.person, personId));
  });
}

async function activateAll(ask: Ask, press: Press): Promise<Answer> {
  const { value } = press;
  return value === null ? { is: 'nothing' } : activated(ask, value, () => everybodyThatFits(ask, value));
}

async function activated(ask: Ask, connectorId: ConnectorId, whom: () => Promise<readonly PersonId[]>): Promise<Answer> {
  const { outside, actor } = ask;
  await permitted(ask, connectorId);
  const later = async (): Promise<ModalView> => drawn(ask, connectorId, 1, await activateByHand(outside, actor, connectorId, await whom()));
  return { is: 'modal', view: loading(TITLE, 'Giving seats…'), later };
}

/** First come, first served, as far as seats go now. */
async function everybodyThatFits({ outside, actor }: Ask, connectorId: ConnectorId): Promise<readonly PersonId[]> {
  const { waiting, seats } = await waitingFor(outside, actor, connectorId);
  return waiting.slice(0, seats.free ?? waiting.length).map(({ personId }) => personId);
}

async function typedActivate(ask: Ask, words: Words): Promise<Answer> {
  const { outside, actor } = ask;
  const { person, waiting } = words.options;
  if (named(words) === '' || (person === undefined) === (waiting === undefined) || (waiting !== undefined && waiting !== 'all')) throw usage(activate, words);
  const { connector } = await connectorNamed(outside, actor, named(words));
  await permitted(ask, connector.id);
  const later = async (): Promise<Message> => {
    const ids = person === undefined ? await everybodyThatFits(ask, connector.id) : [(await findPerson(outside, actor, person)).id];
    return activatedMessage(await activateByHand(outside, actor, connector.id, ids));
  };
  return { is: 'message', message: note('Giving seats…'), later };
}
