import type { ConnectorId } from '../connectors/connector.ts';
import type { OrganizationId } from '../directory/organization.ts';
import type { Instant } from '../instant.ts';
import type { RunId } from '../sync/run.ts';
import type { AuthenticationType } from './policy.ts';

/** `T-<number>`, counted per installation; people see the number alone (E1). */
export type TaskId = string;

export type TaskState =
  /** Until every entry is written; a restart goes on with it. `runs`: further ones whose people join, as those of a plan after its canary. */
  | { readonly is: 'gathering'; readonly runs?: readonly RunId[] }
  | { readonly is: 'open' }
  /** Nobody enrolls by it any more. `because`: its connector was disconnected; absent where somebody removed it. */
  | { readonly is: 'removed'; readonly at: Instant; readonly by: string; readonly because?: 'disconnected' };

/** What is created when accounts are provisioned: its people must enroll before their stop date (E1). Kind `task`, key = id. */
export interface EnrollmentTask {
  readonly id: TaskId;
  readonly number: number;
  readonly connectorId: ConnectorId;
  /** The connector's owner when the task was made: who may see and manage it goes by this. */
  readonly organizationId: OrganizationId;
  /** The run that created the accounts; null where people were chosen by hand and no run was needed. */
  readonly runId: RunId | null;
  /** The operator: a Slack user id, `host:<user>`, or `schedule`. */
  readonly by: string;
  readonly start: Instant;
  /** As the policy gave it; each person's own may differ since (E5, E6). Exclusive: the first moment after the last day. */
  readonly stop: Instant;
  /** The policy at the time of making (E8). */
  readonly days: number;
  readonly attempts: number;
  readonly types: readonly AuthenticationType[];
  /** People were chosen for it (*Provision*), and not only created by a run. Absent for no. */
  readonly byHand?: true;
  readonly state: TaskState;
  /** Everybody in it is at least enrolled, or removed: it has left the list (E4). Absent before; it goes away where people join. */
  readonly settledAt?: Instant;
  /** The last address a mail of this task went to, masked (`p…@example.org`); null before the first. */
  readonly mailedTo: string | null;
  /** The zone in which its days end. */
  readonly timeZone: string;
}

/** Which task a run made: at most one (E1). Kind `taskOfRun`, key = the run's id; that of a plan, where the runs that apply it share one. */
export interface TaskOfRun {
  readonly taskId: TaskId;
}

export function taskIdOf(number: number): TaskId {
  return `T-${number}`;
}

/** The card that shows a task (E11). */
export function taskCard(taskId: TaskId): string {
  return `task/${taskId}`;
}

/** The task's id as people write it: `1042`, `T-1042`; undefined for anything else. */
export function taskIdMeant(typed: string): TaskId | undefined {
  const number = /^(?:t-)?([1-9]\d{0,9})$/i.exec(typed.trim())?.[1];
  return number === undefined ? undefined : `T-${number}`;
}
