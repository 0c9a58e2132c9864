import type { RowError, RowPlace } from '../import.ts';
import type { Organization, OrganizationId } from '../organization.ts';

export interface OrganizationRow {
  readonly organization: Organization;
  readonly at: RowPlace;
}

/** What a source's organizations will be. */
export interface SettledOrganizations {
  /** All that will exist, those left as they were included. */
  readonly final: Map<OrganizationId, Organization>;
  readonly errors: readonly RowError[];
}

/**
 * Decides the organization tree (D1): no cycles, every parent there, nothing below a partner. A row that breaks a rule
 * leaves its organization exactly as it was (D2), and so does a row that could not be read (`brokenKeys`; `unreadable`
 * says that one had no readable key, so that any missing organization may be it). `pinned` ones stay when the source no
 * longer has them. The result is always a tree, given that `stored` is one.
 */
export function settleOrganizations(
  stored: ReadonlyMap<OrganizationId, Organization>,
  rows: readonly OrganizationRow[],
  brokenKeys: ReadonlySet<string>,
  unreadable: boolean,
  pinned: ReadonlySet<OrganizationId>,
): SettledOrganizations {
  const errors: RowError[] = [];
  const free = new Map<OrganizationId, OrganizationRow>();
  const left = new Set<OrganizationId>();
  const leave = (row: OrganizationRow, reason: string): void => {
    errors.push({ ...row.at, reason, sourceId: row.organization.sourceId });
    free.delete(row.organization.id);
    left.add(row.organization.id);
  };
  for (const organization of stored.values()) if (brokenKeys.has(organization.sourceId)) left.add(organization.id);
  for (const row of rows) {
    const { id, sourceId } = row.organization;
    if (free.has(id) || left.has(id))
      leave(row, free.has(id) ? `"${sourceId}" stands in line ${free.get(id)?.at.line} too` : `"${sourceId}" stands in another row too`);
    else if (!brokenKeys.has(sourceId)) free.set(id, row);
  }
  for (const id of stored.keys()) if (!free.has(id) && (unreadable || pinned.has(id))) left.add(id);
  for (;;) {
    const final = assemble(stored, free, left);
    const faults = treeFaults(final, free);
    if (faults.size === 0) return { final, errors };
    for (const [id, reason] of faults) {
      const row = free.get(id);
      if (row !== undefined) leave(row, reason);
    }
  }
}

/** The free rows, and those left as they were with everything that was above them. */
function assemble(
  stored: ReadonlyMap<OrganizationId, Organization>,
  free: ReadonlyMap<OrganizationId, OrganizationRow>,
  left: ReadonlySet<OrganizationId>,
): Map<OrganizationId, Organization> {
  const final = new Map([...free].map(([id, row]) => [id, row.organization]));
  for (const start of left) {
    for (let at: OrganizationId | null = start; at !== null && !final.has(at); ) {
      const organization = stored.get(at);
      if (organization === undefined) break;
      final.set(at, organization);
      at = organization.parentId;
    }
  }
  return final;
}

/** The rows to blame for what is no tree, with the reason; empty when it is one. Only free rows are blamed. */
function treeFaults(final: ReadonlyMap<OrganizationId, Organization>, free: ReadonlyMap<OrganizationId, OrganizationRow>): ReadonlyMap<OrganizationId, string> {
  const faults = new Map<OrganizationId, string>();
  const blame = (id: OrganizationId, reason: string): void => {
    if (free.has(id) && !faults.has(id)) faults.set(id, reason);
  };
  const children = new Map<OrganizationId, OrganizationId[]>();
  for (const { id, parentId } of final.values()) {
    if (parentId === null) continue;
    const siblings = children.get(parentId);
    if (siblings === undefined) children.set(parentId, [id]);
    else siblings.push(id);
    const parent = final.get(parentId);
    if (parent === undefined) blame(id, 'its parent is not in the file');
    else if (parent.kind === 'partner') {
      if (free.has(id)) blame(id, `its parent "${parent.name}" is a partner, and partners have nothing below them`);
      else blame(parentId, "it can't be a partner: other organizations lie below it");
    }
  }
  for (const id of inCycles(final)) blame(id, 'it lies below itself');
  blameBelow(faults, final, children, blame);
  return faults;
}

/** What lies below a new organization that will not exist can't exist either: blamed in one go, however deep. */
function blameBelow(
  faults: ReadonlyMap<OrganizationId, string>,
  final: ReadonlyMap<OrganizationId, Organization>,
  children: ReadonlyMap<OrganizationId, readonly OrganizationId[]>,
  blame: (id: OrganizationId, reason: string) => void,
): void {
  const waiting = [...faults.keys()];
  const seen = new Set<OrganizationId>(waiting);
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    for (const child of children.get(id) ?? []) {
      if (seen.has(child)) continue;
      seen.add(child);
      blame(child, `its parent "${final.get(id)?.name ?? id}" is broken`);
      waiting.push(child);
    }
  }
}

/** The organizations on a cycle, found by walking up from each; every one is visited once. */
function inCycles(final: ReadonlyMap<OrganizationId, Organization>): ReadonlySet<OrganizationId> {
  const done = new Set<OrganizationId>();
  const found = new Set<OrganizationId>();
  for (const start of final.keys()) {
    const path: OrganizationId[] = [];
    const onPath = new Set<OrganizationId>();
    let at: OrganizationId | null | undefined = start;
    while (at !== null && at !== undefined && !done.has(at) && !onPath.has(at)) {
      path.push(at);
      onPath.add(at);
      at = final.get(at)?.parentId;
    }
    if (at !== null && at !== undefined && onPath.has(at)) for (const id of path.slice(path.indexOf(at))) found.add(id);
    for (const id of path) done.add(id);
  }
  return found;
}
