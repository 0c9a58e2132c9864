import { z } from 'zod';
import { connectorById, connectorNamed } from '../../src/domain/connectors/verbs/find.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { cancelDeletion } from '../../src/domain/sync/verbs/cancel-deletion.ts';
import { deletionsOf, type ScheduledDeletion } from '../../src/domain/sync/verbs/deletions.ts';
import { fold, holdsWords, wordsOf } from '../../src/domain/directory/fold.ts';
import { loading, note } from '../../views/notice.ts';
import { deletionsModal, readDeletions, readKeep } from '../../views/sync/deletions-modal.ts';
import type { Answer, Ask, Command, Press, Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import { named, type Words } from '../words.ts';

const keep: Typed = {
  topic: 'sync',
  verb: 'keep',
  right: 'run',
  usage: 'sync keep <person> connector=<connector>',
  summary: 'Cancel a scheduled deletion; the account stays deactivated',
  run: typedKeep,
};

/** Accounts scheduled for deletion, and cancelling that (S10). */
export const deletionCommands: Command = {
  typed: [
    {
      topic: 'sync',
      verb: 'deletions',
      right: 'see',
      usage: 'sync deletions <connector>',
      summary: 'Accounts that are scheduled for deletion',
      run: async (ask, words) => list(ask, (await connectorNamed(ask.outside, ask.actor, named(words))).connector.id, 1),
    },
    keep,
  ],
  presses: {
    'sync.deletions': async (ask, press) => {
      const { connectorId, page } = readDeletions(press.value);
      return list(ask, connectorId, page);
    },
    'sync.keep': pressedKeep,
  },
};

const metadata = z.object({ page: z.number().int().min(1) }).catch({ page: 1 });

async function list(ask: Ask, connectorId: string, page: number): Promise<Answer> {
  const { connector } = await connectorById(ask.outside, ask.actor, connectorId);
  return {
    is: 'modal',
    view: loading('Scheduled for deletion', `Reading the accounts of ${connector.name}…`),
    later: async () => {
      const { deletions } = await deletionsOf(ask.outside, ask.actor, connectorId);
      return deletionsModal({ connector, deletions, timeZone: ask.outside.settings.timeZone }, page);
    },
  };
}

async function pressedKeep(ask: Ask, press: Press): Promise<Answer> {
  const wanted = readKeep(press.value);
  if (wanted === null) return { is: 'nothing' };
  await cancelDeletion(ask.outside, ask.actor, wanted);
  return list(ask, wanted.connectorId, metadata.parse(press.view?.metadata ?? null).page);
}

async function typedKeep(ask: Ask, words: Words): Promise<Answer> {
  const typed = named(words);
  if (typed === '' || words.options.connector === undefined) throw usage(keep, words);
  const { connector } = await connectorNamed(ask.outside, ask.actor, words.options.connector);
  return {
    is: 'message',
    message: note(`Looking among the accounts of ${connector.name}…`),
    later: async () => {
      const { deletions } = await deletionsOf(ask.outside, ask.actor, connector.id);
      const { personId, name } = meant(deletions, typed);
      await cancelDeletion(ask.outside, ask.actor, { connectorId: connector.id, personId });
      return note(`The deletion of ${name}’s account in ${connector.name} is cancelled.`, 'It stays deactivated.');
    },
  };
}

/** The one listed account that the words mean: by id, or by a name that only it has. People who left the directory are listed too. */
function meant(deletions: readonly ScheduledDeletion[], typed: string): ScheduledDeletion {
  const exact = deletions.filter(({ personId }) => personId === typed);
  const found = exact.length > 0 ? exact : deletions.filter(({ name }) => holdsWords(fold(name), wordsOf(typed)));
  const [one] = found;
  if (one === undefined) throw new Refusal({ is: 'not-found', what: 'account scheduled for deletion', typed, near: [] });
  if (found.length > 1) {
    const choices = found.slice(0, 10).map(({ name, personId }) => `${name} (${personId})`);
    throw new Refusal({ is: 'ambiguous', what: 'account scheduled for deletion', typed, choices });
  }
  return one;
}
