import type { ConnectorState } from '../connectors/connector.ts';
import type { Person } from '../directory/person.ts';
import type { OffboardingStep } from '../halts/offboarding.ts';
import type { HoldReason } from '../holds/hold.ts';
import type { Instant } from '../instant.ts';
import { type Account, type ToldState, toldState } from '../sync/account.ts';
import type { AttributeChange, Change, Frozen, Spared } from '../sync/change.ts';
import type { Decision } from '../sync/decide.ts';
import type { ProvisioningEvent } from '../sync/event.ts';
import type { RunId } from '../sync/run.ts';

/** A role or group with its organization; both empty for one of an organization that whoever asks may not see. */
export interface Named {
  readonly name: string;
  readonly organization: string;
}

/** The assignment that gives the account: since when, by whom, and who agreed. */
export interface Granted extends Named {
  readonly since: Instant;
  readonly by: string;
  readonly approvedBy: readonly string[];
}

/** Everything an explanation is made from. */
export interface Facts {
  /** `left`: not in the directory any more. */
  readonly status: Person['status'] | 'left';
  readonly connector: ConnectorState['is'];
  readonly account: Account | undefined;
  readonly granted: Granted | null;
  /** What the connector is assigned to: the first few, and how many in all. */
  readonly assigned: { readonly first: readonly Named[]; readonly count: number };
  /** What a run would do now; null where the connector has no settings in force. */
  readonly decision: Decision | null;
  /** An open hold that has them among its people and has not released them. */
  readonly hold: { readonly id: string; readonly reason: HoldReason; readonly expiresAt: Instant } | null;
  /** They are off-boarded and not released; `step` is what became of it in this connector. */
  readonly offboarded: { readonly by: string; readonly at: Instant; readonly why: string | null; readonly step: OffboardingStep['state'] | null } | null;
  /** The latest event that succeeded, and the latest of all. */
  readonly written: Pick<ProvisioningEvent, 'at' | 'runId'> | null;
  readonly latest: ProvisioningEvent | null;
  /** They accepted when no seat was free, at this time (E10). */
  readonly waitingSince: Instant | null;
  /** The run under way. */
  readonly running: RunId | null;
}

/** What is still to be done to the account. */
export type Due = Extract<Decision, { is: 'create' | 'adopt' | 'update' | 'reactivate' | 'deactivate' | 'delete' }>['is'];

/** How a person stands in a connector, and why (S18). */
export type Standing =
  /** As it should be. `kept`: a protected person's licence tier that is not written. */
  | { readonly is: 'provisioned'; readonly granted: Granted; readonly written: Facts['written']; readonly kept: Spared | null }
  /** In scope; the account is there, inactive until they accept, or until a seat is free for who did (E10). */
  | { readonly is: 'invited'; readonly granted: Granted; readonly since: Instant; readonly waitingSince: Instant | null }
  /** In scope, and something waits for the next run. */
  | { readonly is: 'waiting'; readonly granted: Granted; readonly due: Due; readonly changes: readonly AttributeChange[]; readonly running: RunId | null }
  /** The last attempt failed, and it is still to be done. */
  | { readonly is: 'failed'; readonly granted: Granted | null; readonly due: Due; readonly event: ProvisioningEvent }
  | { readonly is: 'frozen'; readonly granted: Granted | null; readonly because: Exclude<Frozen, Spared> }
  /** Out of scope, and kept since they are protected (A7). */
  | { readonly is: 'protected'; readonly because: Spared }
  /** Out of scope, and the removal is held (S14, S21). */
  | { readonly is: 'held'; readonly why: OutOfScope; readonly hold: NonNullable<Facts['hold']> }
  /** Out of scope; the next run takes the account away. */
  | { readonly is: 'leaving'; readonly why: OutOfScope; readonly due: 'deactivate' | 'delete'; readonly running: RunId | null }
  | {
      readonly is: 'out-of-scope';
      readonly why: OutOfScope;
      /** Null: never had one. */
      readonly account: { readonly state: ToldState; readonly since: Instant | null; readonly deleteAt: Instant | null } | null;
      readonly assigned: Facts['assigned'];
    }
  | { readonly is: 'offboarded'; readonly offboarded: NonNullable<Facts['offboarded']> }
  /** Covered, while the connector was never activated. */
  | { readonly is: 'not-activated'; readonly granted: Granted };

/** Not covered by an assignment, gone from the directory, or not enabled there. */
export type OutOfScope = Extract<Change, { is: 'deactivate' }>['why'];

export interface Explanation {
  readonly standing: Standing;
  /** Why nothing changes at all now; null while the connector is active. */
  readonly resting: Exclude<ConnectorState['is'], 'active'> | null;
}

/** Why somebody has an account, or none (S18). Pure. */
export function explain(facts: Facts): Explanation {
  return { standing: standing(facts), resting: facts.connector === 'active' ? null : facts.connector };
}

function standing(facts: Facts): Standing {
  const { offboarded, granted, decision, account, waitingSince } = facts;
  if (offboarded !== null) return { is: 'offboarded', offboarded };
  if (decision === null) return granted === null ? outOfScope(facts) : { is: 'not-activated', granted };
  if (decision === 'none') return outOfScope(facts);
  if (decision === 'keep' && granted !== null && account?.invited !== undefined) return { is: 'invited', granted, since: account.invited.since, waitingSince };
  if (decision === 'keep') return granted === null ? outOfScope(facts) : { is: 'provisioned', granted, written: facts.written, kept: null };
  if (decision.is === 'frozen') return frozen(facts, decision.because);
  return due(facts, decision);
}

function frozen(facts: Facts, because: Frozen): Standing {
  const { granted, written } = facts;
  if (because.is !== 'protected') return { is: 'frozen', granted, because };
  if (because.spared === 'downgrade' && granted !== null) return { is: 'provisioned', granted, written, kept: because };
  return { is: 'protected', because };
}

function due(facts: Facts, change: Exclude<Change, { is: 'frozen' }>): Standing {
  const { granted, latest, running, hold } = facts;
  const removal = change.is === 'deactivate' || change.is === 'delete';
  if (removal && hold !== null) return { is: 'held', why: whyOut(facts), hold };
  if (latest !== null && wasTried(latest)) return { is: 'failed', granted, due: change.is, event: latest };
  if (change.is === 'deactivate' || change.is === 'delete') return { is: 'leaving', why: whyOut(facts), due: change.is, running };
  if (granted === null) return outOfScope(facts);
  return { is: 'waiting', granted, due: change.is, changes: 'changes' in change ? change.changes : [], running };
}

/** What was spared or cut off is no failure of theirs. */
const NOT_THEIRS: readonly (string | null)[] = ['protected', 'disconnected', 'cancelled'];

/** Who was left as they were had no attempt. */
function wasTried({ success, attempts, errorCode }: ProvisioningEvent): boolean {
  return !success && attempts > 0 && !NOT_THEIRS.includes(errorCode);
}

function outOfScope(facts: Facts): Standing {
  const { account, assigned } = facts;
  const known = account === undefined || account.timeline.length === 0 ? null : account;
  return {
    is: 'out-of-scope',
    why: whyOut(facts),
    account: known === null ? null : { state: toldState(known), since: known.timeline.at(-1)?.[0] ?? null, deleteAt: known.deleteAt },
    assigned,
  };
}

function whyOut({ status }: Facts): OutOfScope {
  switch (status) {
    case 'left':
      return 'left-directory';
    case 'inactive':
      return 'not-enabled';
    case 'active':
      return 'no-assignment';
  }
}
