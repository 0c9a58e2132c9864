import { buildUndo, undoRun } from '../../src/domain/undo/verbs/undo-run.ts';
import { placeFor } from '../../src/domain/sync/verbs/show-run.ts';
import type { Message } from '../../views/blocks.ts';
import { channelMention, md } from '../../views/mrkdwn.ts';
import { note } from '../../views/notice.ts';
import { undoMessage } from '../../views/undo/undo-message.ts';
import type { Answer, Ask, Command, Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';

const typed: Typed = {
  topic: 'undo',
  verb: '*',
  right: 'run',
  usage: 'undo <run>',
  summary: 'A plan that takes back what a run did, as far as nobody changed it since',
  run: async (ask, words) => {
    const [runId] = words.objects;
    if (runId === undefined || words.objects.length > 1) throw usage(typed, words);
    return undone(ask, runId.toUpperCase());
  },
};

/** Undoes a run by a plan of compensating changes (S19). */
export const undoCommands: Command = { typed: [typed], presses: { 'undo.run': (ask, press) => undone(ask, press.value ?? '') } };

async function undone(ask: Ask, runId: string): Promise<Answer> {
  const place = placeFor(ask.actor.userId, ask.channelId);
  const { plan: begun, connector } = await undoRun(ask.outside, ask.actor, { runId, place });
  const later = async (): Promise<Message> => {
    const { plan, left } = await buildUndo(ask.outside, begun);
    const card = (await ask.outside.store.get('card', plan.cardId ?? ''))?.value;
    const posted = card?.posted?.channelId ?? ask.channelId;
    const where = posted === null || posted.startsWith('D') ? md`in your direct messages from Usher` : md`in ${channelMention(posted)}`;
    return undoMessage({ plan, runId, connector: connector.name, left, where });
  };
  return { is: 'message', message: note(`Looking at what ${runId} did in ${connector.name}…`), later };
}
