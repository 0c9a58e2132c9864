import type { GroupingId } from '../domain/directory/grouping.ts';
import type { DirectoryRecord } from '../domain/directory/import.ts';
import { shown } from './identity.ts';

/** The memberships of one file, kept until their person's row comes: two small numbers each. */
export interface Roll {
  add(personKey: string, groupingIds: readonly GroupingId[], line: number): void;
  /** Hands over a person's groupings; they are no longer waiting. */
  take(personKey: string): readonly GroupingId[];
  /** The rows whose person never came, as broken ones. */
  left(peopleFile: string): Iterable<DirectoryRecord>;
}

/** `file` is where the memberships stand, for the reasons. */
export function roll(file: string): Roll {
  const groupings: GroupingId[] = [];
  const indexes = new Map<GroupingId, number>();
  /** Person key to pairs of grouping index and line. */
  const waiting = new Map<string, number[]>();
  const indexOf = (id: GroupingId): number => {
    const known = indexes.get(id);
    if (known !== undefined) return known;
    indexes.set(id, groupings.length);
    return groupings.push(id) - 1;
  };
  return {
    add(personKey, groupingIds, line) {
      const pairs = waiting.get(personKey) ?? [];
      for (const id of groupingIds) pairs.push(indexOf(id), line);
      waiting.set(personKey, pairs);
    },
    take(personKey) {
      const pairs = waiting.get(personKey);
      if (pairs === undefined) return [];
      waiting.delete(personKey);
      return pairs.filter((_, at) => at % 2 === 0).map((index) => groupings[index] ?? '');
    },
    *left(peopleFile) {
      for (const [sourceId, pairs] of waiting) {
        for (const line of new Set(pairs.filter((_, at) => at % 2 === 1))) {
          yield { is: 'broken', about: 'person', error: { file, line, reason: `no person ${shown(sourceId)} in ${peopleFile}`, sourceId } };
        }
      }
    },
  };
}
