import { accountKey } from './account.ts';
import { waitsFor } from './change.ts';
import { byHolder } from './handovers.ts';
import { type KeptBack, leave } from './plan-changes.ts';
import { type Planned, sparedOf } from './plan.ts';
import type { Work } from './work.ts';

/**
 * Sends the changes of who waits for a name, each when the books say that its holder has given it up: a link of every chain after
 * the other, so that no two of one chain are under way together or travel in one request. Whoever was served out of turn meanwhile
 * has had theirs. Resolves with those whose turn never came: nothing was sent for them.
 */
export async function handOn(work: Work, { waiting, frozen }: KeptBack, drained: () => Promise<void>): Promise<readonly Planned[]> {
  const { gear, outside } = work;
  const { lanes } = work.applied;
  const left = new Set(waiting);
  const behind = await byHolder(waiting, outside.breath);
  let next = [...waiting];
  while (next.length > 0 && !lanes.stopped) {
    await gear.ledger.flush();
    const free: Planned[] = [];
    for (const each of next) {
      const pause = outside.breath.due();
      if (pause !== undefined) await pause;
      if (await isFree(work, each)) free.push(each);
    }
    if (lanes.stopped) break;
    const due = free.filter(({ change }) => !work.served.has(change.personId));
    for (const each of due) {
      left.delete(each);
      const spared = sparedOf(each.change);
      if (spared !== undefined) leave(work, each, spared, frozen);
    }
    gear.ledger.amend({ frozen });
    lanes.feed(due);
    await drained();
    next = [];
    for (const { change } of free) {
      const pause = outside.breath.due();
      if (pause !== undefined) await pause;
      for (const each of behind.get(change.personId) ?? []) if (left.has(each)) next.push(each);
    }
  }
  return [...left].filter(({ change }) => !work.served.has(change.personId));
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
