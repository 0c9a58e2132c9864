import type { Grouping, GroupingId } from '../grouping.ts';
import type { RowError, RowPlace } from '../import.ts';
import type { Organization, OrganizationId } from '../organization.ts';

export interface GroupingRow {
  readonly grouping: Grouping;
  readonly at: RowPlace;
}

/** What a source's roles and groups will be. */
export interface SettledGroupings {
  /** All that will exist. */
  readonly final: Map<GroupingId, Grouping>;
  /** Left exactly as they were, members included, because their row is broken (D2); some may never have existed. */
  readonly left: ReadonlySet<GroupingId>;
  /** No longer in the source, but still assigned to a connector: they stay, without members. */
  readonly kept: ReadonlySet<GroupingId>;
  readonly errors: readonly RowError[];
}

/** What is known before: the stored ones, the source ids of broken rows, whether a broken row had no readable key, and which are assigned. */
export interface GroupingsBefore {
  readonly stored: ReadonlyMap<GroupingId, Grouping>;
  readonly brokenKeys: ReadonlySet<string>;
  readonly unreadable: boolean;
  readonly assigned: ReadonlySet<GroupingId>;
}

/**
 * Decides the roles and groups: each in an organization that exists, names unique within it, case ignored (D1). Who
 * already has a name keeps it against a newcomer; a row that breaks a rule leaves its grouping as it was.
 */
export function settleGroupings(
  before: GroupingsBefore,
  rows: readonly GroupingRow[],
  organizations: ReadonlyMap<OrganizationId, Organization>,
): SettledGroupings {
  const { stored, brokenKeys, unreadable, assigned } = before;
  const errors: RowError[] = [];
  const free = new Map<GroupingId, GroupingRow>();
  const left = new Set<GroupingId>();
  const leave = (row: GroupingRow, reason: string): void => {
    errors.push({ ...row.at, reason, sourceId: row.grouping.sourceId });
    free.delete(row.grouping.id);
    left.add(row.grouping.id);
  };
  for (const grouping of stored.values()) if (brokenKeys.has(grouping.sourceId)) left.add(grouping.id);
  for (const row of rows) {
    const { id, organizationId, sourceId } = row.grouping;
    if (free.has(id)) leave(row, `"${sourceId}" stands in line ${free.get(id)?.at.line} too`);
    else if (brokenKeys.has(sourceId)) left.add(id);
    else if (left.has(id)) leave(row, `"${sourceId}" stands in another row too`);
    else if (!organizations.has(organizationId)) leave(row, 'its organization is not in the source, or that row is broken');
    else free.set(id, row);
  }
  const missing = [...stored.keys()].filter((id) => !free.has(id) && !left.has(id));
  if (unreadable) for (const id of missing) left.add(id);
  const kept = new Set(missing.filter((id) => !left.has(id) && assigned.has(id)));
  for (let again = true; again; ) {
    again = false;
    for (const { row, holder } of nameClashes(stored, free, [...left, ...kept])) {
      leave(
        row,
        `an organization can't have two roles or groups of one name: "${row.grouping.name}" is also ${holder.kind} "${holder.sourceId}"${kept.has(holder.id) ? ', which left the source but is still assigned: un-assign it first' : ''}`,
      );
      // Left as it was, it holds its old name again, which another row may just have taken.
      again ||= stored.has(row.grouping.id);
    }
  }
  const final = new Map([...free].map(([id, row]) => [id, row.grouping]));
  for (const id of [...left, ...kept]) {
    const grouping = stored.get(id);
    if (grouping !== undefined) final.set(id, grouping);
  }
  return { final, left, kept, errors };
}

function nameKey(grouping: Grouping): string {
  return `${grouping.organizationId}\n${grouping.name.normalize('NFKC').toLowerCase()}`;
}

/** The rows whose name somebody else holds: first those who stay, then who had it before, then the order of the file. */
function nameClashes(
  stored: ReadonlyMap<GroupingId, Grouping>,
  free: ReadonlyMap<GroupingId, GroupingRow>,
  staying: readonly GroupingId[],
): { readonly row: GroupingRow; readonly holder: Grouping }[] {
  const holders = new Map<string, Grouping>();
  const clashes: { row: GroupingRow; holder: Grouping }[] = [];
  for (const id of staying) {
    const grouping = stored.get(id);
    if (grouping !== undefined) holders.set(nameKey(grouping), grouping);
  }
  const unchanged = (row: GroupingRow): boolean => {
    const old = stored.get(row.grouping.id);
    return old !== undefined && nameKey(old) === nameKey(row.grouping);
  };
  const rows = [...free.values()];
  for (const row of [...rows.filter(unchanged), ...rows.filter((candidate) => !unchanged(candidate))]) {
    const holder = holders.get(nameKey(row.grouping));
    if (holder === undefined) holders.set(nameKey(row.grouping), row.grouping);
    else clashes.push({ row, holder });
  }
  return clashes;
}
