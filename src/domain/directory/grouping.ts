import type { OrganizationId } from './organization.ts';

export type GroupingId = string;

/** A role or a group: a named set of people inside one organization; connectors are assigned to these. */
export interface Grouping {
  /** `<organizationId>/<kind>/<sourceId>`; never changes. */
  readonly id: GroupingId;
  readonly organizationId: OrganizationId;
  readonly kind: 'role' | 'group';
  readonly sourceId: string;
  /** Unique within its organization, case ignored (D1). */
  readonly name: string;
}
