import type { Grouping, GroupingId } from '../../domain/directory/grouping.ts';
import type { DirectoryRecord } from '../../domain/directory/import.ts';
import { groupingIdOf, organizationIdOf } from '../identity.ts';

/** The role words of OneRoster 1.1 and 1.2 and what a set of such people is called; any other word stands for itself. */
const PLURALS: Readonly<Record<string, string>> = {
  administrator: 'Administrators',
  aide: 'Aides',
  counselor: 'Counselors',
  districtadministrator: 'District administrators',
  guardian: 'Guardians',
  parent: 'Parents',
  principal: 'Principals',
  proctor: 'Proctors',
  relative: 'Relatives',
  siteadministrator: 'Site administrators',
  student: 'Students',
  systemadministrator: 'System administrators',
  teacher: 'Teachers',
};

/** The role groupings met so far: one per organization and role word, each with the row that first named it. */
export interface RoleGroupings {
  /** The groupings of somebody with this role in `line[0]`: there and in every organization above. */
  idsOf(role: string, line: readonly string[], at: { readonly file: string; readonly line: number }): readonly GroupingId[];
  records(): Iterable<DirectoryRecord>;
  /** The names taken in an organization, lower case. */
  namesIn(organizationId: string): ReadonlySet<string>;
}

/** A role in a school counts in every organization above it too, so that *Teachers* of the district are those of its schools. */
export function roleGroupings(source: string): RoleGroupings {
  const found = new Map<GroupingId, Extract<DirectoryRecord, { is: 'grouping' }>>();
  const names = new Map<string, Set<string>>();
  const known = new Map<string, readonly GroupingId[]>();
  return {
    idsOf(role, line, at) {
      const word = role.toLowerCase();
      const cached = known.get(`${word}\n${line[0] ?? ''}`);
      if (cached !== undefined) return cached;
      const ids = line.map((organization) => {
        const organizationId = organizationIdOf(source, organization);
        const id = groupingIdOf(organizationId, 'role', word);
        const name = (Object.hasOwn(PLURALS, word) ? PLURALS[word] : undefined) ?? role;
        const grouping: Grouping = { id, organizationId, kind: 'role', sourceId: word, name };
        if (!found.has(id)) found.set(id, { is: 'grouping', grouping, at });
        names.set(organizationId, (names.get(organizationId) ?? new Set<string>()).add(name.toLowerCase()));
        return id;
      });
      known.set(`${word}\n${line[0] ?? ''}`, ids);
      return ids;
    },
    records: () => found.values(),
    namesIn: (organizationId) => names.get(organizationId) ?? new Set<string>(),
  };
}
