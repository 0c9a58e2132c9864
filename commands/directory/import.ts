import type { DirectoryImport } from '../../src/domain/directory/import.ts';
import { importDirectory } from '../../src/domain/directory/verbs/import.ts';
import { directoryStatus, sourcesNamed } from '../../src/domain/directory/verbs/status.ts';
import { requireRight } from '../../src/domain/rights/verbs/who.ts';
import type { DirectorySource } from '../../src/ports/directory-source.ts';
import { importedMessage, importModal } from '../../views/directory/import-modal.ts';
import { directoryModal } from '../../views/directory/status.ts';
import { loading, note } from '../../views/notice.ts';
import type { Answer, Ask, Command, Press } from '../command.ts';
import { named, type Words } from '../words.ts';

/** Imports the directory now, from one source or from all (D2, D3). */
export const importCommand: Command = {
  typed: [
    {
      topic: 'directory',
      verb: 'import',
      right: 'run',
      everywhere: true,
      usage: 'directory import [source]',
      summary: 'Import now: every source, or one',
      run: typedImport,
    },
  ],
  presses: { 'directory.run': pressedImport },
};

async function typedImport(ask: Ask, words: Words): Promise<Answer> {
  return asMessage(ask, await permitted(ask, named(words)));
}

async function pressedImport(ask: Ask, press: Press): Promise<Answer> {
  const sources = await permitted(ask, press.value ?? '');
  if (press.view === null) return asMessage(ask, sources);
  return {
    is: 'modal',
    view: loading('Import', importing(sources)),
    later: async () => {
      const [only, ...others] = await importAll(ask, sources);
      const status = await directoryStatus(ask.outside, ask.actor);
      return only === undefined || others.length > 0 ? directoryModal(status) : importModal(only, status);
    },
  };
}

function asMessage(ask: Ask, sources: readonly DirectorySource[]): Answer {
  return { is: 'message', message: note(importing(sources)), later: async () => importedMessage(await importAll(ask, sources)) };
}

async function permitted(ask: Ask, typed: string): Promise<readonly DirectorySource[]> {
  await requireRight(ask.outside, ask.actor, 'run', null, 'import the directory');
  return sourcesNamed(ask.outside, typed);
}

async function importAll(ask: Ask, sources: readonly DirectorySource[]): Promise<readonly DirectoryImport[]> {
  const done: DirectoryImport[] = [];
  for (const source of sources) done.push(await importDirectory(ask.outside, ask.actor, source));
  return done;
}

function importing(sources: readonly DirectorySource[]): string {
  return `Importing ${sources.map(({ name }) => name).join(', ')}…`;
}
