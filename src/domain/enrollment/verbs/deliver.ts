import type { Outside } from '../../../ports/outside.ts';
import { redraw } from '../../cards/show.ts';
import { SECOND } from '../../instant.ts';
import { revise } from '../../revise.ts';
import { enrollmentKey } from '../enrollment.ts';
import type { Letter } from '../letter.ts';
import { taskCard, type TaskId } from '../task.ts';
import { memoryOf } from './outbox.ts';
import { type Delivery, type Delivering, type Mailing, sendLetter } from './send-letter.ts';
import { settle } from './settle-letter.ts';

/** Letters on their way side by side; as many as the mail server is kept connections to. */
const LANES = 5;
/** How long a stop waits for the mail server's answers: less than a supervisor waits for Usher. */
const LAST_ANSWERS = 5 * SECOND;
/** After so many the tasks' cards are drawn anew. */
const ROUND = 200;

type Post = Delivering & Pick<Outside, 'brake' | 'cards' | 'enrollment'>;

/**
 * Sends the letters that are due, in the order in which they were queued, until none is left (E3). What was on the wire
 * when an earlier process ended is not sent again: its entry says `unknown`. While all writes are stopped (N5) letters
 * wait too, as mail can't be taken back. Where the server takes no mail at all it ends, and the worker comes back in a minute.
 */
export async function deliverLetters(outside: Post, signal: AbortSignal): Promise<void> {
  const { enrollment } = outside;
  if (enrollment === null) return;
  await settleInterrupted(outside);
  const failed = new Set<string>();
  while (!signal.aborted && outside.brake.halt === null) {
    const due = await dueLetters(outside, failed);
    if (due.length === 0) return;
    const away = await deliverRound(outside, enrollment, due, failed, signal);
    if (away === null) continue;
    outside.log.warn({ why: away }, 'the mail server takes no mail; what is due is tried again in a minute');
    return;
  }
}

/** Resolves with why the server takes no mail; null where it does. */
async function deliverRound(outside: Post, mailing: Mailing, due: readonly Letter[], failed: Set<string>, signal: AbortSignal): Promise<string | null> {
  const told = new Map<TaskId, string | null>();
  const left = due.values();
  let away: string | null = null;
  const lane = async (): Promise<void> => {
    for (const letter of left) {
      const delivery = await delivered(outside, mailing, letter, failed);
      if (delivery.is === 'away') away = delivery.why;
      else told.set(letter.taskId, delivery.to ?? told.get(letter.taskId) ?? null);
      if (away !== null || signal.aborted || outside.brake.halt !== null) return;
    }
  };
  await untilOver(outside, Promise.all(Array.from({ length: LANES }, lane)), signal);
  for (const [taskId, to] of told) await tell(outside, taskId, to);
  return away;
}

/** Waits for the work; when told to stop only so long. A mail without its answer by then is `unknown` at the next start. */
async function untilOver({ clock }: Post, work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const late = new Promise<void>((resolve) => {
    const wait = () => clock.until(clock.now() + LAST_ANSWERS, over.signal).then(resolve, resolve);
    if (signal.aborted) void wait();
    else signal.addEventListener('abort', () => void wait(), { once: true, signal: over.signal });
  });
  try {
    await Promise.race([work, late]);
  } finally {
    over.abort();
  }
}

/** A fault of ours concerns one letter: the others go on, and it is tried again in a minute. */
async function delivered(outside: Post, mailing: Mailing, letter: Letter, failed: Set<string>): Promise<Delivery> {
  try {
    return await sendLetter(outside, mailing, letter.id);
  } catch (error) {
    failed.add(letter.id);
    outside.log.error({ err: error, letter: letter.id, taskId: letter.taskId }, 'a letter could not be sent');
    return { is: 'settled', to: null };
  }
}

/** Letters that are due now, oldest first, at most a round of them. */
async function dueLetters({ store, clock }: Post, failed: ReadonlySet<string>): Promise<readonly Letter[]> {
  const due: Letter[] = [];
  for await (const page of store.scan('letter')) {
    for (const { value } of page) {
      if (value.nextAt <= clock.now() && value.sendingSince === null && !failed.has(value.id)) due.push(value);
      if (due.length === ROUND) return due;
    }
  }
  return due;
}

/** What no process has on the wire any more, but one had: it may have been sent. */
async function settleInterrupted(outside: Post): Promise<void> {
  const { store, clock } = outside;
  const interrupted: Letter[] = [];
  for await (const page of store.scan('letter'))
    for (const { value } of page) if (value.sendingSince !== null && !memoryOf(store).sending.has(value.id)) interrupted.push(value);
  for (const letter of interrupted) {
    const mail = (await store.get('enrollment', enrollmentKey(letter.taskId, letter.personId)))?.value.mail;
    await settle(outside, { letter, digest: null, mail: { is: 'unknown', to: mail?.to ?? '…', at: clock.now() }, next: null });
    await tell(outside, letter.taskId, null);
  }
  if (interrupted.length > 0) outside.log.warn({ letters: interrupted.length }, 'mails were being sent when Usher ended: they are not sent again');
}

/** The task's last address (E1), and its card. */
async function tell(outside: Post, taskId: TaskId, to: string | null): Promise<void> {
  if (to !== null) await revise(outside.store, 'task', taskId, (task) => (task.mailedTo === to ? null : { ...task, mailedTo: to }));
  await redraw(outside.store, taskCard(taskId), false);
  outside.cards.changed([taskCard(taskId)]);
}
