import { z } from 'zod';
import { stopAfter } from '../../src/domain/enrollment/days.ts';
import type { EntryRow } from '../../src/domain/enrollment/shown.ts';
import { policyOf } from '../../src/domain/enrollment/rules-in-force.ts';
import { nudge } from '../../src/domain/enrollment/verbs/nudge.ts';
import { type PermittedTask, permittedTask } from '../../src/domain/enrollment/verbs/permit.ts';
import { reissue, requireFitting, resend, type Sending } from '../../src/domain/enrollment/verbs/resend.ts';
import { taskSeen } from '../../src/domain/enrollment/verbs/tasks.ts';
import { badInput, Refusal } from '../../src/domain/refusal.ts';
import type { ModalView } from '../../views/blocks.ts';
import { readResend, reissueModal, resendModal } from '../../views/enrollment/resend-modal.ts';
import { entryValue, readEntry } from '../../views/enrollment/people-modal.ts';
import { sentMessage, sentModal, summaryMessage } from '../../views/enrollment/summary.ts';
import { loading, note } from '../../views/notice.ts';
import type { Answer, Ask, Command, Form, Press, Typed } from '../command.ts';
import { usage } from '../exchange/routes.ts';
import type { Words } from '../words.ts';
import { entryMeant, entryPressed, taskIn } from './choices.ts';

const again: Typed = {
  topic: 'enroll',
  verb: 'resend',
  right: 'run',
  usage: 'enroll resend <task> <person> [address=name@example.org]',
  summary: 'Send the invitation again: to the profile’s address, or another for this once',
  run: typedResend,
};
const anew: Typed = {
  topic: 'enroll',
  verb: 'reissue',
  right: 'run',
  usage: 'enroll reissue <task> <person>',
  summary: 'Let somebody locked or expired begin anew; asks first',
  run: typedReissue,
};
const remind: Typed = {
  ...{ topic: 'enroll', verb: 'nudge', right: 'run', usage: 'enroll nudge <task>', summary: 'Remind everybody who is active and has not accepted' },
  run: (ask, words) => nudged(ask, taskIn(words, remind)),
};

/** Resend and re-issue (E6), and nudge stragglers (E11). */
export const resendCommands: Command = {
  typed: [again, anew, remind],
  presses: {
    'enroll.resend': (ask, press) => open(ask, press, 'resend'),
    'enroll.reissue': (ask, press) => open(ask, press, 'reissue'),
    'enroll.nudge': (ask, press) => nudged(ask, press.value ?? ''),
  },
  forms: { 'enroll.resend': submittedResend, 'enroll.reissue': submittedReissue },
};

async function permitted({ outside, actor }: Ask, typed: string): Promise<PermittedTask> {
  return permittedTask(outside, actor, typed, 'run', ({ number }) => `resend invitations of task ${number}`);
}

/** On top of what the person looks at; the stop date is computed as it opens. */
async function open(ask: Ask, press: Press, verb: Sending): Promise<Answer> {
  const permittedOne = await permitted(ask, readEntry(press.value)?.taskId ?? '');
  return { is: press.view === null ? 'modal' : 'push', ...form(ask, permittedOne, verb, () => entryPressed(ask, press.value)) };
}

function form(ask: Ask, permittedOne: PermittedTask, verb: Sending, find: () => Promise<EntryRow>): { view: ModalView; later: () => Promise<ModalView> } {
  const { outside, actor } = ask;
  const { task, connector } = permittedOne;
  return {
    view: loading(`Task ${task.number}`, 'Looking in the task…'),
    later: async () => {
      const row = await find();
      await requireFitting(outside, permittedOne, row, verb);
      const stop = stopAfter(outside.calendar, outside.clock.now(), (await policyOf(outside, connector)).days, task.timeZone);
      const seen = await taskSeen(outside, actor, task.id);
      return verb === 'resend' ? resendModal(seen, row, stop) : reissueModal(seen, row, stop);
    },
  };
}

async function typedResend(ask: Ask, words: Words): Promise<Answer> {
  const { taskId, person } = meant(words, again);
  const { address = null } = words.options;
  const { task } = await permitted(ask, taskId);
  return {
    is: 'message',
    message: note(`Resending an invitation of task ${task.number}…`),
    later: async () => {
      const row = await entryMeant(ask, taskId, person);
      return sentMessage({ task, verb: 'resent', name: row.name, entry: await resend(ask.outside, ask.actor, taskId, row.personId, address) });
    },
  };
}

async function typedReissue(ask: Ask, words: Words): Promise<Answer> {
  const { taskId, person } = meant(words, anew);
  return { is: 'modal', ...form(ask, await permitted(ask, taskId), 'reissue', () => entryMeant(ask, taskId, person)) };
}

function meant(words: Words, typed: Typed): { readonly taskId: string; readonly person: string } {
  const taskId = taskIn(words, typed);
  const person = words.objects.slice(1).join(' ');
  if (person === '') throw usage(typed, words);
  return { taskId, person };
}

const about = z.object({ taskId: z.string().max(20), personId: z.string().max(300) });

function aboutEntry(metadata: unknown): string {
  const read = about.safeParse(metadata);
  if (!read.success) throw new Refusal({ is: 'changed-meanwhile', what: 'This window' });
  return entryValue(read.data.taskId, read.data.personId);
}

/** Quick enough for the form to keep what was typed where it is refused. An address that is the profile's own is no typed one. */
async function submittedResend(ask: Ask, { metadata, state }: Form): Promise<Answer> {
  const row = await entryPressed(ask, aboutEntry(metadata));
  const { task } = await permitted(ask, row.entry.taskId);
  const { address } = readResend(state);
  if (address === null) throw badInput('address', 'No address is given.', 'Type one.');
  const entry = await resend(ask.outside, ask.actor, task.id, row.personId, address === row.email ? null : address);
  return { is: 'modal', view: sentModal({ task, verb: 'resent', name: row.name, entry }) };
}

async function submittedReissue(ask: Ask, { metadata }: Form): Promise<Answer> {
  const row = await entryPressed(ask, aboutEntry(metadata));
  const { task } = await permitted(ask, row.entry.taskId);
  const entry = await reissue(ask.outside, ask.actor, task.id, row.personId);
  return { is: 'modal', view: sentModal({ task, verb: 'reissued', name: row.name, entry }) };
}

async function nudged(ask: Ask, typed: string): Promise<Answer> {
  const { task } = await permittedTask(ask.outside, ask.actor, typed, 'run', ({ number }) => `nudge people of task ${number}`);
  return {
    is: 'message',
    message: note(`Reminding the people of task ${task.number}…`),
    later: async () => summaryMessage({ task, done: { is: 'nudged' }, summary: await nudge(ask.outside, ask.actor, task.id) }),
  };
}
