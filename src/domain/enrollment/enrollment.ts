import type { ConnectorId } from '../connectors/connector.ts';
import type { OrganizationId } from '../directory/organization.ts';
import type { PersonId } from '../directory/person.ts';
import type { Instant } from '../instant.ts';
import type { AuthenticationType } from './policy.ts';
import type { TaskId } from './task.ts';

/** As stored; `expired` is not: it follows from the stop and the clock (`statusOf`), so that no late job lets anybody in. */
export type EnrollmentState =
  | { readonly is: 'active' }
  | { readonly is: 'enrolled'; readonly at: Instant }
  /** Signed in at least once, where sign-in data says so; never guessed (E2). */
  | { readonly is: 'completed'; readonly enrolledAt: Instant; readonly at: Instant }
  | { readonly is: 'locked'; readonly at: Instant }
  | { readonly is: 'removed'; readonly at: Instant; readonly by: string };

/** E2. */
export type EnrollmentStatus = EnrollmentState['is'] | 'expired';

/** One person of a task. Kind `enrollment`, key `<taskId>/<personId>`. */
export interface Enrollment {
  readonly taskId: TaskId;
  readonly personId: PersonId;
  readonly connectorId: ConnectorId;
  readonly state: EnrollmentState;
  /** Theirs; exclusive. */
  readonly stop: Instant;
  /** Wrong serials since the last (re-)issue. */
  readonly attempts: number;
  /** Digest of the serial that was counted last among them: the same one again (a button pressed twice) counts no more. */
  readonly lastWrong?: string;
  /** SHA-256 of each link that works for them now (a reminder brings another one), newest last, at most `LINKS_KEPT` and those of mails on the wire; none once enrolled, locked or removed. */
  readonly links: readonly string[];
  /** What they use, once that is known: from the policy where it offers one type only. */
  readonly type: AuthenticationType | null;
  /** Of the token they enrolled with. */
  readonly serial: string | null;
  /** Whose stock a token is reserved from for them (E9), so that exactly that reservation is released; null where none is. `verbs/stock-reserve.ts`. */
  readonly reserved: OrganizationId | null;
  /** They accepted when no seat was free, first at this time (E10); null otherwise. */
  readonly waitingSince: Instant | null;
  /** What became of the last mail: `queued`, or as the SMTP server said; null where none was due (no address, E13). */
  readonly mail: MailState | null;
  /** Ids of their letters that wait or are being sent, oldest first: another invitation takes them back (E6). Absent for none. */
  readonly letters?: readonly string[];
  /** Reminders that were queued, by name; they are not queued again. `nudged/<time>` is the last that somebody asked for. */
  readonly reminded: readonly string[];
}

/** Where the last mail went (masked) and what became of it; `unknown`: a crash came between sending and its answer, and it is not sent twice. */
export type MailState = { readonly to: string; readonly at: Instant } & (
  | { readonly is: 'queued' | 'accepted' | 'unknown' }
  | { readonly is: 'refused' | 'given-up'; readonly why: string }
);

export const LINKS_KEPT = 5;

/** Begins the name of a reminder that somebody asked for; the moment follows. */
export const NUDGED = 'nudged/';

export function enrollmentKey(taskId: TaskId, personId: PersonId): string {
  return `${taskId}/${personId}`;
}

/** The status that people see (E2). */
export function statusOf({ state, stop }: Pick<Enrollment, 'state' | 'stop'>, now: Instant): EnrollmentStatus {
  return state.is === 'active' && now >= stop ? 'expired' : state.is;
}

/** Whose link it is. Kind `enrollmentLink`, key = the link's SHA-256; removed with the link. */
export interface EnrollmentLink {
  readonly taskId: TaskId;
  readonly personId: PersonId;
}

/** The tasks a person is in, for their page (E7) and their sign-ins. Kind `tasksOf`, key `<personId>/<taskId>`; kept as long as the entry. */
export interface TaskOfPerson {
  readonly taskId: TaskId;
}
