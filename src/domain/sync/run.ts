import type { ConnectorId } from '../connectors/connector.ts';
import type { OrganizationId } from '../directory/organization.ts';
import type { PersonId } from '../directory/person.ts';
import type { PlanId } from '../plans/plan.ts';
import type { Instant } from '../instant.ts';

/** `R-<number>`, counted per installation. */
export type RunId = string;

/** Whom a run may touch. `people` serves *retry failed* (S15) and *one person now*; `organizations` a part administrator (C3). */
export type RunScope =
  | { readonly is: 'all' }
  | { readonly is: 'organizations'; readonly ids: readonly OrganizationId[] }
  | { readonly is: 'people'; readonly ids: readonly PersonId[] };

export interface RunCounts {
  readonly created: number;
  readonly adopted: number;
  readonly updated: number;
  readonly reactivated: number;
  readonly deactivated: number;
  readonly deleted: number;
  readonly failed: number;
  readonly unchanged: number;
}

export const NO_COUNTS: RunCounts = { created: 0, adopted: 0, updated: 0, reactivated: 0, deactivated: 0, deleted: 0, failed: 0, unchanged: 0 };

/** Failures of the same cause: connector, HTTP status, scimType, text without ids (N2, S15). */
export interface FailureCause {
  /** Short and stable: `<status>-<scimType>-<fingerprint of the text>`. */
  readonly key: string;
  readonly status: number | null;
  readonly message: string;
  readonly count: number;
}

/** How a run ended (S3). `held` is the fuse (S14). */
export type RunEnding = 'completed' | 'cancelled' | 'held' | 'disconnected' | 'credentials' | 'failed' | 'crashed';
export type RunResult = 'success' | 'partial' | 'failure';

export type RunState =
  | { readonly is: 'queued' }
  | { readonly is: 'running' }
  /** `halted`: by `/usher stop` and not by hand: it goes on when the writes do (N5). */
  | { readonly is: 'paused'; readonly by: string; readonly halted?: true }
  | { readonly is: 'ended'; readonly at: Instant; readonly ending: RunEnding; readonly result: RunResult; readonly detail: string | null };

/** The part of a stored plan that a run applies (S6): its changes from `from` on, in their order, up to `to` (exclusive; null: all that are left). */
export interface PlanPart {
  readonly planId: PlanId;
  readonly from: number;
  readonly to: number | null;
  /** A second person approved the plan: its removals are what they saw, and the fuse lets them pass (S14). */
  readonly approved: boolean;
  /** How many of a canary are left to the rest of the plan, since somebody behind them has the name that they are to get. Absent for none. */
  readonly putOff?: number;
  /** Why nothing more of it was applied, once that is so. */
  readonly voided?: string;
}

/** One execution that works on a target; gives events and a result. */
export interface Run {
  readonly id: RunId;
  readonly connectorId: ConnectorId;
  /** `activate` makes active whom a seat was granted (E10). `verify` reads the target and writes nothing to it; `reassert` writes what a verification found changed (S20). */
  readonly kind: 'sync' | 'retry' | 'person' | 'activate' | 'plan' | 'verify' | 'reassert';
  readonly scope: RunScope;
  /** Of kind `plan` only. */
  readonly plan?: PlanPart;
  /** A Slack user id, or `schedule`. */
  readonly by: string;
  readonly requestedAt: Instant;
  readonly startedAt: Instant | null;
  readonly state: RunState;
  /** What was asked of a running run and is not done yet (`halt`: by `/usher stop`, N5); read by the run before each block of work. */
  readonly asked: 'pause' | 'cancel' | 'disconnect' | 'halt' | null;
  /** Who asked; absent where nothing is asked. */
  readonly askedBy?: string;
  /** People to serve at once, ahead of everybody else (S1: one person now); the run takes them out as it serves them. */
  readonly expedite?: readonly PersonId[];
  /** The connector's run before this one: its history is a chain, newest first (S4). */
  readonly previous?: RunId | null;
  /** Changes to make; null while the plan is being made. */
  readonly total: number | null;
  readonly done: number;
  readonly counts: RunCounts;
  /** The commonest 20. */
  readonly causes: readonly FailureCause[];
  /** Removals that the fuse held back (S14): how many, and of how many accounts. */
  readonly held: { readonly removals: number; readonly accounts: number } | null;
  /** People left as they were, with the reason (D4, S8); the first 50 and how many in all. */
  readonly frozen: {
    readonly count: number;
    readonly first: readonly { readonly personId: PersonId; readonly reason: string }[];
    /** How many of them because they are protected (A7): as it should be, so no reason for *partial*. Absent for none. */
    readonly protected?: number;
    /** How many of them because they changed since the plan was made (S6). Absent for none. */
    readonly skipped?: number;
  };
}

/** A run that is not over. At most one a connector (S1). */
export function isUnderWay(run: Run): boolean {
  return run.state.is !== 'ended';
}
