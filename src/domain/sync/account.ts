import type { ConnectorId } from '../connectors/connector.ts';
import type { ScimValues } from '../connectors/mapping.ts';
import type { PersonId } from '../directory/person.ts';
import type { Instant } from '../instant.ts';

/**
 * `pending`: a create was intended and its outcome is not known yet (S13). `gone`: deleted in the target, or found
 * missing there; kept so that coming back and reports *as of* a date stay right.
 */
export type AccountState = 'pending' | 'active' | 'inactive' | 'gone';

/** A state as reports tell it: `invited` is an inactive account that waits for its person (E10). */
export type ToldState = AccountState | 'invited';

/** A person's record in the target: the target's id and what was last pushed there. */
export interface Account {
  readonly connectorId: ConnectorId;
  readonly personId: PersonId;
  readonly targetId: string | null;
  readonly state: AccountState;
  readonly origin: 'created' | 'adopted';
  /** What the target was last told, and what it made of it where that is something else (S22); null before the first write was confirmed. */
  readonly pushed: { readonly values: ScimValues; readonly at: Instant; readonly made?: ScimValues } | null;
  /** A write that was sent, or was about to be, and has no result yet; resolved by look-up after a crash. */
  readonly intent: {
    readonly runId: string;
    readonly operation: 'create' | 'adopt' | 'update' | 'reactivate' | 'deactivate' | 'delete';
    /** Paths that the write may have set, though `pushed` doesn't have them. */
    readonly attributes?: readonly string[];
    /** The account is to arrive inactive (E10). */
    readonly invited?: true;
  } | null;
  /** Values that were generated for this person and stay theirs for ever, by attribute (C10). */
  readonly generated: ScimValues;
  /** Deactivated and listed for deletion at this time; null when not, or when that was cancelled (S10). */
  readonly deleteAt: Instant | null;
  /**
   * It was created inactive, for its person to accept first (E10); `granted`: they hold a seat and the account is to be made
   * active. Absent once it was active, or was taken from them. A sync writes its attributes and leaves it inactive.
   */
  readonly invited?: { readonly since: Instant; readonly granted: Instant | null };
  /** Every change of state, oldest first: what reports *as of* a date read (R1). */
  readonly timeline: readonly (readonly [Instant, ToldState])[];
}

/** Waits for its person, or for a seat: present, and not to be made active (E10). */
export function isInvited({ state, invited }: Pick<Account, 'state' | 'invited'>): boolean {
  return state === 'inactive' && invited !== undefined && invited.granted === null;
}

/** A seat was granted, and the target has not been told yet (E10). */
export function isGranted({ state, invited }: Pick<Account, 'state' | 'invited'>): boolean {
  return state === 'inactive' && invited !== undefined && invited.granted !== null;
}

/** Active in the target, or inactive there until its person accepts. */
export function isPresent({ state, invited }: Pick<Account, 'state' | 'invited'>): boolean {
  return state === 'active' || (state === 'inactive' && invited !== undefined);
}

/** Whether it counts against the instance's seats (E12): active, or to be. */
export function holdsSeat(account: Pick<Account, 'state' | 'invited'>): boolean {
  return account.state === 'active' || isGranted(account);
}

export function toldState({ state, invited }: Pick<Account, 'state' | 'invited'>): ToldState {
  return state === 'inactive' && invited !== undefined ? 'invited' : state;
}

/** The store's key: one range per connector, in the order of people. */
export function accountKey(connectorId: ConnectorId, personId: PersonId): string {
  return `${connectorId}/${personId}`;
}

/** An account seen in the target that is nobody's yet: what a plan adopts from (S8), and what is *not managed* (S26). Key `<connectorId>/<targetId>`. */
export interface Sighting {
  readonly connectorId: ConnectorId;
  readonly targetId: string;
  readonly externalId: string | null;
  /** The matching attribute's value, lower case. */
  readonly match: string | null;
  readonly active: boolean;
}

/** A generated value and whose it is, for ever (C10). Key `<connectorId>/<attribute>/<value lower case>`. */
export interface Reservation {
  readonly personId: PersonId;
}

/** A group that we manage in the target. Key `<connectorId>/<groupingId>`. */
export interface PushedGroup {
  readonly connectorId: ConnectorId;
  readonly groupingId: string;
  /** Null: a create was intended and its outcome is not known yet (S13). */
  readonly targetId: string | null;
  readonly name: string;
  /** Target ids of the members last pushed, sorted. */
  readonly members: readonly string[];
  /** Durable before the group is created, and gone when it is known to be there: target ids of those of its name that were there before. */
  readonly creating?: { readonly beside: readonly string[] };
  /**
   * Durable before its members are written, and gone when that is known to be done: found after a crash or a failure, the target is asked whom it holds (S13).
   * `from` is how many members the last event told of; `written` says that some of the change is done, and told by no event yet;
   * `moving` are those who were to come and to go, as far as that is not known to be done.
   */
  readonly changing?: { readonly from: number; readonly written: boolean; readonly moving: readonly string[] };
  /** Durable before this name is sent, and gone when it is known whether the group has it: `name` is the one that the last event told of. */
  readonly renaming?: string;
  /** A name that it did not get, which was told: not sent again while it is the one wanted; one that goes round in a circle, while it does. */
  readonly unnamed?: { readonly name: string; readonly because: 'no-effect' | 'names-in-a-circle' };
  /** More than one create was sent for it, and another may come about late: target ids of those of its name that were there before. The next run looks for it. */
  readonly doubted?: readonly string[];
  /** Durable before the group is deleted: found after a crash or a failure, it is not known whether it is there. */
  readonly deleting?: true;
}

/** A group that is known to be in the target. */
export type GroupThere = PushedGroup & { readonly targetId: string };
