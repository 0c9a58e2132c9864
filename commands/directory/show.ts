import type { DirectoryImport } from '../../src/domain/directory/import.ts';
import { type DirectoryStatus, directoryStatus, sourceOf } from '../../src/domain/directory/verbs/status.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { requireRight } from '../../src/domain/rights/verbs/who.ts';
import { errorsModal, importModal } from '../../views/directory/import-modal.ts';
import { directoryMessage, directoryModal } from '../../views/directory/status.ts';
import { readPager } from '../../views/paging.ts';
import type { Answer, Ask, Command, Press } from '../command.ts';
import { named } from '../words.ts';

/** The state of the directory: sources, last imports, broken rows (D2, D3). */
export const showDirectory: Command = {
  typed: [
    { topic: 'directory', verb: '', right: 'see', usage: 'directory', summary: 'Sources, last imports, and what is in the directory', run: status },
    {
      topic: 'directory',
      verb: 'show',
      right: 'see',
      everywhere: true,
      usage: 'directory show <source>',
      summary: 'The last import of a source: what it changed, or why not',
      run: (ask, words) => shown(ask, named(words)),
    },
    {
      topic: 'directory',
      verb: 'errors',
      right: 'see',
      everywhere: true,
      usage: 'directory errors <source> [page=2]',
      summary: 'Broken rows by file and line',
      run: (ask, words) => errors(ask, named(words), Number(words.options.page ?? 1)),
    },
  ],
  presses: {
    'directory.open': pressedStatus,
    'directory.page': async (ask, press) => ({
      is: 'modal',
      view: directoryModal(await directoryStatus(ask.outside, ask.actor), readPager(press.value ?? undefined).page),
    }),
    'directory.import': (ask, press) => shown(ask, press.value ?? ''),
    'directory.errors': async (ask, press) => {
      const { page, value } = readPager(press.value ?? undefined);
      return errors(ask, value, page);
    },
  },
};

async function status(ask: Ask): Promise<Answer> {
  return { is: 'message', message: directoryMessage(await directoryStatus(ask.outside, ask.actor)) };
}

/** In a modal it takes that one's place; elsewhere it is a message. */
async function pressedStatus(ask: Ask, press: Press): Promise<Answer> {
  if (press.view === null) return status(ask);
  return { is: 'modal', view: directoryModal(await directoryStatus(ask.outside, ask.actor)) };
}

async function shown(ask: Ask, source: string): Promise<Answer> {
  const { last, of } = await lastImport(ask, source);
  return { is: 'modal', view: importModal(last, of) };
}

/** Row errors name people of every organization, so they take a role for the whole installation (C3). */
async function errors(ask: Ask, source: string, page: number): Promise<Answer> {
  await requireRight(ask.outside, ask.actor, 'see', null, 'read the broken rows of an import');
  const { last } = await lastImport(ask, source);
  return { is: 'modal', view: errorsModal(last, page) };
}

async function lastImport(ask: Ask, typed: string): Promise<{ readonly last: DirectoryImport; readonly of: DirectoryStatus }> {
  await requireRight(ask.outside, ask.actor, 'see', null, 'read what an import changed');
  const of = await directoryStatus(ask.outside, ask.actor);
  const { last, name } = sourceOf(of, typed);
  if (last === null) throw new Refusal({ is: 'nothing-to-do', detail: `${name} was never imported.` });
  return { last, of };
}
