import type { Outside } from '../../../ports/outside.ts';
import { audited } from '../../audit/row.ts';
import type { Connector, ConnectorId } from '../../connectors/connector.ts';
import type { PersonId } from '../../directory/person.ts';
import { isOffboarded } from '../../halts/offboarded-in.ts';
import { accountKey, isPresent } from '../../sync/account.ts';
import type { Run } from '../../sync/run.ts';
import type { TaskId } from '../task.ts';
import { isUnfinished } from '../finished.ts';
import { type BulkWork, inBulk, unfinishedOf } from './bulk.ts';
import { entriesOfPerson } from './entries.ts';
import { gatherAfterRun, type Gathering } from './gather.ts';
import { people, peopleTold, removal } from './remove.ts';

type After = Gathering & BulkWork;

/** What follows a run (E1): who lost their account is taken out of their tasks, and the people it created come into its own. */
export async function taskAfterRun(outside: After, run: Run, connector: Pick<Connector, 'id'>): Promise<void> {
  if (run.kind !== 'verify') await clearLeft(outside, connector.id);
  await gatherAfterRun(outside, run);
}

/** Unfinished people of a connector's tasks who have no account there any more: they left its scope, were off-boarded, or are gone from the directory. They are not written to. */
export async function clearLeft(outside: After, connectorId: ConnectorId): Promise<void> {
  const tasks: { readonly id: TaskId; readonly number: number }[] = [];
  for await (const page of outside.store.scan('task'))
    for (const { value } of page)
      if (value.connectorId === connectorId && value.state.is === 'open' && value.settledAt === undefined) tasks.push({ id: value.id, number: value.number });
  for (const { id, number } of tasks) {
    const left = await without(outside, connectorId, await unfinishedOf(outside, id));
    if (left.length === 0) continue;
    await inBulk(
      outside,
      id,
      left,
      ({ entry }) => removal(outside, entry, 'usher'),
      (ids) =>
        audited(
          outside,
          { userId: 'usher', way: 'job' },
          {
            ...{ action: 'enrollment.left', connectorId, subject: id, summary: `removed ${people(ids.length)} without an account from task ${number}` },
            after: peopleTold(ids),
          },
        ),
    );
  }
}

/**
 * Takes somebody who is off-boarded out of their tasks at once (S25), whether or not a run has anything to do for it: an invited account is
 * inactive already. Done again each minute; a task that people still join is left until it is open.
 */
export async function clearOffboarded(outside: Pick<After, keyof BulkWork | 'chance'>, personId: PersonId): Promise<void> {
  for await (const entry of entriesOfPerson(outside, personId)) {
    const task = (await outside.store.get('task', entry.taskId))?.value;
    if (task?.state.is !== 'open' || !isUnfinished(entry)) continue;
    await inBulk(
      outside,
      task.id,
      [personId],
      (known) => removal(outside, known.entry, 'usher'),
      () =>
        audited(
          outside,
          { userId: 'usher', way: 'job' },
          {
            ...{ action: 'enrollment.left', connectorId: entry.connectorId, subject: task.id },
            ...{ summary: `removed ${people(1)} who is off-boarded from task ${task.number}`, after: peopleTold([personId]) },
          },
        ),
    );
  }
}

async function without({ store, breath }: Pick<Outside, 'store' | 'breath'>, connectorId: ConnectorId, ids: readonly PersonId[]): Promise<readonly PersonId[]> {
  const left: PersonId[] = [];
  for (const id of ids) {
    const account = (await store.get('account', accountKey(connectorId, id)))?.value;
    // Off-boarded people are out at once, whether the target has answered or not (S25). A create that is not known for certain takes nobody's link away.
    if ((await isOffboarded(store, id)) || (account?.state !== 'pending' && (account === undefined || !isPresent(account)))) left.push(id);
    const pause = breath.due();
    if (pause) await pause;
  }
  return left;
}
