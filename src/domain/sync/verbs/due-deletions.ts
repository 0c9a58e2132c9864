import type { Outside } from '../../../ports/outside.ts';
import type { Connector } from '../../connectors/connector.ts';
import { haltIn } from '../../halts/stopped.ts';
import { HOUR } from '../../instant.ts';
import { protectedIn } from '../../protected/protected-in.ts';
import { Refusal } from '../../refusal.ts';
import { put } from '../../revise.ts';
import { SCHEDULE } from '../../rights/verbs/who.ts';
import { deletionsKey } from '../marks.ts';
import { scheduledDeletions } from './cancel-deletion.ts';
import { type Starting, startSync } from './start.ts';

/** How often a connector's list of scheduled deletions is looked at. */
const EVERY = HOUR;

/**
 * Deletes what is due (S10) also where no schedule or nobody starts a sync: a run that touches only the people whose
 * deletion is due. Looked at once an hour per connector that deletes leavers.
 */
export async function startDueDeletions(outside: Starting & Pick<Outside, 'log'>): Promise<void> {
  if ((await haltIn(outside.store)) !== undefined) return;
  for await (const page of outside.store.scan('connector')) {
    for (const { value: connector } of page) if (await isTime(outside, connector)) await startFor(outside, connector);
  }
}

async function isTime(outside: Starting, connector: Connector): Promise<boolean> {
  if (connector.state.is !== 'active' || connector.inForce?.leavers.are !== 'deleted') return false;
  const now = outside.clock.now();
  const key = deletionsKey(connector.id);
  const looked = await outside.store.get('counter', key);
  if (looked !== undefined && looked.value.value + EVERY > now) return false;
  return (await outside.store.transaction({ puts: [put('counter', key, { value: now }, looked?.version ?? 0)] })) === 'committed';
}

async function startFor(outside: Starting & Pick<Outside, 'log'>, connector: Connector): Promise<void> {
  const now = outside.clock.now();
  const shielded = await protectedIn(outside.store, connector.id);
  const due = (await scheduledDeletions(outside, connector.id)).filter(({ deleteAt, personId }) => deleteAt <= now && !shielded.has(personId));
  if (due.length === 0) return;
  try {
    await startSync(outside, SCHEDULE, { connectorId: connector.id, scope: { is: 'people', ids: due.map(({ personId }) => personId) } });
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    outside.log.info({ connectorId: connector.id, reason: refusal.reason.is }, 'scheduled deletions wait');
  }
}
