import type { TaskId } from '../../src/domain/enrollment/task.ts';
import { permittedTask } from '../../src/domain/enrollment/verbs/permit.ts';
import { printable, printSlips } from '../../src/domain/enrollment/verbs/print.ts';
import { printModal, readPrint } from '../../views/enrollment/print-modal.ts';
import { slipWords } from '../../views/letters/slip.ts';
import { loading, noteModal } from '../../views/notice.ts';
import { plural } from '../../views/words.ts';
import type { Answer, Ask, Command, Form, Typed } from '../command.ts';
import { taskIn } from './choices.ts';

const print: Typed = {
  topic: 'enroll',
  verb: 'print',
  right: 'run',
  usage: 'enroll print <task>',
  summary: 'Slips with links to hand to people without e-mail',
  run: (ask, words) => open(ask, taskIn(words, print)),
};

/** The printable list of a task, for people without e-mail (E13). */
export const printCommand: Command = {
  typed: [print],
  presses: { 'enroll.print': async (ask, press) => (press.value === null ? { is: 'nothing' } : open(ask, press.value)) },
  forms: { 'enroll.print': submitted },
};

async function open(ask: Ask, taskId: TaskId): Promise<Answer> {
  await permitted(ask, taskId);
  return {
    is: 'modal',
    view: loading('Print links', 'Counting people without e-mail…'),
    later: async () => printModal(await printable(ask.outside, ask.actor, taskId)),
  };
}

async function submitted(ask: Ask, form: Form): Promise<Answer> {
  const taskId = readPrint(form.metadata);
  if (taskId === null) return { is: 'nothing' };
  await permitted(ask, taskId);
  return {
    is: 'modal',
    view: loading('Print links', 'Making the slips…'),
    later: async () => {
      const { people } = await printSlips(ask.outside, ask.actor, taskId, slipWords);
      return noteModal(
        'Print links',
        `${plural(people, 'slip')} sent to you as a direct message.`,
        'Open the file in a browser, print it, hand the slips out, then delete it.',
      );
    },
  };
}

async function permitted({ outside, actor }: Ask, taskId: TaskId): Promise<void> {
  await permittedTask(outside, actor, taskId, 'run', ({ number }) => `print the links of task ${number}`);
}
