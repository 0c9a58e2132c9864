import type { Outside } from '../../../ports/outside.ts';
import type { ConnectorId } from '../../connectors/connector.ts';
import { type Instant, MINUTE } from '../../instant.ts';
import { type Actor, holds } from '../../rights/grant.ts';
import { tree } from '../../rights/verbs/who.ts';
import { including, LOOKED, NOTHING_AHEAD, type Outlook } from '../outlook.ts';
import type { EnrollmentTask } from '../task.ts';

type Known = Pick<Outside, 'store' | 'clock' | 'breath'>;

/** What of enrollment waits for somebody. */
export interface EnrollmentNeeds {
  /** People who accepted while no seat was free, by connector (E10): for who may activate them or add seats. */
  readonly waiting: ReadonlyMap<ConnectorId, number>;
  /** Open tasks some of whose active people must be done soon; `stop` is the first of theirs. Soonest first. */
  readonly due: readonly { readonly task: EnrollmentTask; readonly people: number; readonly stop: Instant }[];
}

/** Reads what was kept of each unfinished task, and no list of people where that stands. */
export async function enrollmentNeeds(outside: Known, actor: Actor): Promise<EnrollmentNeeds> {
  const organizations = await tree(outside);
  const waiting = new Map<ConnectorId, number>();
  const due: EnrollmentNeeds['due'][number][] = [];
  for await (const [task, outlook] of outlooks(outside, ({ organizationId }) => holds(actor, 'run', organizationId, organizations))) {
    if (outlook.waiting > 0 && holds(actor, 'administer', task.organizationId, organizations))
      waiting.set(task.connectorId, (waiting.get(task.connectorId) ?? 0) + outlook.waiting);
    if (outlook.stop !== null) due.push({ task, people: outlook.soon, stop: outlook.stop });
  }
  return { waiting, due: due.sort((a, b) => a.stop - b.stop) };
}

/** How many wait for a seat in each connector (E10); counts name nobody. */
export async function waitingCounts(outside: Known): Promise<ReadonlyMap<ConnectorId, number>> {
  const counts = new Map<ConnectorId, number>();
  for await (const [task, { waiting }] of outlooks(outside, () => true))
    if (waiting > 0) counts.set(task.connectorId, (counts.get(task.connectorId) ?? 0) + waiting);
  return counts;
}

/** The unfinished tasks that are wanted, each with its outlook. */
async function* outlooks(outside: Known, isWanted: (task: EnrollmentTask) => boolean): AsyncGenerator<readonly [EnrollmentTask, Outlook]> {
  const looked = (await outside.store.get('counter', LOOKED))?.value.value ?? 0;
  // After a pause of the minute's work, or while it is held up, what it kept is old.
  const isFresh = outside.clock.now() - looked < 2 * MINUTE;
  for await (const page of outside.store.scan('task')) {
    for (const { value: task } of page) {
      if (task.state.is === 'removed' || task.settledAt !== undefined || !isWanted(task)) continue;
      const kept = (await outside.store.get('outlook', task.id))?.value.seen ?? null;
      yield [task, kept !== null && (isFresh || kept.quiet) ? kept : await counted(outside, task)];
    }
  }
}

async function counted({ store, clock, breath }: Known, task: EnrollmentTask): Promise<Outlook> {
  const now = clock.now();
  let outlook = NOTHING_AHEAD;
  for await (const page of store.scan('enrollment', { prefix: `${task.id}/` })) {
    for (const { value } of page) outlook = including(outlook, value, now);
    const pause = breath.due();
    if (pause) await pause;
  }
  return outlook;
}
