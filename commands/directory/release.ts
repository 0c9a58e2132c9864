import { heldImportModel } from '../../src/domain/directory/verbs/held-import-model.ts';
import { heldImport } from '../../src/domain/directory/verbs/release-import.ts';
import { badInput, Refusal } from '../../src/domain/refusal.ts';
import { messageAsModal, loading, note } from '../../views/notice.ts';
import { readReleaseImport, releaseImportModal } from '../../views/directory/held-import-card.ts';
import type { Answer, Ask, Command, Form, Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import { submitted } from '../holds/release.ts';
import { named, type Words } from '../words.ts';
import type { Message } from '../../views/blocks.ts';

const release: Typed = {
  topic: 'directory',
  verb: 'release',
  right: 'decide',
  everywhere: true,
  usage: 'directory release <source> [why="…"]',
  summary: 'Apply a held import, by a second person; without a reason: the form',
  run: typedRelease,
};

/** Letting a held import go (D3). */
export const releaseImportCommand: Command = {
  typed: [release],
  presses: { 'directory.release': (ask, press) => open(ask, press.value ?? '') },
  forms: { 'directory.release': submittedForm },
};

async function open(ask: Ask, source: string): Promise<Answer> {
  const held = await heldImport(ask.outside, ask.actor, source);
  return {
    is: 'modal',
    view: loading('Release the import', 'Reading what is held…'),
    later: async () => {
      const model = await heldImportModel(ask.outside, held.source.name, held.hold.since);
      if (model === null) throw new Refusal({ is: 'nothing-to-do', detail: `No import of ${source} is held.` });
      return releaseImportModal(model, held.hold.agreed);
    },
  };
}

async function submittedForm(ask: Ask, form: Form): Promise<Answer> {
  const read = readReleaseImport(form.metadata, form.state);
  if (read === null) throw new Refusal({ is: 'changed-meanwhile', what: 'This window' });
  requireWhy(read.why);
  return {
    is: 'modal',
    view: loading('Release the import', 'Reading the source once more…'),
    later: async () => messageAsModal(await released(ask, read)),
  };
}

async function typedRelease(ask: Ask, words: Words): Promise<Answer> {
  const source = named(words);
  if (source === '') throw usage(release, words);
  const { why } = words.options;
  if (why === undefined) return open(ask, source);
  requireWhy(why);
  const held = await heldImport(ask.outside, ask.actor, source);
  return {
    is: 'message',
    message: note('Reading the source once more…'),
    later: () => released(ask, { source: held.source.name, agreed: held.hold.agreed, why }),
  };
}

async function released(ask: Ask, { source, agreed, why }: { readonly source: string; readonly agreed: string; readonly why: string }): Promise<Message> {
  const outcome = await submitted(ask, { is: 'import', source, agreed, why });
  return outcome.is === 'told' ? note(outcome.told) : note('Asked for approval.', 'Nothing is applied before that.');
}

function requireWhy(why: string): void {
  if (why.trim() === '') throw badInput('why', 'Releasing takes a reason.', 'Say why they may go.');
}
