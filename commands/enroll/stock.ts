import type { OrganizationId } from '../../src/domain/directory/organization.ts';
import { importStockFile, requireStockRight } from '../../src/domain/enrollment/verbs/stock-import.ts';
import { sendStockLog, stockOf, stockProblems } from '../../src/domain/enrollment/verbs/stock.ts';
import { badInput, Refusal } from '../../src/domain/refusal.ts';
import { holdsSomewhere } from '../../src/domain/rights/grant.ts';
import { requireSomewhere } from '../../src/domain/rights/verbs/somewhere.ts';
import type { Message } from '../../views/blocks.ts';
import { PROBLEMS, readStockImport, stockImportedModal, stockImportModal, stockModal } from '../../views/enrollment/stock-modal.ts';
import { loading, messageAsModal, note } from '../../views/notice.ts';
import { readPager } from '../../views/paging.ts';
import { plural } from '../../views/words.ts';
import { chosenOrganization, organizationChoices, organizationNamed } from '../choices.ts';
import type { Answer, Ask, Command, Form, Press, Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import { named, type Words } from '../words.ts';

/** Slack's own limit of a file in a form. */
const MOST = 10_000_000;

const log: Typed = {
  topic: 'enroll',
  verb: 'stock-log',
  right: 'see',
  usage: 'enroll stock-log <organization>',
  summary: 'Every line of the last token import, as a CSV to you',
  run: typedLog,
};

/** The stock of hardware tokens (E9): counts, import by file, the last import's log. */
export const stockCommands: Command = {
  typed: [
    {
      topic: 'enroll',
      verb: 'stock',
      right: 'see',
      usage: 'enroll stock [page=2]',
      summary: 'Hardware tokens by organization: available, reserved, used',
      run: (ask, words) => stock(ask, Number(words.options.page ?? 1)),
    },
    {
      topic: 'enroll',
      verb: 'import',
      right: 'administer',
      usage: 'enroll import [organization]',
      summary: 'Import token serials from a CSV file',
      run: typedImport,
    },
    log,
  ],
  presses: {
    'enroll.stock': (ask, press) => stock(ask, readPager(press.value ?? undefined).page),
    'enroll.import': openImport,
    'enroll.stock-log': pressedLog,
  },
  forms: { 'enroll.import': submitted },
  suggestions: { 'enroll.stock-organization': (ask, suggestion) => organizationChoices(ask, suggestion, 'administer') },
};

async function stock(ask: Ask, page: number): Promise<Answer> {
  const { outside, actor } = ask;
  const stocks = await stockOf(outside, actor);
  return { is: 'modal', view: stockModal({ stocks, mayImport: holdsSomewhere(actor, 'administer'), timeZone: outside.settings.timeZone }, page) };
}

async function openImport({ outside, actor }: Ask): Promise<Answer> {
  await requireSomewhere(outside, actor, 'administer', 'import tokens');
  return { is: 'modal', view: stockImportModal(null) };
}

async function typedImport(ask: Ask, words: Words): Promise<Answer> {
  const typed = named(words);
  if (typed === '') return openImport(ask);
  return { is: 'modal', view: stockImportModal(await organizationNamed(ask, typed, 'administer')) };
}

async function submitted(ask: Ask, form: Form): Promise<Answer> {
  const { outside, actor } = ask;
  const { organization: value, file } = readStockImport(form.state);
  const organization = value === null ? undefined : await chosenOrganization(ask, value, 'administer');
  if (organization === undefined) throw badInput('organization', 'There is no such organization.', 'Choose one.');
  if (file === null) throw badInput('file', 'No file is chosen.', 'Choose a CSV file.');
  await requireStockRight(outside, actor, organization.id);
  return {
    is: 'modal',
    view: loading('Import tokens', 'Reading the file…'),
    later: async () => {
      const log = await importStockFile(outside, actor, organization.id, await outside.workspace.download(file, MOST));
      return stockImportedModal({ organization, log, problems: await stockProblems(outside, organization.id, log.id, PROBLEMS) });
    },
  };
}

async function pressedLog(ask: Ask, press: Press): Promise<Answer> {
  const { value } = press;
  if (value === null) return { is: 'nothing' };
  const organization = await chosenOrganization(ask, value, 'see');
  if (organization === undefined) throw new Refusal({ is: 'not-found', what: 'stock', typed: value, near: [] });
  return { is: 'push', view: loading('Import log', 'Making the file…'), later: async () => messageAsModal(await sent(ask, organization.id)) };
}

async function typedLog(ask: Ask, words: Words): Promise<Answer> {
  if (named(words) === '') throw usage(log, words);
  const { id } = await organizationNamed(ask, named(words), 'see');
  return { is: 'message', message: note('Making the file…'), later: () => sent(ask, id) };
}

async function sent(ask: Ask, organizationId: OrganizationId): Promise<Message> {
  const { rows } = await sendStockLog(ask.outside, ask.actor, organizationId);
  return note(`${plural(rows, 'line')} sent to you as a direct message.`);
}
