import { chosenOf, heldPeople } from '../../src/domain/holds/verbs/people.ts';
import { holdById, holdMeant } from '../../src/domain/holds/verbs/find.ts';
import { leaveHold } from '../../src/domain/holds/verbs/leave.ts';
import { holdModel, type HoldModel } from '../../src/domain/holds/verbs/model.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { holdPeopleModal, HELD_PAGE, readHeldPage, type HeldPage } from '../../views/holds/people-modal.ts';
import { loading, note } from '../../views/notice.ts';
import { pageOf } from '../../views/paging.ts';
import type { Answer, Ask, Command, Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import { named, type Words } from '../words.ts';

const leave: Typed = {
  topic: 'sync',
  verb: 'leave',
  usage: 'sync leave <hold>',
  summary: 'Close held removals as not applied',
  run: (ask, words) => left(ask, holdIdIn(words, leave)),
};

/** Who is held, and leaving it (S14). */
export const holdCommands: Command = {
  typed: [
    {
      topic: 'sync',
      verb: 'hold',
      usage: 'sync hold <connector>',
      summary: 'Whom the fuse or a freeze holds back, by name',
      run: async (ask, words) => who(ask, (await holdMeant(ask.outside, ask.actor, named(words))).hold.id, 1),
    },
    leave,
  ],
  presses: {
    'sync.hold': async (ask, press) => {
      const { holdId, page } = readHeldPage(press.value);
      return who(ask, /^H-\d+$/.test(holdId) ? holdId : (await holdMeant(ask.outside, ask.actor, holdId)).hold.id, page);
    },
    'sync.leave': (ask, press) => left(ask, press.value ?? ''),
  },
};

/** `H-3` of typed words; refused as usage otherwise. */
export function holdIdIn(words: Words, typed: Typed): string {
  const [word = ''] = words.objects;
  if (!/^h-\d+$/i.test(word)) throw usage(typed, words);
  return word.toUpperCase();
}

async function who(ask: Ask, holdId: string, page: number): Promise<Answer> {
  const { hold, may } = await holdById(ask.outside, ask.actor, holdId);
  return {
    is: 'modal',
    view: loading(`Held: ${hold.id}`, 'Reading who is held…'),
    later: async () => holdPeopleModal(await heldPage(ask, hold.id, page), may),
  };
}

async function heldPage(ask: Ask, holdId: string, at: number): Promise<HeldPage> {
  const { hold } = await holdById(ask.outside, ask.actor, holdId);
  const { items, page, pages } = pageOf(hold.people, at, HELD_PAGE);
  return { model: await modelOf(ask, holdId), people: await heldPeople(ask.outside, hold, items), page, pages };
}

/** A page of those who are not released yet, in their order; with the list itself. */
export async function unreleasedPage(ask: Ask, holdId: string, at: number): Promise<HeldPage & { readonly ids: readonly string[] }> {
  const { hold } = await holdById(ask.outside, ask.actor, holdId);
  const ids = await chosenOf(ask.outside, hold, { is: 'all' });
  const { items, page, pages } = pageOf(ids, at, HELD_PAGE);
  return { model: await modelOf(ask, holdId), people: await heldPeople(ask.outside, hold, items), page, pages, ids };
}

export async function modelOf(ask: Ask, holdId: string): Promise<HoldModel> {
  const model = await holdModel(ask.outside, holdId);
  if (model === null) throw new Refusal({ is: 'not-found', what: 'hold', typed: holdId, near: [] });
  return model;
}

async function left(ask: Ask, holdId: string): Promise<Answer> {
  const hold = await leaveHold(ask.outside, ask.actor, holdId);
  return { is: 'message', message: note(`${hold.id} is left: not applied.`, 'Nothing is asked again while its people stay the same.') };
}
