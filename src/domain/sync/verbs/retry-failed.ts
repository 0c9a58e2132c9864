import type { Outside } from '../../../ports/outside.ts';
import type { Place } from '../../cards/card.ts';
import type { PersonId } from '../../directory/person.ts';
import { Refusal } from '../../refusal.ts';
import type { Actor } from '../../rights/grant.ts';
import type { Run, RunId } from '../run.ts';
import { createRun } from './create-run.ts';
import { permittedScope } from './permit.ts';
import { seenRun } from './seen-run.ts';
import { requireActive, type Starting } from './start.ts';

/** The people of a run whose last operation in it failed, of one cause or of all; in the order they failed. */
async function failedPeople(outside: Pick<Outside, 'store'>, run: Run, cause?: string): Promise<readonly PersonId[]> {
  const failed = new Map<PersonId, string>();
  for await (const page of outside.store.rows('event', { partition: run.connectorId, match: { runId: run.id }, order: 'oldest' })) {
    for (const { row } of page) {
      if (!row.type.startsWith('user_')) continue;
      if (row.success) failed.delete(row.subjectId);
      else if (row.cause !== null) failed.set(row.subjectId, row.cause);
    }
  }
  return [...failed].filter(([, key]) => cause === undefined || key === cause).map(([personId]) => personId);
}

/** *Retry failed* (S15): a new run for exactly the people that failed, of one cause or of all. Touches nobody else. */
export async function retryFailed(
  outside: Starting,
  actor: Actor,
  { runId, cause, place }: { readonly runId: RunId; readonly cause?: string; readonly place?: Place },
): Promise<Run> {
  const { run, visible } = await seenRun(outside, actor, runId);
  const { connector } = visible;
  const ids = await failedPeople(outside, run, cause);
  const scope = await permittedScope(outside, actor, connector, { is: 'people', ids });
  requireActive(connector, 'retry');
  if (ids.length === 0) throw new Refusal({ is: 'nothing-to-do', detail: `Nobody failed in ${run.id}${cause === undefined ? '' : ' for this cause'}.` });
  return await createRun(outside, { connector, kind: 'retry', scope, by: actor.userId, way: actor.way, verb: 'retry', place });
}
