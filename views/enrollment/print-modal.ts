import type { Printable } from '../../src/domain/enrollment/verbs/print.ts';
import { actions, button, context, type ModalView, modal, section } from '../blocks.ts';
import { clip } from '../clip.ts';
import { bold, md } from '../mrkdwn.ts';
import { listed, plural } from '../words.ts';
import { taskName } from './words.ts';

/** Asks before links are made and put into a file (E13): what it holds, and who gets it. */
export function printModal({ task, connector, people, groups }: Printable): ModalView {
  const who = plural(people, 'person', 'people');
  return modal({
    callbackId: 'enroll.print',
    title: 'Print links',
    submit: people === 1 ? 'Print 1 slip' : 'Print slips',
    metadata: { taskId: task.id },
    blocks: [
      section(md`${bold(who)} of ${taskName(task)} · ${clip(connector.name, 100)} ${people === 1 ? 'has' : 'have'} no e-mail address.`),
      section(
        `One slip each: name, personal link with QR code, until when. By manager or school: ${listed(
          groups.map(({ name, people: count }) => `${clip(name, 60)} (${count})`),
          8,
        )}.`,
      ),
      section(
        'The file holds links that let people in. It goes to your direct messages alone, and the audit says that you made it. Slips printed earlier keep working.',
      ),
      actions([button({ text: `‹ ${taskName(task)}`, action: 'enroll.task', value: task.id })]),
      context('Print it, hand the slips out, then delete the file.'),
    ],
  });
}

/** The task that the dialog is about; null for any other metadata. */
export function readPrint(metadata: unknown): string | null {
  if (typeof metadata !== 'object' || metadata === null || !('taskId' in metadata)) return null;
  return typeof metadata.taskId === 'string' ? metadata.taskId : null;
}
