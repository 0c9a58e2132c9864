import type { OrganizationId } from '../directory/organization.ts';
import type { Instant } from '../instant.ts';
import type { AttributeRule } from '../connectors/mapping.ts';

export type EntryId = string;
export type InstanceId = string;

/** What a partner publishes: protocol profile and default mapping. The custom SCIM entry has no partner. */
export interface CatalogEntry {
  readonly id: EntryId;
  readonly name: string;
  readonly partnerId: OrganizationId | null;
  readonly mapping: readonly AttributeRule[];
  /** What the vendor documents; plans and pace start from it. */
  readonly documented: { readonly requestsPerSecond: number | null; readonly deletes: 'removes' | 'deactivates' | 'unknown' };
  /** Where the target tells its seat total: a path under the base URL and a JSON pointer to a number (E12). */
  readonly seatReading: { readonly path: string; readonly pointer: string } | null;
}

/** One tenant of an application in the portfolio, with its seat total (E12). */
export interface Instance {
  readonly id: InstanceId;
  readonly application: string;
  readonly name: string;
  readonly organizationId: OrganizationId;
  readonly seats:
    | { readonly is: 'unlimited' }
    | { readonly is: 'set'; readonly total: number; readonly by: string; readonly at: Instant }
    | { readonly is: 'read'; readonly path: string; readonly pointer: string; readonly total: number | null; readonly at: Instant | null };
}
