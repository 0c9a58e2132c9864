import type { Calendar } from '../../../ports/calendar.ts';
import type { Outside } from '../../../ports/outside.ts';
import type { Connector } from '../../connectors/connector.ts';
import { haltIn } from '../../halts/stopped.ts';
import type { Instant } from '../../instant.ts';
import { Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import { SCHEDULE } from '../../rights/verbs/who.ts';
import { firedKey } from '../marks.ts';
import type { Run } from '../run.ts';
import { runUnderWay } from './create-run.ts';
import { type Starting, startSync } from './start.ts';

type World = Pick<Outside, 'store' | 'clock' | 'calendar'>;

/** When the connector's schedule fires next after `after`; null without a schedule, and while it is stopped (C12, C18). */
export function nextFire(connector: Connector, calendar: Calendar, after: Instant): Instant | null {
  const { schedule } = connector.operating;
  if (schedule === null || connector.state.is !== 'active' || connector.health.is === 'needs-credentials') return null;
  if (calendar.problem(schedule.cron, schedule.timeZone) !== null) return null;
  const { health } = connector;
  // Quarantined: the first firing that is not before the end of its rest (S17).
  return calendar.next(schedule.cron, schedule.timeZone, health.is === 'quarantined' ? Math.max(after, health.until - 1) : after);
}

/**
 * The connectors whose schedule is due, each marked as fired: asked twice, the second answer is empty. Firings missed
 * (Usher was down) collapse into one; one that falls into a run under way is taken as that run. A schedule seen for
 * the first time, one that was changed and one that was stopped start counting then.
 */
async function dueRuns(outside: World): Promise<readonly Connector[]> {
  const due: Connector[] = [];
  const now = outside.clock.now();
  for await (const page of outside.store.scan('connector')) {
    for (const { value: connector } of page) if (await fires(outside, connector, now)) due.push(connector);
  }
  return due;
}

async function fires(outside: World, connector: Connector, now: Instant): Promise<boolean> {
  const { schedule } = connector.operating;
  if (schedule === null || connector.state.is !== 'active') return false;
  const key = firedKey(connector.id);
  const fired = await outside.store.get('counter', key);
  const mark = (): Promise<'committed' | 'conflict'> => outside.store.transaction({ puts: [put('counter', key, { value: now }, fired?.version ?? 0)] });
  if (fired === undefined) {
    await mark();
    return false;
  }
  const next = nextFire(connector, outside.calendar, Math.max(fired.value.value, connector.state.since));
  if (next === null || next > now || (await mark()) === 'conflict') return false;
  return (await runUnderWay(outside.store, connector.id)) === undefined;
}

/** Starts a sync of every connector that is due; one that is refused (a run began just now) holds up no other. */
export async function startDueRuns(outside: Starting & Pick<Outside, 'log' | 'calendar'>): Promise<readonly Run[]> {
  const runs: Run[] = [];
  // Nothing is marked as fired: what falls due meanwhile is caught up with once when the writes go on (N5).
  if ((await haltIn(outside.store)) !== undefined) return runs;
  for (const connector of await dueRuns(outside)) {
    try {
      runs.push(await startSync(outside, SCHEDULE, { connectorId: connector.id }));
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      outside.log.info({ connectorId: connector.id, reason: refusal.reason.is }, 'a scheduled sync was not started');
    }
  }
  return runs;
}
