import type { Connector } from '../connectors/connector.ts';
import type { OrganizationId } from '../directory/organization.ts';
import type { PersonId } from '../directory/person.ts';
import type { Instant } from '../instant.ts';
import type { Enrollment, EnrollmentStatus } from './enrollment.ts';
import type { EnrollmentTask } from './task.ts';

/** Entries of a task by status, the removed ones too. */
export type StatusCounts = Readonly<Record<EnrollmentStatus, number>>;

/** What people see of a task: numbers only, so that it may stand anywhere (R3). */
export interface TaskModel {
  readonly task: EnrollmentTask;
  readonly connector: Pick<Connector, 'id' | 'name' | 'state'>;
  /** The plain name of its operator; `the schedule` where nobody started the run. */
  readonly by: string;
  readonly counts: StatusCounts;
  /** Accepted while no seat was free (E10). */
  readonly waiting: number;
  /** Entries whose last mail the server refused, gave up on, or never answered. */
  readonly undelivered: number;
  /** Active entries without an e-mail address: the printable list is for them (E13). */
  readonly withoutMail: number;
  /** Hardware tokens that the stock is short of (E9); 0 where none are needed. */
  readonly tokensShort: number;
  /** The first and the last stop among its unfinished people; null where none is unfinished. */
  readonly stops: { readonly first: Instant; readonly last: Instant } | null;
  /** Every entry enrolled, completed or removed, or the task itself removed (E4). */
  readonly finished: boolean;
}

/** A task as somebody may work with it. */
export interface SeenTask extends TaskModel {
  readonly may: {
    /** Nudge, extend, resend, re-issue, remove people. */
    readonly run: boolean;
    /** Remove the task. */
    readonly administer: boolean;
  };
}

/** Where mail of a task's people goes now (E13): nowhere while it is off, to each of them, or all of it to the address of test mode, told masked. */
export type MailGoes = { readonly is: 'nowhere' } | { readonly is: 'people' } | { readonly is: 'test'; readonly to: string };

/** A task shown alone, as its forms need it: they promise no mail that would not go out. */
export interface OneTask extends SeenTask {
  readonly mail: MailGoes;
}

/** One person of a task, as listed and as shown alone. */
export interface EntryRow {
  readonly personId: PersonId;
  /** Their name; the id of who left the directory. */
  readonly name: string;
  /** The profile's address, offered by *Resend*; null without one. */
  readonly email: string | null;
  readonly organizationId: OrganizationId | null;
  readonly entry: Enrollment;
  readonly status: EnrollmentStatus;
}

/** A page of a task's people, in the order of their ids. */
export interface EntryPage {
  readonly rows: readonly EntryRow[];
  /** For `after`; null on the last page. */
  readonly next: PersonId | null;
}

/** An unfinished entry on a person's page (E7). */
export interface Outstanding {
  readonly row: EntryRow;
  readonly task: EnrollmentTask;
  readonly connector: Pick<Connector, 'id' | 'name'>;
  readonly by: string;
  /** The actor may manage the task: it is a link, and *Resend* or *Re-issue* is offered. */
  readonly mayManage: boolean;
}

/** What became of a bulk action (E8). */
export interface BulkSummary {
  readonly done: number;
  /** Of those done, how many no mail tells of it though it was to (E13); absent where all are told, or none was to be. */
  readonly untold?: { readonly why: 'mail-off' | 'no-address'; readonly count: number };
  /** `people`: by name, as many as are told; `count`: all of them. */
  readonly skipped: readonly { readonly why: string; readonly count: number; readonly people: readonly string[] }[];
}

/** Which entries a list of people shows: `open` is active, expired and locked; `undelivered` are active ones whose last mail did not arrive. */
export type EntryFilter = EnrollmentStatus | 'open' | 'undelivered' | 'all';

export const ENTRY_FILTERS: readonly EntryFilter[] = ['all', 'open', 'undelivered', 'active', 'enrolled', 'completed', 'locked', 'expired', 'removed'];

/** Which tasks a list shows (E4): `completed` are those that left it, removed ones too. */
export type TaskFilter = 'open' | 'completed' | 'all';
