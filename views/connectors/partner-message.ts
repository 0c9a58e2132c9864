import type { PartnerRow, PartnerSearch, PartnerView, SearchedName } from '../../src/domain/connectors/verbs/partner-view.ts';
import {
  actions,
  button,
  context,
  externalSelect,
  input,
  type Message,
  message,
  type ModalView,
  modal,
  plainInput,
  section,
  staticSelect,
  table,
} from '../blocks.ts';
import { optionValue } from '../ids.ts';
import { bold, md } from '../mrkdwn.ts';
import { pageOf, pager } from '../paging.ts';
import { readOption, readText } from '../state.ts';
import { count, moment, plural } from '../words.ts';

/** Rows of the table on one page: a connector and each of its roles and groups. */
const ROWS = 25;
/** Longest words of a search: what is longer would not travel whole with the buttons. */
export const LONGEST_SEARCH = 100;
const PAGE = 10;
/** Roles and groups named with an organization in a modal. */
const PARTS = 6;

export interface PartnerPage {
  readonly view: PartnerView;
  readonly page: number;
  readonly timeZone: string;
}

/** What a button carries: whose view, as an option's value, and the search. */
interface PartnerState {
  readonly partner: string;
  readonly search: PartnerSearch;
}

/** Reads a button's value back; what is none names no partner. */
export function readPartnerState(value: string | null): PartnerState {
  const [by, partner, typed] = listIn(value);
  return {
    partner: typeof partner === 'string' ? partner : '',
    search: { by: by === 'parent' ? 'parent' : 'organization', typed: typeof typed === 'string' ? typed.slice(0, LONGEST_SEARCH) : '' },
  };
}

function listIn(value: string | null): readonly unknown[] {
  try {
    const read: unknown = JSON.parse(value ?? '');
    return Array.isArray(read) ? read : [];
  } catch {
    return [];
  }
}

const IN: Readonly<Record<SearchedName, string>> = { organization: 'organization name', parent: 'parent organization name' };

function stateOf({ partner, search }: PartnerView): string {
  return JSON.stringify([search.by, optionValue(partner.id), search.typed.slice(0, LONGEST_SEARCH)]);
}

function headOf({ partner, search, rows }: PartnerView): string {
  const looked = search.typed.trim() === '' ? '' : ` with “${search.typed.slice(0, LONGEST_SEARCH)}” in the ${IN[search.by]}`;
  const organizations = new Set(rows.map(({ organization, parent }) => `${parent}/${organization}`)).size;
  return rows.length === 0 ? `No organization${looked} activated an entry of ${partner.name}.` : `${plural(organizations, 'organization')}${looked}`;
}

/** In a modal, where no table can stand: ten a page (C4). */
export function partnerModal({ view, page, timeZone }: PartnerPage): ModalView {
  const shown = pageOf(view.rows, page, PAGE);
  const state = stateOf(view);
  return modal({
    callbackId: 'connectors.partner',
    title: 'Partner',
    metadata: {},
    blocks: [
      section(md`${bold(`Who uses ${view.partner.name}`)} · ${headOf(view)}`),
      ...shown.items.flatMap((row) => [
        section(md`${bold(row.organization)}${row.parent === '' ? '' : ` · ${row.parent}`} · ${coverage(row.total)}`),
        context(
          ...row.parts.slice(0, PARTS).map((part) => `${part.grouping}, ${part.organization} (${coverage(part)})`),
          row.parts.length > PARTS && `and ${plural(row.parts.length - PARTS, 'more role or group', 'more roles and groups')}`,
          `last assign ${day(row.lastAssign, timeZone)} · last provision ${day(row.lastProvision, timeZone)}`,
        ),
      ]),
      actions([
        partnerSelect(view),
        button({ text: 'Search…', action: 'connectors.partner-search', value: state }),
        view.rows.length > 0 && button({ text: 'Download CSV', action: 'connectors.partner-file', value: state }),
        ...pager('connectors.partner-page', shown.page, shown.pages, state),
      ]),
    ],
  });
}

/** The partner's view: who activated its entries, how many have accounts, when (C4). */
export function partnerMessage({ view, page, timeZone }: PartnerPage): Message {
  const { partner, rows } = view;
  const state = stateOf(view);
  const head = headOf(view);
  const lines = rows.flatMap((row) => [{ row, part: null }, ...row.parts.map((part) => ({ row, part }))]);
  const shown = pageOf(lines, page, ROWS);
  return message({
    text: `${partner.name}: ${head}`,
    blocks: [
      section(md`${bold(`Who uses ${partner.name}`)} · ${head}`),
      rows.length > 0 &&
        table(
          [
            { title: 'Organization', wrap: true },
            { title: 'Parent', wrap: true },
            { title: 'Accounts', align: 'right' },
            { title: 'Last assign' },
            { title: 'Last provision' },
          ],
          shown.items.map(({ row, part }) =>
            part === null ? cellsOf(row, timeZone) : [`↳ ${part.grouping}, ${part.organization}`, '', coverage(part), '', ''],
          ),
        ),
      actions([
        partnerSelect(view),
        button({ text: 'Search…', action: 'connectors.partner-search', value: state }),
        rows.length > 0 && button({ text: 'Download CSV', action: 'connectors.partner-file', value: state }),
        ...pager('connectors.partner-page', shown.page, shown.pages, state),
      ]),
      shown.pages > 1 && context(`Rows ${shown.from} to ${shown.to} of ${count(shown.total)}`),
    ],
  });
}

/** Another partner's view: for whoever may open more than one. */
function partnerSelect({ choices }: PartnerView): false | ReturnType<typeof externalSelect> {
  return choices.length > 1 && externalSelect({ action: 'connectors.partner', placeholder: 'Partner…' });
}

function cellsOf(row: PartnerRow, timeZone: string): readonly string[] {
  return [row.organization, row.parent === '' ? '–' : row.parent, coverage(row.total), day(row.lastAssign, timeZone), day(row.lastProvision, timeZone)];
}

function day(at: number | null, timeZone: string): string {
  return at === null ? '–' : moment(at, timeZone, 'date');
}

function coverage({ have, of }: PartnerRow['total']): string {
  return `${count(have)} of ${count(of)}`;
}

/** The search: words, and which name they are looked for in. */
export function partnerSearchModal({ partner, search }: PartnerState): ModalView {
  const choices = (['organization', 'parent'] as const).map((by) => ({ text: IN[by], value: by }));
  return modal({
    callbackId: 'connectors.partner-search',
    title: 'Search',
    submit: 'Search',
    close: 'Leave',
    metadata: { partner: optionValue(partner) },
    blocks: [
      input('Words', plainInput({ action: 'words', initial: search.typed, max: LONGEST_SEARCH, focus: true }), {
        optional: true,
        hint: 'All of them must be in the name; a part of a word is enough, letter case and accents are ignored. Empty: everything.',
      }),
      input('In', staticSelect({ action: 'by', placeholder: 'Which name', choices, initial: search.by })),
    ],
  });
}

export function readPartnerSearch(state: unknown): PartnerSearch {
  return { typed: (readText(state, 'words') ?? '').slice(0, LONGEST_SEARCH), by: readOption(state, 'by') === 'parent' ? 'parent' : 'organization' };
}
