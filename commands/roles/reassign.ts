import { z } from 'zod';
import { peopleWhoLeft } from '../../src/domain/rights/verbs/left.ts';
import { namesOf } from '../../src/domain/rights/verbs/names.ts';
import { ownedBy } from '../../src/domain/rights/verbs/owned.ts';
import { REASSIGNABLE, type Reassignable, reassign } from '../../src/domain/rights/verbs/reassign.ts';
import { requireRight } from '../../src/domain/rights/verbs/who.ts';
import { badInput, Refusal } from '../../src/domain/refusal.ts';
import type { ModalView } from '../../views/blocks.ts';
import { loading, note, noteModal } from '../../views/notice.ts';
import { readPager } from '../../views/paging.ts';
import { refusalLine } from '../../views/refusal.ts';
import { leftModal } from '../../views/roles/left-modal.ts';
import { readReassign, reassignModal } from '../../views/roles/reassign-modal.ts';
import { reassignedLine } from '../../views/roles/reassign-words.ts';
import type { Answer, Ask, Command, Form, Press, Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import { userIn, type Words } from '../words.ts';

const metadata = z.object({ from: z.string() });

const move: Typed = {
  topic: 'roles',
  verb: 'reassign',
  right: 'administer',
  everywhere: true,
  usage: `roles reassign <@person> [to= @person] [what=${REASSIGNABLE.join(',')}]`,
  summary: 'Move what somebody owns to somebody else; without to=: the form',
  run: typedReassign,
};

/** People who left Slack, and what they own moved to somebody else (X11). */
export const reassignOwned: Command = {
  typed: [
    {
      topic: 'roles',
      verb: 'left',
      right: 'administer',
      everywhere: true,
      usage: 'roles left [page=2]',
      summary: 'People who left Slack, and what they own',
      run: (ask, words) => left(ask, Number(words.options.page ?? 1)),
    },
    move,
  ],
  presses: {
    'roles.left': (ask) => left(ask, 1),
    'roles.left-page': (ask, press) => left(ask, readPager(press.value ?? undefined).page),
    'roles.reassign': (ask, press: Press) => openForm(ask, press.value ?? ''),
  },
  forms: { 'roles.reassign': submitted },
};

async function permitted(ask: Ask): Promise<void> {
  await requireRight(ask.outside, ask.actor, 'administer', null, 're-assign what people own');
}

async function left(ask: Ask, page: number): Promise<Answer> {
  await permitted(ask);
  return {
    is: 'modal',
    view: loading('People who left', 'Looking at what they own…'),
    later: async () => leftModal(await peopleWhoLeft(ask.outside, ask.actor), page, ask.outside.settings.timeZone),
  };
}

async function openForm(ask: Ask, from: string): Promise<Answer> {
  await permitted(ask);
  return { is: 'modal', view: loading('Re-assign', 'Looking at what they own…'), later: () => form(ask, { from, to: null, what: null, problem: null }) };
}

interface Filled {
  readonly from: string;
  readonly to: string | null;
  readonly what: readonly string[] | null;
  readonly problem: ReturnType<typeof refusalLine> | null;
}

async function form(ask: Ask, { from, ...filled }: Filled): Promise<ModalView> {
  const name = (await namesOf(ask.outside, [from]))(from);
  return reassignModal({ from: { id: from, name }, owned: await ownedBy(ask.outside, from), ...filled });
}

async function submitted(ask: Ask, { metadata: carried, state }: Form): Promise<Answer> {
  await permitted(ask);
  const read = metadata.safeParse(carried);
  if (!read.success) throw new Refusal({ is: 'changed-meanwhile', what: 'This window' });
  const { from } = read.data;
  const { what, to } = readReassign(state);
  if (to === null) throw badInput('to', 'Nobody is chosen.', 'Choose who takes it over.');
  const kinds = what.map((one) => kindOf('what', one));
  if (kinds.length === 0) throw badInput('what', 'Nothing is chosen.', 'Choose what moves.');
  const later = async (): Promise<ModalView> => {
    try {
      return noteModal('Done', await moved(ask, from, to, kinds));
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      const { reason } = refusal;
      const sentence = reason.is === 'bad-input' ? { ...reason, field: null } : reason;
      return form(ask, { from, to, what, problem: refusalLine(sentence, ask.outside.settings) });
    }
  };
  return { is: 'modal', view: loading('Re-assign', 'Asking Slack who takes it over…'), later };
}

async function typedReassign(ask: Ask, words: Words): Promise<Answer> {
  const from = userIn(words.objects[0] ?? '');
  if (from === null) throw usage(move, words);
  const { to: typedTo, what } = words.options;
  if (typedTo === undefined) return openForm(ask, from);
  const to = userIn(typedTo);
  if (to === null) throw badInput('to', `“${typedTo}” is no person.`, 'Type to= and, after a blank, @ and their name: to= @mia.');
  await permitted(ask);
  const kinds = what === undefined ? REASSIGNABLE : what.split(',').map((one) => kindOf('what', one.trim().toLowerCase()));
  return { is: 'message', message: note('Asking Slack who takes it over…'), later: async () => note(await moved(ask, from, to, kinds)) };
}

async function moved(ask: Ask, from: string, to: string, what: readonly Reassignable[]): Promise<string> {
  const counts = await reassign(ask.outside, ask.actor, { from, to, what });
  return reassignedLine(counts, (await namesOf(ask.outside, [to]))(to));
}

function kindOf(field: string, typed: string): Reassignable {
  const kind = REASSIGNABLE.find((known) => known === typed);
  if (kind === undefined) throw badInput(field, `“${typed}” can’t be moved.`, `There are ${REASSIGNABLE.join(', ')}.`);
  return kind;
}
