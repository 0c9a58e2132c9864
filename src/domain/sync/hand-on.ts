import { accountKey } from './account.ts';
import { waitsFor } from './change.ts';
import { byHolder } from './handovers.ts';
import type { Planned } from './plan.ts';
import type { Work } from './work.ts';

/**
 * Sends the changes of who waits for a name, each when the books say that its holder has given it up: a link of every chain after
 * the other, so that no two of one chain are under way together or travel in one request. Resolves with those whose turn never
 * came: nothing was sent for them.
 */
export async function handOn(work: Work, waiting: readonly Planned[], drained: () => Promise<void>): Promise<readonly Planned[]> {
  const { lanes } = work.applied;
  const left = new Set(waiting);
  const behind = byHolder(waiting);
  for (let next = waiting; next.length > 0 && !lanes.stopped; ) {
    await work.gear.ledger.flush();
    const due: Planned[] = [];
    for (const each of next) if (await isFree(work, each)) due.push(each);
    if (lanes.stopped) break;
    for (const each of due) left.delete(each);
    lanes.feed(due);
    await drained();
    next = due.flatMap(({ change }) => behind.get(change.personId) ?? []);
  }
  return [...left];
}

/** Whether the holder's account has another name by now, or is gone. One that was to be adopted and still is not has the name that it had. */
async function isFree({ outside: { store }, gear: { connector, settings } }: Work, { change }: Planned): Promise<boolean> {
  const holder = waitsFor(change);
  if (holder === undefined || !('values' in change)) return true;
  const account = (await store.get('account', accountKey(connector.id, holder.personId)))?.value;
  if (account === undefined || account.state === 'pending' || account.intent !== null) return false;
  if (account.state === 'gone') return (await store.get('sighting', `${connector.id}/${holder.targetId}`)) === undefined;
  return account.pushed?.values[settings.matching]?.toLowerCase() !== change.values[settings.matching]?.toLowerCase();
}
