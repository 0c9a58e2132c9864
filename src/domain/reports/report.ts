import type { ConnectorId } from '../connectors/connector.ts';
import type { OrganizationId } from '../directory/organization.ts';
import type { Instant } from '../instant.ts';

export const REPORTS = ['connectors', 'assignments', 'accounts', 'runs', 'events', 'audit', 'seats', 'partners'] as const;
export type ReportName = (typeof REPORTS)[number];

/** What narrows a report (R1). `asOf` serves accounts and assignments only. */
export interface ReportFilter {
  readonly organizationId: OrganizationId | null;
  readonly connectorId: ConnectorId | null;
  readonly from: Instant | null;
  readonly until: Instant | null;
  readonly asOf: Instant | null;
}
