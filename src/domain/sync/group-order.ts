import type { GroupingId } from '../directory/grouping.ts';
import type { PushedGroup } from './account.ts';

export interface GroupOrder {
  /** All groups: whoever gives up a name before whoever is to get it. */
  readonly order: readonly GroupingId[];
  /** Those whose name goes round in a circle, or waits for one that does: no order frees it. */
  readonly circling: ReadonlySet<GroupingId>;
}

/** Orders groups by the names that they are to have and have; one that has a name and is to have none is to go. */
export function inOrder(names: ReadonlyMap<GroupingId, string>, there: Iterable<Pick<PushedGroup, 'groupingId' | 'name'>>): GroupOrder {
  const holders = new Map<string, GroupingId>();
  for (const { groupingId, name } of there) holders.set(name.toLowerCase(), groupingId);
  const giverTo = (id: GroupingId): GroupingId | undefined => {
    const name = names.get(id)?.toLowerCase();
    const holder = name === undefined ? undefined : holders.get(name);
    return holder === undefined || holder === id || names.get(holder)?.toLowerCase() === name ? undefined : holder;
  };
  const order = new Set<GroupingId>();
  const circling = new Set<GroupingId>();
  for (const start of [...names.keys(), ...holders.values()]) {
    const way = new Set<GroupingId>();
    let at: GroupingId | undefined = start;
    for (; at !== undefined && !order.has(at) && !way.has(at); at = giverTo(at)) way.add(at);
    const isCircling = at !== undefined && (way.has(at) || circling.has(at));
    for (const each of [...way].reverse()) {
      order.add(each);
      if (isCircling) circling.add(each);
    }
  }
  return { order: [...order], circling };
}
