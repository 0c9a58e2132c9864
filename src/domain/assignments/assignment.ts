import type { ConnectorId } from '../connectors/connector.ts';
import type { GroupingId } from '../directory/grouping.ts';
import type { OrganizationId } from '../directory/organization.ts';
import type { PersonId } from '../directory/person.ts';
import type { Instant } from '../instant.ts';

/** Connector × organization × role or group: the people in it shall have accounts (A2). Ended ones are kept. */
export interface Assignment {
  /** `<connectorId>/<number>`, so that a connector's assignments are one key range. */
  readonly id: string;
  readonly connectorId: ConnectorId;
  readonly organizationId: OrganizationId;
  readonly groupingId: GroupingId;
  readonly by: string;
  readonly why: string | null;
  readonly requestedAt: Instant;
  readonly effectiveAt: Instant;
  readonly ended: AssignmentEnd | null;
}

export interface AssignmentEnd {
  readonly at: Instant;
  readonly by: string;
  readonly why: string | null;
  /** The people whose removal was shown and agreed to: the fuse lets exactly these pass (A3). */
  readonly shown: readonly PersonId[];
}
