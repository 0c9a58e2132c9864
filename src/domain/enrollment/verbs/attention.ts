import type { Outside } from '../../../ports/outside.ts';
import type { ConnectorId } from '../../connectors/connector.ts';
import { DAY, type Instant } from '../../instant.ts';
import { type Actor, holds } from '../../rights/grant.ts';
import { tree } from '../../rights/verbs/who.ts';
import { statusOf } from '../enrollment.ts';
import type { EnrollmentTask } from '../task.ts';

/** How long before its stop a task waits for somebody who may nudge or extend. */
const SOON = 2 * DAY;

/** What of enrollment waits for somebody. */
export interface EnrollmentNeeds {
  /** People who accepted while no seat was free, by connector (E10): for who may activate them or add seats. */
  readonly waiting: ReadonlyMap<ConnectorId, number>;
  /** Open tasks some of whose active people must be done soon; `stop` is the first of theirs. Soonest first. */
  readonly due: readonly { readonly task: EnrollmentTask; readonly people: number; readonly stop: Instant }[];
}

/** Reads the entries of unfinished tasks only. */
export async function enrollmentNeeds(outside: Pick<Outside, 'store' | 'clock'>, actor: Actor): Promise<EnrollmentNeeds> {
  const organizations = await tree(outside);
  const waiting = new Map<ConnectorId, number>();
  const due: EnrollmentNeeds['due'][number][] = [];
  for await (const page of outside.store.scan('task')) {
    for (const { value: task } of page) {
      if (task.state.is === 'removed' || task.settledAt !== undefined || !holds(actor, 'run', task.organizationId, organizations)) continue;
      const { waits, people, stop } = await standing(outside, task);
      if (waits > 0 && holds(actor, 'administer', task.organizationId, organizations))
        waiting.set(task.connectorId, (waiting.get(task.connectorId) ?? 0) + waits);
      if (people > 0) due.push({ task, people, stop });
    }
  }
  return { waiting, due: due.sort((a, b) => a.stop - b.stop) };
}

/** How many of a task wait for a seat, and how many others must be done soon. */
async function standing({ store, clock }: Pick<Outside, 'store' | 'clock'>, task: EnrollmentTask): Promise<{ waits: number; people: number; stop: Instant }> {
  const now = clock.now();
  let [waits, people, stop] = [0, 0, Number.POSITIVE_INFINITY];
  for await (const page of store.scan('enrollment', { prefix: `${task.id}/` })) {
    for (const { value: entry } of page) {
      if (statusOf(entry, now) !== 'active') continue;
      if (entry.waitingSince !== null) waits += 1;
      else if (entry.stop - now <= SOON) {
        people += 1;
        stop = Math.min(stop, entry.stop);
      }
    }
  }
  return { waits, people, stop };
}

/** How many wait for a seat in each connector (E10); counts name nobody. */
export async function waitingCounts({ store, clock }: Pick<Outside, 'store' | 'clock'>): Promise<ReadonlyMap<ConnectorId, number>> {
  const counts = new Map<ConnectorId, number>();
  for await (const page of store.scan('task')) {
    for (const { value: task } of page) {
      if (task.state.is === 'removed' || task.settledAt !== undefined) continue;
      const { waits } = await standing({ store, clock }, task);
      if (waits > 0) counts.set(task.connectorId, (counts.get(task.connectorId) ?? 0) + waits);
    }
  }
  return counts;
}
