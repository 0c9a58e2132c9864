export type OrganizationId = string;

/** A node of the organization tree: district, school, company, department, or a partner, which is a leaf (D1). */
export interface Organization {
  /** `<source>:<sourceId>`, where `%` and `/` of the sourceId are written `%25` and `%2F`, so that grouping ids have one reading; never changes. */
  readonly id: OrganizationId;
  readonly source: string;
  readonly sourceId: string;
  readonly name: string;
  /** The source's own word, lower case: `district`, `school`, `department`, `partner`. */
  readonly kind: string;
  readonly parentId: OrganizationId | null;
  /** IANA zone; null takes the parent's, the root's default being the configuration's. */
  readonly timeZone: string | null;
}

/** `id` and everything below it. An id that is not in the tree gives an empty set. */
export function andBelow(tree: readonly Organization[], id: OrganizationId): ReadonlySet<OrganizationId> {
  const children = new Map<OrganizationId | null, Organization[]>();
  for (const organization of tree) children.set(organization.parentId, [...(children.get(organization.parentId) ?? []), organization]);
  const found = new Set<OrganizationId>();
  const waiting = tree.some((organization) => organization.id === id) ? [id] : [];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    for (const child of children.get(next) ?? []) waiting.push(child.id);
  }
  return found;
}

/** `id` first, then its parent, up to the root. */
export function upwards(tree: ReadonlyMap<OrganizationId, Organization>, id: OrganizationId): readonly Organization[] {
  const line: Organization[] = [];
  for (let at = tree.get(id); at !== undefined && !line.includes(at); at = at.parentId === null ? undefined : tree.get(at.parentId)) line.push(at);
  return line;
}
