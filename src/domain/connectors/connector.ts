import type { EntryId, InstanceId } from '../catalog/catalog.ts';
import type { OrganizationId } from '../directory/organization.ts';
import type { Instant } from '../instant.ts';
import type { Dialect } from './dialect.ts';
import type { Mapping } from './mapping.ts';
import type { Rehearsal } from './rehearsal.ts';

export type ConnectorId = string;

/** Where the token comes from: a name the configuration allows, or a sealed one of our store (C6, X6). */
export type SecretSource =
  | { readonly is: 'reference'; readonly name: string }
  | { readonly is: 'sealed'; readonly box: string }
  /** A disconnect erased it, or let its reference go (C13); reconnecting asks for a new one. Never in a draft. */
  | { readonly is: 'erased' };

/** Settings that only a rehearsal puts in force (C9). */
export interface RehearsedSettings {
  readonly baseUrl: string;
  readonly testEmail: string;
  readonly manageGroups: boolean;
  /** The attribute path that existing accounts are matched on after `externalId`; default `userName`. */
  readonly matching: string;
  readonly mapping: Mapping;
  readonly tierAttribute: string | null;
  readonly leavers: { readonly are: 'deactivated' } | { readonly are: 'deleted'; readonly afterDays: number };
  readonly secret: SecretSource;
}

/** Settings that take effect at once (C9). */
export interface OperatingSettings {
  readonly requestsPerSecond: number | null;
  /** Requests under way at once. */
  readonly concurrency: number;
  readonly schedule: { readonly cron: string; readonly timeZone: string } | null;
  /** The fuse (S14): a run that would remove more than `people` and `percent` of the accounts, or more than `absolute`, stops. */
  readonly fuse: { readonly people: number; readonly percent: number; readonly absolute: number };
}

export const DEFAULT_OPERATING: OperatingSettings = {
  requestsPerSecond: null,
  concurrency: 16,
  schedule: null,
  fuse: { people: 10, percent: 5, absolute: 50 },
};

/** What the modal has collected so far; kept in our store so that it can be left and resumed (C6). */
export type Draft = Partial<RehearsedSettings>;

/** C11. A deleted connector is no document at all. */
export type ConnectorState =
  | { readonly is: 'draft' }
  | { readonly is: 'active'; readonly since: Instant }
  | { readonly is: 'disabled'; readonly since: Instant }
  | { readonly is: 'disconnected'; readonly since: Instant };

/** How far apart a quarantined connector's scheduled runs are: further with every bad one (S17). */
export type QuarantineHours = 1 | 4 | 12 | 24;

/** C18: from the last runs, or that a new secret is needed. `bad`: runs in a row that came to nothing (S17); absent for none. */
export type Health =
  | { readonly is: 'unknown' }
  | { readonly is: 'ok' }
  | { readonly is: 'degraded'; readonly since: Instant; readonly bad?: number }
  | { readonly is: 'failing'; readonly since: Instant; readonly bad?: number }
  /** The schedule rests until `until`; `hours` is how long it rests after the next bad run of it ended (S17). */
  | { readonly is: 'quarantined'; readonly since: Instant; readonly hours: QuarantineHours; readonly until: Instant; readonly why: 'failures' | 'runs' }
  | { readonly is: 'needs-credentials'; readonly since: Instant };

/** Provisions one instance over SCIM 2.0 for the organization that owns it and everything below. */
export interface Connector {
  readonly id: ConnectorId;
  /** Unique, case ignored. */
  readonly name: string;
  readonly entryId: EntryId;
  readonly instanceId: InstanceId;
  readonly organizationId: OrganizationId;
  readonly state: ConnectorState;
  readonly health: Health;
  /** Null before the first activation only: a disconnected connector keeps them, its secret erased (C13). */
  readonly inForce: RehearsedSettings | null;
  /** Edits that are not in force yet; null where there are none (C6, C9). */
  readonly draft: Draft | null;
  readonly operating: OperatingSettings;
  /** What the target in force really does: learnt by the rehearsal that put it in force, and by runs since (C20). Absent: what the RFCs say. */
  readonly dialect?: Dialect;
  /** The last rehearsal; it stands for exactly the settings whose fingerprint it carries (C8). */
  readonly rehearsal: Rehearsal | null;
  readonly lastAssign: { readonly at: Instant; readonly by: string } | null;
  /** The end of the latest run that was success or partial (C2). */
  readonly lastProvision: Instant | null;
  /** The last complete listing of the target: its own totals, and what of them is not ours (E12, S26). */
  readonly listing: {
    readonly at: Instant;
    readonly total: number;
    readonly active: number;
    readonly unmanaged: number;
    readonly unmanagedActive: number;
  } | null;
  /** That somebody approved the first adoption on this target (S26); another base URL is another target (C9). Absent before. */
  readonly adoption?: { readonly at: Instant; readonly by: string; readonly baseUrl: string };
  readonly createdAt: Instant;
  readonly createdBy: string;
  /** The Slack user id of whoever took it over (X11); absent while it is its creator's. */
  readonly owner?: string;
}

/** Who answers for a connector: its creator, until it was re-assigned (X11). */
export function ownerOf({ owner, createdBy }: Pick<Connector, 'owner' | 'createdBy'>): string {
  return owner ?? createdBy;
}

/** Whether adoptions on the present target were approved once (S26). */
export function isAdopting({ adoption, inForce }: Pick<Connector, 'adoption' | 'inForce'>): boolean {
  return adoption !== undefined && adoption.baseUrl === inForce?.baseUrl;
}
