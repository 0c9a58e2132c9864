import { connectorsOverview } from '../../src/domain/connectors/verbs/overview.ts';
import type { Organization } from '../../src/domain/directory/organization.ts';
import { holdsSomewhere } from '../../src/domain/rights/grant.ts';
import { requireRole } from '../../src/domain/rights/verbs/who.ts';
import { namesOf } from '../../src/domain/rights/verbs/names.ts';
import { type ConnectorsList, connectorsMessage } from '../../views/connectors/list-message.ts';
import { connectorsModal } from '../../views/connectors/list-modal.ts';
import { loading, note } from '../../views/notice.ts';
import { readPager } from '../../views/paging.ts';
import { chosenOrganization, organizationChoices, organizationNamed } from '../choices.ts';
import type { Answer, Ask, Command, Press } from '../command.ts';
import { named, type Words } from '../words.ts';

/** The list of connectors, of one organization and below or of all that the person may see (C1–C3). */
export const listConnectors: Command = {
  typed: [
    { topic: 'connectors', verb: '', usage: 'connectors', summary: 'List connectors with their accounts', run: (ask) => list(ask, null, 1, false) },
    {
      topic: 'connectors',
      verb: 'list',
      usage: 'connectors list [<organization>|organization=<organization>] [page=2]',
      summary: 'The same for one organization and below',
      run: typedList,
    },
  ],
  presses: {
    'connectors.list': (ask, press) => (press.view === null ? list(ask, null, 1, false) : listIn(ask, null, 1)),
    'connectors.organization': async (ask, press) => scoped(ask, press, press.value ?? '', 1),
    'connectors.page': pressedPage,
  },
  suggestions: { 'connectors.organization': (ask, suggestion) => organizationChoices(ask, suggestion, 'see') },
};

async function typedList(ask: Ask, words: Words): Promise<Answer> {
  const typed = words.options.organization ?? named(words);
  return list(ask, typed === '' ? null : await organizationNamed(ask, typed, 'see'), Number(words.options.page ?? 1), false);
}

async function pressedPage(ask: Ask, press: Press): Promise<Answer> {
  const { page, value } = readPager(press.value ?? undefined);
  return scoped(ask, press, value, page);
}

async function scoped(ask: Ask, press: Press, chosen: string, page: number): Promise<Answer> {
  const organization = chosen === '' ? null : ((await chosenOrganization(ask, chosen, 'see')) ?? null);
  return press.view === null ? list(ask, organization, page, true) : listIn(ask, organization, page);
}

/** In the Home tab and in modals no table can stand: the list is a modal there. */
async function listIn(ask: Ask, organization: Organization | null, page: number): Promise<Answer> {
  await requireRole(ask.outside, ask.actor);
  return { is: 'modal', view: loading('Connectors', 'Counting accounts…'), later: async () => connectorsModal(await counted(ask, organization, page)) };
}

async function list(ask: Ask, organization: Organization | null, page: number, replaces: boolean): Promise<Answer> {
  await requireRole(ask.outside, ask.actor);
  return { is: 'message', message: note('Counting accounts…'), replaces, later: async () => connectorsMessage(await counted(ask, organization, page)) };
}

async function counted(ask: Ask, organization: Organization | null, page: number): Promise<ConnectorsList> {
  const { outside } = ask;
  const rows = await connectorsOverview(outside, ask.actor, organization?.id ?? null);
  const may = { create: holdsSomewhere(ask.actor, 'administer'), see: holdsSomewhere(ask.actor, 'see') };
  const names = await namesOf(
    outside,
    rows.flatMap(({ connector }) => (connector.lastAssign === null ? [] : [connector.lastAssign.by])),
  );
  return { rows, organization, page, timeZone: organization?.timeZone ?? outside.settings.timeZone, names, may };
}
