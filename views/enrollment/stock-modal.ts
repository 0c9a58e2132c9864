import { available, type StockImport, type StockLine } from '../../src/domain/enrollment/stock.ts';
import type { SeenStock } from '../../src/domain/enrollment/verbs/stock.ts';
import { actions, button, context, externalSelect, fileInput, input, type ModalView, modal, section } from '../blocks.ts';
import { clip } from '../clip.ts';
import { optionValue } from '../ids.ts';
import { bold, date, joined, md, type Mrkdwn } from '../mrkdwn.ts';
import { pageOf, pager } from '../paging.ts';
import { readFile, readOption } from '../state.ts';
import { count, listed, plural } from '../words.ts';

/** Organizations on one page. */
const PAGE = 10;
/** Lines of an import that are told here; the others are in its file. */
export const PROBLEMS = 10;

export interface StockScreen {
  readonly stocks: readonly SeenStock[];
  /** They may import somewhere. */
  readonly mayImport: boolean;
  readonly timeZone: string;
}

/** Hardware tokens by organization, with what is left of them and how the last import went (E9). */
export function stockModal({ stocks, mayImport, timeZone }: StockScreen, at: number): ModalView {
  const page = pageOf(stocks, at, PAGE);
  return modal({
    callbackId: 'enroll.stock',
    title: 'Token stock',
    blocks: [
      stocks.length === 0 && section('No tokens imported. Connectors that enroll people with hardware tokens take them from here.'),
      ...page.items.map((one) =>
        section(stockLines(one, timeZone), {
          accessory: button({
            text: 'Import log',
            action: 'enroll.stock-log',
            value: optionValue(one.organization.id),
            accessibilityLabel: 'Send the import log',
          }),
        }),
      ),
      page.pages > 1 && context(`${page.from} to ${page.to} of ${count(page.total)} organizations`),
      actions([
        mayImport && button({ text: 'Import…', action: 'enroll.import', style: 'primary' }),
        ...pager('enroll.stock', page.page, page.pages),
        button({ text: '‹ Tasks', action: 'enroll.list' }),
      ]),
      context('A stock serves the connectors of its organization and of those below it: the nearest one with a token left.'),
    ],
  });
}

function stockLines({ organization, stock, lastImport }: SeenStock, timeZone: string): Mrkdwn {
  const counts = `${count(available(stock))} available · ${count(stock.reserved)} reserved · ${count(stock.used)} used`;
  return joined(
    [
      md`${bold(clip(organization.name, 100))} · ${plural(stock.total, 'token')}: ${counts}`,
      ...(lastImport === null ? [] : [md`Last import ${date(lastImport.at, timeZone)}: ${importWords(lastImport)}`]),
    ],
    '\n',
  );
}

/** `tokens.csv, 40 added, 2 already there, 1 invalid`. */
function importWords({ file, added, there, invalid, state }: StockImport): string {
  const counts = `${count(added)} added, ${count(there)} already there, ${count(invalid)} invalid`;
  return `${clip(file, 80)}, ${counts}${state === 'running' ? '; not finished' : ''}`;
}

/** Asks for the file and whose stock it is. */
export function stockImportModal(organization: { readonly id: string; readonly name: string } | null): ModalView {
  return modal({
    callbackId: 'enroll.import',
    title: 'Import tokens',
    submit: 'Import',
    blocks: [
      input(
        'Stock of',
        externalSelect({
          action: 'enroll.stock-organization',
          placeholder: 'Organization',
          initial: organization === null ? null : { text: organization.name, value: organization.id },
        }),
        { blockId: 'organization', hint: 'It serves connectors that this organization or one below it owns.' },
      ),
      input('CSV file', fileInput({ action: 'file', types: ['csv', 'txt'] }), {
        hint: 'With a header. The column “serial” is read, others are left aside. At most 10 MB; a longer file is imported on the host.',
      }),
      context('The same file again adds nothing. Blanks and hyphens in a serial, and its letter case, do not count.'),
      actions([button({ text: '‹ Token stock', action: 'enroll.stock' })]),
    ],
  });
}

/** What was filled in: the option of the organization, the id of the file. */
export function readStockImport(state: unknown): { readonly organization: string | null; readonly file: string | null } {
  return { organization: readOption(state, 'organization', 'enroll.stock-organization'), file: readFile(state, 'file') };
}

/** How an import came out (E9): numbers first, then the first lines that were not added. */
export function stockImportedModal(of: {
  readonly organization: SeenStock['organization'];
  readonly log: StockImport;
  readonly problems: readonly StockLine[];
}): ModalView {
  const { organization, log } = of;
  const left = log.there + log.invalid - of.problems.length;
  return modal({
    callbackId: 'enroll.imported',
    title: 'Tokens imported',
    blocks: [
      section(md`${bold(clip(organization.name, 100))}: ${importWords(log)}.`),
      log.ignored.length > 0 &&
        context(
          `Columns left aside: ${listed(
            log.ignored.map((name) => clip(name, 40)),
            5,
          )}`,
        ),
      of.problems.length > 0 && section(joined(of.problems.map(problemLine), '\n')),
      left > 0 && context(`and ${count(left)} more in the import log`),
      actions([
        button({ text: 'Import log', action: 'enroll.stock-log', value: optionValue(organization.id) }),
        button({ text: '‹ Token stock', action: 'enroll.stock' }),
      ]),
    ],
  });
}

function problemLine({ line, serial, outcome }: StockLine): Mrkdwn {
  const shown = serial === '' ? '' : ` ${clip(serial, 40)}`;
  switch (outcome.is) {
    case 'added':
      return md`line ${count(line)}${shown}: added`;
    case 'there':
      return md`line ${count(line)}${shown}: already there${outcome.elsewhere ? ', in another stock' : ''}`;
    case 'invalid':
      return md`line ${count(line)}${shown}: ${outcome.why}`;
  }
}
