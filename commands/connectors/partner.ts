import { z } from 'zod';
import { partnersFor, partnerView, type PartnerSearch, type SearchedName, sendPartnerView } from '../../src/domain/connectors/verbs/partner-view.ts';
import { badInput, Refusal } from '../../src/domain/refusal.ts';
import type { Choice } from '../../views/blocks.ts';
import {
  LONGEST_SEARCH,
  partnerMessage,
  partnerModal,
  partnerSearchModal,
  readPartnerSearch,
  readPartnerState,
} from '../../views/connectors/partner-message.ts';
import { isValueOf } from '../../views/ids.ts';
import { loading, note } from '../../views/notice.ts';
import { readPager } from '../../views/paging.ts';
import { plural } from '../../views/words.ts';
import { fittingChoices } from '../choices.ts';
import type { Answer, Ask, Command, Form, Press, Suggestion, Typed } from '../command.ts';
import { named, type Words } from '../words.ts';

const metadata = z.object({ partner: z.string() });
const NOTHING: PartnerSearch = { typed: '', by: 'organization' };

const typed: Typed = {
  topic: 'connectors',
  verb: 'partner',
  usage: 'connectors partner [partner] [search=<words>] [in=organization|parent] [page=2] [to=file]',
  summary: 'Who activated a partner’s catalog entries',
  run: typedPartner,
};

/** Who activated a partner's entries (C4): for the partner, and for global admins. */
export const partnerConnectors: Command = {
  typed: [typed],
  presses: {
    'connectors.partner': async (ask, press) => pressed(ask, press, press.value === null ? null : await chosen(ask, press.value), NOTHING, 1),
    'connectors.partner-page': async (ask, press) => {
      const { page, value } = readPager(press.value ?? undefined);
      const { partner, search } = readPartnerState(value);
      return pressed(ask, press, await chosen(ask, partner), search, page);
    },
    'connectors.partner-search': async (ask, press) => {
      const state = readPartnerState(press.value);
      await chosen(ask, state.partner);
      return { is: 'modal', view: partnerSearchModal(state) };
    },
    'connectors.partner-file': async (ask, press) => {
      const { partner, search } = readPartnerState(press.value);
      return file(ask, await chosen(ask, partner), search);
    },
  },
  forms: { 'connectors.partner-search': submitted },
  suggestions: { 'connectors.partner': partners },
};

async function partners(ask: Ask, { typed: text }: Suggestion): Promise<readonly Choice[]> {
  return fittingChoices(text, await partnersFor(ask.outside, ask.actor));
}

/** The id of the partner whose option or button was pressed; *not found* where it is none of theirs. */
async function chosen(ask: Ask, value: string): Promise<string> {
  const found = (await partnersFor(ask.outside, ask.actor)).find(({ id }) => isValueOf(value, id));
  if (found === undefined) throw new Refusal({ is: 'not-found', what: 'partner', typed: value, near: [] });
  return found.id;
}

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
  const { search: sought = '', in: by = 'organization', page = '1', to } = words.options;
  if (to !== undefined && to.toLowerCase() !== 'file') throw badInput('to', `“${to}” is nowhere to send it.`, 'Type to=file: it comes by direct message.');
  if (sought.length > LONGEST_SEARCH) throw badInput('search', `A search has at most ${LONGEST_SEARCH} characters.`, 'Type fewer words.');
  const search: PartnerSearch = { typed: sought, by: searchedName(by) };
  return to === undefined ? shown(ask, named(words), search, Number(page), false) : file(ask, named(words), search);
}

function searchedName(typedName: string): SearchedName {
  const name = typedName.toLowerCase();
  if (name !== 'organization' && name !== 'parent') throw badInput('in', `“${typedName}” is no name to search.`, 'Type in=organization or in=parent.');
  return name;
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
    later: async () => note(`The file is in your direct messages: ${plural(await sendPartnerView(ask.outside, ask.actor, partner, search), 'line')}.`),
  };
}

async function submitted(ask: Ask, form: Form): Promise<Answer> {
  const read = metadata.safeParse(form.metadata);
  return shownInModal(ask, await chosen(ask, read.success ? read.data.partner : ''), readPartnerSearch(form.state), 1);
}
