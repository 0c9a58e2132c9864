import type { ConnectorId } from '../connectors/connector.ts';
import type { OrganizationId } from '../directory/organization.ts';
import type { Instant } from '../instant.ts';

export const REPORTS = ['connectors', 'assignments', 'accounts', 'runs', 'events', 'audit', 'enrollment', 'seats', 'partners'] as const;
export type ReportName = (typeof REPORTS)[number];

/** How its file is written: for a spreadsheet, or one JSON value a line for a program. */
export const REPORT_FORMATS = ['csv', 'jsonl'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** What narrows a report (R1). `asOf` serves accounts and assignments only. */
export interface ReportFilter {
  readonly organizationId: OrganizationId | null;
  readonly connectorId: ConnectorId | null;
  /** Inclusive. */
  readonly from: Instant | null;
  /** Exclusive. */
  readonly until: Instant | null;
  /** The last moment that counts. */
  readonly asOf: Instant | null;
}

export const NO_FILTER: ReportFilter = { organizationId: null, connectorId: null, from: null, until: null, asOf: null };

/** Reports of what happened; the others tell how things are now. */
const DATED: readonly ReportName[] = ['assignments', 'accounts', 'runs', 'events', 'audit', 'enrollment'];
/** Reports that can tell how things were on a day. */
const AS_OF: readonly ReportName[] = ['assignments', 'accounts'];

/** Whether it can be narrowed to a period. */
export function takesPeriod(name: ReportName): boolean {
  return DATED.includes(name);
}

/** Whether it can tell how things were on a day (R1). */
export function takesAsOf(name: ReportName): boolean {
  return AS_OF.includes(name);
}
