import type { GroupingId } from '../directory/grouping.ts';
import type { PushedGroup } from './account.ts';

export interface GroupOrder {
  /** All groups: whoever gives up a name before whoever is to get it. */
  readonly order: readonly GroupingId[];
  /** Those whose name goes round in a circle, or waits for one that does: no order frees it. */
  readonly circling: ReadonlySet<GroupingId>;
}

/** Orders groups by the names that they are to have and have, also where several have one; one that has a name and is to have none is to go. */
export function inOrder(names: ReadonlyMap<GroupingId, string>, there: Iterable<Pick<PushedGroup, 'groupingId' | 'name'>>): GroupOrder {
  const holders = new Map<string, GroupingId[]>();
  const ids = [...names.keys()];
  for (const { groupingId, name } of there) {
    holders.set(name.toLowerCase(), [...(holders.get(name.toLowerCase()) ?? []), groupingId]);
    ids.push(groupingId);
  }
  const giversTo = (id: GroupingId): readonly GroupingId[] => {
    const name = names.get(id)?.toLowerCase();
    const having = name === undefined ? [] : (holders.get(name) ?? []);
    return having.includes(id) ? [] : having.filter((holder) => names.get(holder)?.toLowerCase() !== name);
  };
  const order = new Set<GroupingId>();
  const circling = new Set<GroupingId>();
  // Who was begun and is not in the order yet is on the way: to give up a name to them is a circle.
  const begun = new Set<GroupingId>();
  for (const start of ids) {
    const way = begun.has(start) ? [] : [start];
    begun.add(start);
    for (let at = way.at(-1); at !== undefined; at = way.at(-1)) {
      const givers = giversTo(at);
      const next = givers.find((giver) => !begun.has(giver));
      if (next === undefined) {
        if (givers.some((giver) => !order.has(giver) || circling.has(giver))) circling.add(at);
        order.add(at);
        way.pop();
      } else {
        begun.add(next);
        way.push(next);
      }
    }
  }
  return { order: [...order], circling };
}
