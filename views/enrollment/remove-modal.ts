import type { EntryRow, OneTask, SeenTask } from '../../src/domain/enrollment/shown.ts';
import { type Blocks, checkboxes, context, input, type ModalView, modal, section } from '../blocks.ts';
import { bold, md } from '../mrkdwn.ts';
import { readOptions } from '../state.ts';
import { listed, plural } from '../words.ts';
import { countsLine, shortName, taskName, unfinishedIn } from './words.ts';

/** Names told; the rest is counted. */
const NAMES = 10;

/** Whom a removal means: some by id, or everybody who has not enrolled. */
export type Removing = { readonly are: 'chosen'; readonly people: readonly string[] } | { readonly are: 'unfinished' };

export interface Removal {
  readonly seen: OneTask;
  readonly removing: Removing;
  /** Of the chosen ones, as they are now; none where everybody unfinished is meant. */
  readonly rows: readonly EntryRow[];
}

/** What removing comes to, computed as it opens (E5): it can't be undone. */
export function removePeopleModal({ seen, removing, rows }: Removal): ModalView {
  const { task, connector, counts } = seen;
  const going = rows.filter(({ status }) => status === 'active' || status === 'expired' || status === 'locked');
  const number = removing.are === 'unfinished' ? unfinishedIn(counts) : going.length;
  const staying = rows.length - going.length;
  const names =
    removing.are === 'unfinished'
      ? 'Everybody who has not enrolled.'
      : `${listed(
          going.map(({ name }) => shortName(name)),
          NAMES,
        )}.`;
  return modal({
    callbackId: 'enroll.remove',
    title: 'Remove people?',
    submit: number === 1 ? 'Remove 1 person' : `Remove ${number} people`,
    close: 'Keep them',
    metadata: { taskId: task.id, people: removing.are === 'unfinished' ? null : removing.people },
    blocks: [
      section(md`${bold(`${taskName(task)} · ${connector.name}`)}: ${bold(plural(number, 'person', 'people'))} can no longer enroll by it.`),
      section(names),
      staying > 0 && section(`${plural(staying, 'person is', 'people are')} enrolled or removed already and skipped.`),
      section('Their links stop working at once, and tokens reserved for them are free again. Their accounts stay as they are. This can’t be undone.'),
      telling(seen, removing, going),
    ],
  });
}

/** Offers the mail only where one would go out (E13). */
function telling({ mail }: OneTask, { are }: Removing, going: readonly EntryRow[]): Blocks[number] {
  const without = going.filter(({ email }) => email === null).length;
  if (mail.is === 'nowhere') return context('Nobody is told by e-mail: mail is off.');
  if (are === 'chosen' && without === going.length) return going.length > 0 && context('Nobody is told by e-mail: they have no address.');
  const text = mail.is === 'test' ? 'E-mail that it is cancelled, to the test address' : 'E-mail them that their enrollment is cancelled';
  const hints = [
    ...(mail.is === 'test' ? [`Test mode: every mail goes to ${mail.to}.`] : []),
    ...(are === 'unfinished' ? ['About who has no e-mail address none goes out.'] : []),
    ...(without > 0 ? [`About ${plural(without, 'person', 'people')} without an e-mail address none goes out.`] : []),
  ];
  return input('Tell them', checkboxes({ action: 'notify', choices: [{ text, value: 'notify' }] }), {
    optional: true,
    ...(hints.length === 0 ? {} : { hint: hints.join(' ') }),
  });
}

export function readRemovePeople(state: unknown): { readonly notify: boolean } {
  return { notify: readOptions(state, 'notify').includes('notify') };
}

/** What removing a whole task comes to (E5). */
export function removeTaskModal(seen: SeenTask): ModalView {
  const { task, connector, counts } = seen;
  const unfinished = unfinishedIn(counts);
  const enrolled = counts.enrolled + counts.completed;
  return modal({
    callbackId: 'enroll.remove-task',
    title: 'Remove task?',
    submit: 'Remove task',
    close: 'Keep it',
    metadata: { taskId: task.id },
    blocks: [
      section(md`${bold(`${taskName(task)} · ${connector.name}`)} · ${countsLine(counts)}`),
      section(
        `${plural(unfinished, 'person', 'people')} who ${unfinished === 1 ? 'has' : 'have'} not enrolled can no longer: their links stop working at once. ${plural(enrolled, 'person stays', 'people stay')} enrolled. Accounts stay as they are. This can’t be undone.`,
      ),
      context('The task leaves the list and stays in reports. Nobody is e-mailed: to tell people, remove them first.'),
    ],
  });
}
