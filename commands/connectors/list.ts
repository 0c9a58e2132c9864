import { connectorsOverview } from '../../src/domain/connectors/verbs/overview.ts';
import type { Organization } from '../../src/domain/directory/organization.ts';
import { requireRole } from '../../src/domain/rights/verbs/who.ts';
import { namesOf } from '../../src/domain/rights/verbs/names.ts';
import type { Message } from '../../views/blocks.ts';
import { connectorsMessage } from '../../views/connectors/list-message.ts';
import { note } from '../../views/notice.ts';
import { readPager } from '../../views/paging.ts';
import { chosenOrganization, organizationChoices, organizationNamed } from '../choices.ts';
import type { Answer, Ask, Command, Press } from '../command.ts';
import { named, type Words } from '../words.ts';

/** The list of connectors, of one organization and below or of all that the person may see (C1–C3). */
export const listConnectors: Command = {
  typed: [
    { topic: 'connectors', verb: '', usage: 'connectors', summary: 'List connectors with their accounts', run: (ask) => list(ask, null, 1, false) },
    { topic: 'connectors', verb: 'list', usage: 'connectors list [organization] [page=2]', summary: 'The same for one organization and below', run: typedList },
  ],
  presses: {
    'connectors.list': (ask) => list(ask, null, 1, false),
    'connectors.organization': async (ask, press) => list(ask, (await chosenOrganization(ask, press.value ?? '', 'see')) ?? null, 1, true),
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
  return list(ask, value === '' ? null : ((await chosenOrganization(ask, value, 'see')) ?? null), page, true);
}

async function list(ask: Ask, organization: Organization | null, page: number, replaces: boolean): Promise<Answer> {
  requireRole(ask.outside, ask.actor);
  return { is: 'message', message: note('Counting accounts…'), replaces, later: () => drawn(ask, organization, page) };
}

async function drawn(ask: Ask, organization: Organization | null, page: number): Promise<Message> {
  const { outside } = ask;
  const rows = await connectorsOverview(outside, ask.actor, organization?.id ?? null);
  const names = await namesOf(
    outside,
    rows.flatMap(({ connector }) => (connector.lastAssign === null ? [] : [connector.lastAssign.by])),
  );
  return connectorsMessage({ rows, organization, page, timeZone: organization?.timeZone ?? outside.settings.timeZone, names });
}
