import type { Target } from '../../ports/target.ts';
import { cleared } from '../connectors/dialect.ts';
import { TargetFault } from '../connectors/target-error.ts';
import { isSame, tells } from './effect.ts';
import { standing } from './outcome.ts';
import { type Effect, surely, type UserWish, type Writer } from './surely.ts';
import type { Task } from './task.ts';

interface Settler extends Writer {
  readonly target: Pick<Target, 'change' | 'read'>;
}

/** Changes a user and sees that it happened; what an earlier run left open is settled by that, since all of it is sent again. */
export async function settling(task: Task, writer: Settler, targetId: string, wish: UserWish): Promise<Effect> {
  const effect = await surely(writer, targetId, wish);
  task.inherited = false;
  return effect;
}

/** A refusal of several attributes may have come after some of them, and says nothing of an earlier run's write: one look tells what stands, and only the rest is sent again (S23). Where all of it stands it is done. */
export async function changed(task: Task, writer: Settler, targetId: string, wish: UserWish): Promise<Effect> {
  try {
    return await settling(task, writer, targetId, wish);
  } catch (fault) {
    // What this run wrote and could not see is asked for by the next one.
    const isRefusal = fault instanceof TargetFault && fault.error.next === 'refused' && fault.error.status !== null && !task.unsure;
    const isOpen = task.inherited || task.changes.length > 1;
    const done = isRefusal && isOpen && task.planned.account?.pushed != null ? await lookWhatStands(task, writer, targetId, wish) : undefined;
    if (done === undefined) throw fault;
    return done;
  }
}

async function lookWhatStands(task: Task, { target, turn }: Settler, targetId: string, { active }: UserWish): Promise<Effect | undefined> {
  try {
    const user = await target.read(targetId, turn);
    if (!tells(user)) return undefined;
    const open = task.changes.filter(({ attribute, after }) => {
      const shown = user.values[attribute];
      return after === null ? shown !== undefined : shown === undefined || !isSame(attribute, shown, after);
    });
    const undone = open.map(({ attribute, after }) => (after === null ? cleared(attribute) : attribute));
    const isSwitched = active === undefined || user.active === active;
    task.inherited = false;
    if (undone.length === 0 && isSwitched) return { user, undone };
    task.standing = { values: standing(task, undone, user), settled: isSwitched };
    return undefined;
  } catch (fault) {
    // The refusal is what is told; what stands is found out another time.
    if (!(fault instanceof TargetFault)) throw fault;
    task.unsure = true;
    return undefined;
  }
}
