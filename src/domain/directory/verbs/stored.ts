import type { Outside } from '../../../ports/outside.ts';
import type { Grouping, GroupingId } from '../grouping.ts';
import type { Organization, OrganizationId } from '../organization.ts';

/** What the store holds of one source before an import: all but the people, of which there may be very many. */
export interface StoredDirectory {
  readonly organizations: ReadonlyMap<OrganizationId, Organization>;
  readonly groupings: ReadonlyMap<GroupingId, Grouping>;
  /** Roles and groups with an assignment that has not ended. */
  readonly assigned: ReadonlySet<GroupingId>;
  /** Organizations that own something here: a connector, an instance, a catalog entry, an assignment. */
  readonly pinned: ReadonlySet<OrganizationId>;
}

/** Reads it; ids of the source start with `<source>:`. */
export async function readStored({ store }: Pick<Outside, 'store'>, source: string): Promise<StoredDirectory> {
  const organizations = new Map<OrganizationId, Organization>();
  const groupings = new Map<GroupingId, Grouping>();
  const assigned = new Set<GroupingId>();
  const pinned = new Set<OrganizationId>();
  for await (const page of store.scan('organization', { prefix: `${source}:` })) for (const { value } of page) organizations.set(value.id, value);
  for await (const page of store.scan('grouping', { prefix: `${source}:` })) for (const { value } of page) groupings.set(value.id, value);
  for await (const page of store.scan('assignment')) {
    for (const { value } of page) {
      if (value.ended !== null) continue;
      assigned.add(value.groupingId);
      pinned.add(value.organizationId);
      const owner = groupings.get(value.groupingId)?.organizationId;
      if (owner !== undefined) pinned.add(owner);
    }
  }
  for await (const page of store.scan('connector')) for (const { value } of page) pinned.add(value.organizationId);
  for await (const page of store.scan('instance')) for (const { value } of page) pinned.add(value.organizationId);
  for await (const page of store.scan('entry')) for (const { value } of page) if (value.partnerId !== null) pinned.add(value.partnerId);
  return { organizations, groupings, assigned, pinned };
}
