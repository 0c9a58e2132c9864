import type { Alert, Subscription } from '../domain/alerts/alert.ts';
import type { Silence } from '../domain/alerts/silence.ts';
import type { Delegation, Policy } from '../domain/approvals/policy.ts';
import type { ApprovalRequest } from '../domain/approvals/request.ts';
import type { Assignment } from '../domain/assignments/assignment.ts';
import type { AuditRow } from '../domain/audit/audit.ts';
import type { ChainHead, Link } from '../domain/audit/chain.ts';
import type { Verification } from '../domain/audit/verification.ts';
import type { Card } from '../domain/cards/card.ts';
import type { CatalogEntry, Instance } from '../domain/catalog/catalog.ts';
import type { Connector } from '../domain/connectors/connector.ts';
import type { Rehearsal } from '../domain/connectors/rehearsal.ts';
import type { Grouping } from '../domain/directory/grouping.ts';
import type { DirectoryImport } from '../domain/directory/import.ts';
import type { Organization } from '../domain/directory/organization.ts';
import type { Person } from '../domain/directory/person.ts';
import type { Halt } from '../domain/halts/halt.ts';
import type { Offboarding } from '../domain/halts/offboarding.ts';
import type { Freeze, Hold } from '../domain/holds/hold.ts';
import type { PlannedChange, StoredPlan } from '../domain/plans/plan.ts';
import type { DriftRow, TargetVerification } from '../domain/verify/verification.ts';
import type { Instant } from '../domain/instant.ts';
import type { ProtectedPerson } from '../domain/protected/protected.ts';
import type { RoleGrant, SlackPerson, UserGroup } from '../domain/rights/role-grant.ts';
import type { Account, PushedGroup, Reservation, Sighting } from '../domain/sync/account.ts';
import type { Enrollment, EnrollmentLink, TaskOfPerson } from '../domain/enrollment/enrollment.ts';
import type { Letter, LetterTemplate } from '../domain/enrollment/letter.ts';
import type { KeptOutlook } from '../domain/enrollment/outlook.ts';
import type { EnrollmentPolicy, EnrollmentSwitch } from '../domain/enrollment/policy.ts';
import type { SeatBook } from '../domain/enrollment/seat-book.ts';
import type { HardwareToken, Stock, StockImport, StockLine } from '../domain/enrollment/stock.ts';
import type { EnrollmentTask, TaskOfRun } from '../domain/enrollment/task.ts';
import type { ProvisioningEvent } from '../domain/sync/event.ts';
import type { Run } from '../domain/sync/run.ts';

/** Documents: small things that change, found by kind and key, each with a version for compare-and-set. */
export interface Documents {
  organization: Organization;
  grouping: Grouping;
  person: Person;
  entry: CatalogEntry;
  instance: Instance;
  connector: Connector;
  assignment: Assignment;
  account: Account;
  sighting: Sighting;
  reservation: Reservation;
  pushedGroup: PushedGroup;
  run: Run;
  card: Card;
  subscription: Subscription;
  alert: Alert;
  silence: Silence;
  /** Key: the directory source's name; when its files were seen to change, oldest first (N5). */
  sourceTimes: { readonly seen: readonly Instant[] };
  grant: RoleGrant;
  userGroup: UserGroup;
  slackPerson: SlackPerson;
  policy: Policy;
  delegation: Delegation;
  approval: ApprovalRequest;
  protected: ProtectedPerson;
  plan: StoredPlan;
  hold: Hold;
  freeze: Freeze;
  halt: Halt;
  offboarding: Offboarding;
  verification: TargetVerification;
  task: EnrollmentTask;
  taskOfRun: TaskOfRun;
  outlook: KeptOutlook;
  enrollment: Enrollment;
  enrollmentLink: EnrollmentLink;
  tasksOf: TaskOfPerson;
  enrollmentPolicy: EnrollmentPolicy;
  enrollmentSwitch: EnrollmentSwitch;
  letter: Letter;
  letterTemplate: LetterTemplate;
  hardwareToken: HardwareToken;
  stock: Stock;
  /** Key: the organization's id; its last import. */
  stockImport: StockImport;
  seatBook: SeatBook;
  /** Key: the directory source's name; its last import. */
  import: DirectoryImport;
  /** Key: the counter's name; `run` counts runs, `assignment` assignments, `grant` roles given, `policy` policies, `approval` requests, `task` enrollment tasks. */
  counter: { readonly value: number };
  /** One line per run of a deleted connector, without people (C14). Key: the run's id. */
  runLine: { readonly connector: string; readonly run: Pick<Run, 'id' | 'kind' | 'by' | 'startedAt' | 'state' | 'counts'> };
  /** Effects of requests that must not be repeated (X3): key is the delivery's id. */
  delivery: { readonly at: Instant };
}
export type Kind = keyof Documents;

/** Logs: rows that are only ever appended, each in one partition. */
export interface Logs {
  /** Partition: connector. */
  event: ProvisioningEvent;
  /** Partition: connector, or `-`. The store chains its rows in the order of commits over all partitions (X2); they are numbered from 1 without a gap and never erased. */
  audit: AuditRow;
  /** Partition: plan. The changes of a stored plan, in the order of person ids (S6). */
  plan: PlannedChange;
  /** Partition: connector. What the last verification found (S20). */
  drift: DriftRow;
  /** Partition: `<organization>/<import>`. The lines of a stock import as they came out (E9); the last import's are kept. */
  stock: StockLine;
  /** Partition: connector. Rehearsals write here, not among the events (S5). */
  rehearsal: Rehearsal & { readonly at: Instant };
}
export type Log = keyof Logs;

export interface Stored<T> {
  /** Counts from 1; a document put again after removal starts above its old version, and so may any new one after that. */
  readonly version: number;
  readonly value: T;
}

/** A page of `scan`, in key order. */
export type Page<T> = readonly { readonly key: string; readonly version: number; readonly value: T }[];

/** Writes one document, or removes it (`value: null`). `expected` refuses the whole transaction unless the stored version is that; 0 expects none. */
export type Put = { [K in Kind]: { readonly kind: K; readonly key: string; readonly value: Documents[K] | null; readonly expected?: number } }[Kind];

export type Append = { [L in Log]: { readonly log: L; readonly partition: string; readonly row: Logs[L] } }[Log];

/** Everything in it happens, durably, or nothing does: first the erasures, then the puts, then the appends. Expected versions are those before it. */
export interface Transaction {
  readonly puts?: readonly Put[];
  readonly appends?: readonly Append[];
  /** Removes every document of a kind under a key prefix, or a log's whole partition (C14: delete). */
  readonly erase?: readonly ({ readonly kind: Kind; readonly prefix: string } | { readonly log: Exclude<Log, 'audit'>; readonly partition: string })[];
}

/** `match` asks for equality on top-level fields of the row. */
export interface RowQuery<L extends Log> {
  readonly partition?: string;
  readonly match?: Partial<Logs[L]>;
  /** Inclusive. */
  readonly from?: Instant;
  /** Exclusive. */
  readonly until?: Instant;
  readonly order: 'oldest' | 'newest';
  /** Rows after this sequence number in the asked order; from the last row of the page before. */
  readonly after?: number;
  readonly limit?: number;
}
/** `link` is there for every row of `audit` but those of a store from before there was a chain. */
export type Rows<L extends Log> = readonly { readonly seq: number; readonly row: Logs[L]; readonly link?: Link }[];

/**
 * The one storage port; the JSON store and PostgreSQL implement it, and one contract suite runs against both.
 * Values are shared and must not be changed. Readers see only what is durable.
 */
export interface Store {
  get<K extends Kind>(kind: K, key: string): Promise<Stored<Documents[K]> | undefined>;
  /** Documents in key order (by UTF-16 code unit), in pages of at most 256. Tolerates writes in between: each key comes once, and one present all along is never missed. */
  scan<K extends Kind>(kind: K, range?: { readonly prefix?: string; readonly after?: string }): AsyncIterable<Page<Documents[K]>>;
  count(kind: Kind, prefix?: string): Promise<number>;
  /** Rows in pages of at most 256, streamed: a million rows need constant memory. Rows appended after it began are not part of it. */
  rows<L extends Log>(log: L, query: RowQuery<L>): AsyncIterable<Rows<L>>;
  /** Resolves when the transaction is durable and visible; `conflict` when an expected version did not hold, with nothing changed. Throws a `StoreFault` when it can't be written (full disk), with nothing changed. */
  transaction(change: Transaction): Promise<'committed' | 'conflict'>;
  /**
   * From now on tells `listener` of each transaction that is committed through this store, once readers see it and before it resolves; in no
   * certain order. It must be quick, must not throw, and lives as long as the store.
   */
  watch(listener: (change: Transaction) => void): void;
  /** The end of the audit's chain, as of the last commit; null while no row is chained. Worth noting elsewhere (X2). */
  auditHead(): Promise<ChainHead | null>;
  /** Reads every row of `audit` from where it is kept, in constant memory, and names the first that was altered, is missing or was moved (X2). `noted`: a head written down earlier, which must be among them. */
  verifyAudit(noted?: string): Promise<Verification>;
}

/** The store can't read or write: the message says what the operator should do. */
export class StoreFault extends Error {
  override readonly name = 'StoreFault';
}
