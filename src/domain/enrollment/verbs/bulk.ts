import type { Outside } from '../../../ports/outside.ts';
import type { Append, Put } from '../../../ports/store.ts';
import { redraw } from '../../cards/show.ts';
import type { PersonId } from '../../directory/person.ts';
import { put } from '../../revise.ts';
import { type Enrollment, enrollmentKey } from '../enrollment.ts';
import { isUnfinished } from '../finished.ts';
import { dropped } from '../outlook.ts';
import type { BulkSummary } from '../shown.ts';
import { taskCard, type TaskId } from '../task.ts';
import { type Known, knownEntry, nameOf } from './entries.ts';
import { releasePuts } from './stock-reserve.ts';

/** What is done to one entry; `skip` says why nothing is. Asked anew where somebody else changed it meanwhile. */
export type Step =
  | { readonly is: 'change'; readonly entry: Enrollment; readonly puts?: readonly Put[] }
  /** It is taken out: a promised token goes back to the stock (E9). */
  | { readonly is: 'release'; readonly entry: Enrollment; readonly puts?: readonly Put[] }
  | { readonly is: 'skip'; readonly why: string };

export type BulkWork = Pick<Outside, 'store' | 'clock' | 'cards' | 'work' | 'breath'>;

const CHUNK = 100;
/** Names told of whom a bulk action left out. */
const NAMED = 20;

/** Counts up what a bulk action did, and whom it left out, by reason (E8). */
export class Tally {
  #done = 0;
  readonly #skipped = new Map<string, { count: number; people: string[] }>();

  get done(): number {
    return this.#done;
  }

  did(count: number): void {
    this.#done += count;
  }

  skip(why: string, name: string): void {
    const group = this.#skipped.get(why) ?? { count: 0, people: [] };
    group.count += 1;
    if (group.people.length < NAMED) group.people.push(name);
    this.#skipped.set(why, group);
  }

  summary(): BulkSummary {
    const skipped = [...this.#skipped].map(([why, { count, people }]) => ({ why, count, people }));
    return { done: this.#done, skipped: skipped.sort((a, b) => b.count - a.count || (a.why < b.why ? -1 : 1)) };
  }
}

/** The people of a task who can still enroll, or could after a new date or re-issue. */
export async function unfinishedOf({ store, breath }: Pick<Outside, 'store' | 'breath'>, taskId: TaskId): Promise<readonly PersonId[]> {
  const ids: PersonId[] = [];
  for await (const page of store.scan('enrollment', { prefix: `${taskId}/` })) {
    for (const { value } of page) if (isUnfinished(value)) ids.push(value.personId);
    const pause = breath.due();
    if (pause) await pause;
  }
  return ids;
}

/**
 * Does the same to many entries of a task, in a few transactions; each has its audit row, made by `row` of the people it
 * changed. Whoever isn't in the task is left out and told. Draws the task's card anew, and lets the letters go.
 */
export async function inBulk(
  outside: BulkWork,
  taskId: TaskId,
  ids: readonly PersonId[],
  step: (known: Known) => Step,
  row: (ids: readonly PersonId[]) => Append | null,
): Promise<BulkSummary> {
  const tally = new Tally();
  const unique = [...new Set(ids)];
  for (let at = 0; at < unique.length; at += CHUNK) await chunk(outside, taskId, unique.slice(at, at + CHUNK), { step, row, tally });
  if (tally.done > 0) await entriesChanged(outside, taskId);
  return tally.summary();
}

/** What follows a change of entries: their task's card shows it, and letters that were queued go out. */
export async function entriesChanged({ store, cards, work }: Pick<Outside, 'store' | 'cards' | 'work'>, taskId: TaskId): Promise<void> {
  await redraw(store, taskCard(taskId), false);
  cards.changed([taskCard(taskId)]);
  work.mail();
}

interface Doing {
  readonly step: (known: Known) => Step;
  readonly row: (ids: readonly PersonId[]) => Append | null;
  readonly tally: Tally;
}

/** One transaction; where somebody else changed one of the entries, each half is tried alone, so that one busy entry holds up no other. */
async function chunk(outside: BulkWork, taskId: TaskId, ids: readonly PersonId[], doing: Doing): Promise<void> {
  const puts: Put[] = [];
  const changed: PersonId[] = [];
  const released: Enrollment['reserved'][] = [];
  let wakes = false;
  const skips: { readonly why: string; readonly name: string }[] = [];
  for (const id of ids) {
    const known = await knownEntry(outside, taskId, id);
    const did: Step = known === undefined ? { is: 'skip', why: 'not in the task' } : doing.step(known);
    const name = known === undefined ? id : nameOf(known);
    if (did.is === 'skip' || known === undefined) {
      skips.push({ why: did.is === 'skip' ? did.why : 'not in the task', name });
      continue;
    }
    const entry = did.is === 'release' ? { ...did.entry, reserved: null } : did.entry;
    puts.push(put('enrollment', enrollmentKey(taskId, id), entry, known.version), ...(did.puts ?? []));
    wakes ||= isCountedAnew(known.entry, entry);
    if (did.is === 'release') released.push(known.entry.reserved);
    changed.push(id);
    const pause = outside.breath.due();
    if (pause) await pause;
  }
  if (changed.length > 0) {
    const audit = doing.row(changed);
    const change = { puts: [...puts, ...(await releasePuts(outside, released)), ...(wakes ? [dropped(taskId)] : [])], appends: audit === null ? [] : [audit] };
    if ((await outside.store.transaction(change)) === 'conflict') {
      const half = Math.ceil(ids.length / 2);
      await chunk(outside, taskId, ids.slice(0, half), doing);
      if (half < ids.length) await chunk(outside, taskId, ids.slice(half), doing);
      return;
    }
  }
  doing.tally.did(changed.length);
  for (const { why, name } of skips) doing.tally.skip(why, name);
}

/** Whether a task's outlook counts the entry in another way now. A step that leaves the state as it is leaves the very same one. */
function isCountedAnew(before: Enrollment, after: Enrollment): boolean {
  return before.state !== after.state || before.stop !== after.stop || before.waitingSince !== after.waitingSince;
}
