import type { Outside } from '../../../ports/outside.ts';
import type { Put } from '../../../ports/store.ts';
import type { ConnectorId } from '../../connectors/connector.ts';
import type { PersonId } from '../../directory/person.ts';
import { haltIn } from '../../halts/stopped.ts';
import { Refusal } from '../../refusal.ts';
import { put, revise } from '../../revise.ts';
import { isGranted } from '../../sync/account.ts';
import { isUnderWay, type Run } from '../../sync/run.ts';
import { createRun, runUnderWay } from '../../sync/verbs/create-run.ts';
import { activationKey } from './seating.ts';

export type Activating = Pick<Outside, 'store' | 'clock' | 'chance' | 'breath' | 'work' | 'cards'>;

/** Somebody else was granted a seat while the run was being made: it is made anew, with them. */
class Newer extends Error {}

/**
 * Makes active in the target whom a seat was granted (E10): all of the connector in one run, or ahead of all others in
 * the sync under way; asked for again, those that came meanwhile. While the connector is not active, or all writes are
 * stopped, it rests, and a minute after that it goes on. Whom a run fails to activate the next sync tries again.
 */
export async function activateGranted(outside: Activating, connectorId: ConnectorId): Promise<void> {
  while (!(await handedOver(outside, connectorId)));
}

/** Connectors with people to activate: at start, once a minute, and after each run. What a run has already it is not given twice. */
export async function activationsDue({ store, work }: Pick<Outside, 'store' | 'work'>): Promise<void> {
  const prefix = activationKey('');
  for await (const page of store.scan('counter', { prefix })) for (const { key } of page) work.activate(key.slice(prefix.length));
}

/** True where nothing more is to be done now. */
async function handedOver(outside: Activating, connectorId: ConnectorId): Promise<boolean> {
  const { store } = outside;
  const key = activationKey(connectorId);
  const mark = await store.get('counter', key);
  if (mark === undefined) return true;
  const connector = (await store.get('connector', connectorId))?.value;
  if (connector !== undefined && connector.state.is !== 'active') return true;
  if ((await haltIn(store)) !== undefined) return true;
  const under = await runUnderWay(store, connectorId);
  if (under !== undefined && isSoonOver(under)) return true;
  const ids = connector === undefined ? [] : await grantedIn(outside, connectorId);
  const done: Put = put('counter', key, null, mark.version);
  if (connector === undefined || ids.length === 0) return (await store.transaction({ puts: [done] })) === 'committed';
  if (under !== undefined) return await joined(outside, under, ids);
  const along = async (): Promise<readonly Put[]> => {
    if ((await store.get('counter', key))?.version !== mark.version) throw new Newer();
    return [done];
  };
  try {
    await createRun(outside, { connector, kind: 'activate', scope: { is: 'people', ids }, by: 'schedule', way: 'job', verb: 'activate people of', along });
    return true;
  } catch (refusal) {
    if (refusal instanceof Newer || (refusal instanceof Refusal && refusal.reason.is === 'running')) return false;
    if (refusal instanceof Refusal) return true;
    throw refusal;
  }
}

async function grantedIn({ store, breath }: Activating, connectorId: ConnectorId): Promise<readonly PersonId[]> {
  const ids: PersonId[] = [];
  for await (const page of store.scan('account', { prefix: `${connectorId}/` })) {
    for (const { value } of page) if (isGranted(value)) ids.push(value.personId);
    const pause = breath.due();
    if (pause !== undefined) await pause;
  }
  return ids;
}

/** They go first in the run under way, also in one that rests; its end looks again at who is left. False where it ended meanwhile. */
async function joined(outside: Activating, under: Run, ids: readonly PersonId[]): Promise<boolean> {
  const run = await revise(outside.store, 'run', under.id, (present) => {
    const asked = present.expedite ?? [];
    const waiting = new Set(asked);
    const more = ids.filter((id) => !waiting.has(id));
    return !isUnderWay(present) || more.length === 0 ? null : { ...present, expedite: [...asked, ...more] };
  });
  if (run === undefined || !isUnderWay(run)) return false;
  outside.work.run(run.id);
  return true;
}

/** An activation under way: all who came meanwhile are the next one's, in as many lanes as the connector has, and its end asks for that. */
function isSoonOver({ kind, state }: Run): boolean {
  return kind === 'activate' && state.is !== 'paused';
}
