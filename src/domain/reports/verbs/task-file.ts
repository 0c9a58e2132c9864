import type { Outside } from '../../../ports/outside.ts';
import type { Sheet } from '../../../ports/sheets.ts';
import { audited } from '../../audit/row.ts';
import { seenTask } from '../../enrollment/verbs/permit.ts';
import type { Actor } from '../../rights/grant.ts';
import { NO_FILTER } from '../report.ts';
import { enrollment, taskRows } from './rows/enrollment.ts';
import { rememberedNames } from './rows/sheet.ts';
import { reportScope } from './scope.ts';

type Sending = Pick<Outside, 'store' | 'settings' | 'breath' | 'workspace' | 'sheets' | 'clock' | 'chance'>;

/**
 * One task with all its people as a CSV, into the actor's own direct messages: it names people (R3). `typed`: `1042` or `T-1042`.
 * Gives the number of rows; throws a `WorkspaceFault` where Slack won't take it.
 */
export async function sendTask(outside: Sending, actor: Actor, typed: string): Promise<number> {
  const { task } = await seenTask(outside, actor, typed);
  const scope = await reportScope(outside, actor, NO_FILTER);
  const drawing = { outside, actor, filter: NO_FILTER, scope, nameOf: rememberedNames(outside) };
  const file = `${outside.settings.name}-task-${task.number}.csv`;
  const send = async (sheet: Sheet): Promise<number> => {
    const to = { userId: actor.userId };
    await outside.workspace.upload({ name: file, title: file, comment: `Everybody in task ${task.number}.`, length: sheet.length, content: sheet.content }, to);
    return sheet.rows;
  };
  const rows = await outside.sheets.make(enrollment.header, breathing(outside, taskRows(task, drawing)), send);
  await outside.store.transaction({
    appends: [
      audited(outside, actor, {
        ...{ action: 'enrollment.send', connectorId: task.connectorId, subject: task.id },
        summary: `sent task ${task.number}, ${rows} ${rows === 1 ? 'row' : 'rows'}, to themselves`,
      }),
    ],
  });
  return rows;
}

async function* breathing<T>({ breath }: Sending, rows: AsyncIterable<T>): AsyncGenerator<T> {
  for await (const row of rows) {
    const pause = breath.due();
    if (pause) await pause;
    yield row;
  }
}
