import { z } from 'zod';
import { partnersFor, partnerView, type PartnerSearch, sendPartnerView } from '../../src/domain/connectors/verbs/partner-view.ts';
import { partnerMessage, partnerModal, partnerSearchModal, readPartnerSearch, readPartnerState } from '../../views/connectors/partner-message.ts';
import { loading, note } from '../../views/notice.ts';
import { readPager } from '../../views/paging.ts';
import type { Answer, Ask, Command, Form, Press } from '../command.ts';
import { named, type Words } from '../words.ts';

const metadata = z.object({ partner: z.string() });
const NOTHING: PartnerSearch = { typed: '', by: 'organization' };

/** Who activated a partner's entries (C4): for the partner, and for global admins. */
export const partnerConnectors: Command = {
  typed: [
    {
      topic: 'connectors',
      verb: 'partner',
      usage: 'connectors partner [partner] [search=<words>] [in=organization|parent] [page=2] [to=file]',
      summary: 'Who activated a partner’s catalog entries',
      run: typedPartner,
    },
  ],
  presses: {
    'connectors.partner': (ask, press) => pressed(ask, press, press.value ?? '|', NOTHING, 1),
    'connectors.partner-page': (ask, press) => {
      const { page, value } = readPager(press.value ?? undefined);
      const { partner, search } = readPartnerState(value);
      return pressed(ask, press, partner, search, page);
    },
    'connectors.partner-search': async (ask, press) => {
      await partnersFor(ask.outside, ask.actor);
      return { is: 'modal', view: partnerSearchModal(readPartnerState(press.value)) };
    },
    'connectors.partner-file': (ask, press) => {
      const { partner, search } = readPartnerState(press.value);
      return file(ask, partner, search);
    },
  },
  forms: { 'connectors.partner-search': submitted },
};

async function pressed(ask: Ask, press: Press, partner: string | null, search: PartnerSearch, page: number): Promise<Answer> {
  return press.view === null ? shown(ask, partner, search, page, true) : shownInModal(ask, partner, search, page);
}

async function shownInModal(ask: Ask, partner: string | null, search: PartnerSearch, page: number): Promise<Answer> {
  await partnersFor(ask.outside, ask.actor);
  return { is: 'modal', view: loading('Partner', 'Counting accounts…'), later: async () => partnerModal(await pageOf(ask, partner, search, page)) };
}

async function pageOf(ask: Ask, partner: string | null, search: PartnerSearch, page: number): Promise<Parameters<typeof partnerMessage>[0]> {
  return { view: await partnerView(ask.outside, ask.actor, partner, search), page, timeZone: ask.outside.settings.timeZone };
}

async function typedPartner(ask: Ask, words: Words): Promise<Answer> {
  const { search: typed = '', in: by, page, to } = words.options;
  const search: PartnerSearch = { typed, by: by === 'parent' ? 'parent' : 'organization' };
  return to === 'file' ? file(ask, named(words), search) : shown(ask, named(words), search, Number(page ?? 1), false);
}

async function shown(ask: Ask, partner: string | null, search: PartnerSearch, page: number, replaces: boolean): Promise<Answer> {
  await partnersFor(ask.outside, ask.actor);
  return {
    is: 'message',
    message: note('Counting accounts…'),
    replaces,
    later: async () => partnerMessage(await pageOf(ask, partner, search, page)),
  };
}

async function file(ask: Ask, partner: string, search: PartnerSearch): Promise<Answer> {
  await partnersFor(ask.outside, ask.actor);
  return {
    is: 'message',
    message: note('Making the file…'),
    later: async () => note(`The file is in your direct messages: ${await sendPartnerView(ask.outside, ask.actor, partner, search)} lines.`),
  };
}

async function submitted(ask: Ask, form: Form): Promise<Answer> {
  const read = metadata.safeParse(form.metadata);
  return shownInModal(ask, read.success ? read.data.partner : '|', readPartnerSearch(form.state), 1);
}
