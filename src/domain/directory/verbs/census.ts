import type { Outside } from '../../../ports/outside.ts';
import type { GroupingId } from '../grouping.ts';
import type { Person } from '../person.ts';

type Needs = Pick<Outside, 'store' | 'breath'>;

/** Active people of the directory, each once, in the order of their ids. With `groupingIds`, only those in at least one of them. */
export async function* peopleIn({ store, breath }: Needs, groupingIds: ReadonlySet<GroupingId> | null): AsyncGenerator<Person> {
  for await (const page of store.scan('person')) {
    const pause = breath.due();
    if (pause) await pause;
    for (const { value } of page) {
      if (value.status === 'active' && (groupingIds === null || value.groupings.some((id) => groupingIds.has(id)))) yield value;
    }
  }
}

/** How many distinct active people are in each role or group; of all of them, or of those asked for (0 where nobody is). One pass over the people. */
export async function census({ store, breath }: Needs, groupingIds?: Iterable<GroupingId>): Promise<ReadonlyMap<GroupingId, number>> {
  const counts = new Map<GroupingId, number>();
  const asked = groupingIds === undefined ? null : new Set(groupingIds);
  for (const id of asked ?? []) counts.set(id, 0);
  for await (const page of store.scan('person')) {
    const pause = breath.due();
    if (pause) await pause;
    for (const { value } of page) {
      if (value.status !== 'active') continue;
      for (const id of value.groupings) if (asked === null || asked.has(id)) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
  }
  return counts;
}

/** How many distinct active people are in at least one of the roles and groups: someone in two counts once (C1). */
export async function countPeople(outside: Needs, groupingIds: Iterable<GroupingId>): Promise<number> {
  let count = 0;
  for await (const _ of peopleIn(outside, new Set(groupingIds))) count += 1;
  return count;
}
