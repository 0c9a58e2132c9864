import type { ConnectorId } from '../connectors/connector.ts';
import type { OrganizationId } from '../directory/organization.ts';
import type { Instant } from '../instant.ts';
import type { PersonId } from '../directory/person.ts';
import type { RunId } from '../sync/run.ts';

/** Why removals do not go on: too many at once (S14), or a frozen period (S21). */
export type HoldReason = { readonly is: 'fuse' } | { readonly is: 'freeze'; readonly name: string; readonly until: Instant };

export type HoldState =
  | { readonly is: 'open' }
  /** All or some were released by a second person; the released ones go with the next run. */
  | { readonly is: 'released'; readonly at: Instant; readonly by: string; readonly reason: string }
  /** Not applied: nobody answered. A run with the same people opens no other (S14). */
  | { readonly is: 'expired'; readonly at: Instant }
  /** Not applied: somebody said so. A run with the same people opens no other. */
  | { readonly is: 'left'; readonly at: Instant; readonly by: string }
  /** A later run found nothing to hold any more. */
  | { readonly is: 'settled'; readonly at: Instant }
  | { readonly is: 'closed'; readonly at: Instant; readonly because: string };

/** Who let whom go, and why. */
export interface HoldRelease {
  readonly at: Instant;
  /** The second person; the last of several. */
  readonly by: string;
  readonly reason: string;
  readonly people: readonly PersonId[];
}

/** How many of a hold are of one organization; null: they left the directory, or their organization did. */
export interface HoldPlace {
  readonly organizationId: OrganizationId | null;
  readonly people: number;
}

/** Removals that a run stopped before (S14, S21). At most one open one a connector: later runs update it. Kind `hold`, key = id. */
export interface Hold {
  /** `H-<number>`, counted per installation. */
  readonly id: string;
  readonly connectorId: ConnectorId;
  readonly reason: HoldReason;
  /** The run that measured it last. */
  readonly runId: RunId;
  /** Who started the run that last changed its people: a Slack user id, or `schedule`. They may not release it (S14). */
  readonly startedBy: string;
  /** In the order of person ids. Those released go on standing here until a run has removed them. */
  readonly people: readonly PersonId[];
  /** Active accounts it was measured against. */
  readonly accounts: number;
  /** The most first. */
  readonly places: readonly HoldPlace[];
  /** People released so far: exactly these may be removed. Everybody of `releases`. */
  readonly released: readonly PersonId[];
  readonly releases: readonly HoldRelease[];
  readonly openedAt: Instant;
  readonly updatedAt: Instant;
  /** When it counts as not applied; of a freeze its end, when the next run removes them. */
  readonly expiresAt: Instant;
  readonly state: HoldState;
  /** Whether whoever shall answer was told. */
  readonly announced: boolean;
  /** Its own cards; alerts of it show it too. */
  readonly cards: readonly string[];
}

/** What a run kept back when it was done planning; nobody where it found nothing to hold. */
export interface Withheld {
  /** Null where nobody is kept back. */
  readonly reason: HoldReason | null;
  /** In the order of person ids. */
  readonly people: readonly PersonId[];
  readonly places: readonly HoldPlace[];
  readonly accounts: number;
  /** Whether the run was about everybody: only then does "nobody" mean that nothing is to hold. */
  readonly whole: boolean;
}

/** Three days (S14). */
export const HOLD_HOURS = 72;

/** It waits for an answer, or for the run that does what was answered. */
export function isStanding({ state }: Pick<Hold, 'state'>): boolean {
  return state.is === 'open' || state.is === 'released';
}

/** People released so far, and when, the latest first to count. */
export function releasedIn({ releases }: Pick<Hold, 'releases'>): ReadonlyMap<PersonId, Instant> {
  const released = new Map<PersonId, Instant>();
  for (const { at, people } of releases) for (const personId of people) released.set(personId, Math.max(released.get(personId) ?? 0, at));
  return released;
}

/** The people that nobody released yet. */
export function unreleased({ people, released }: Pick<Hold, 'people' | 'released'>): readonly PersonId[] {
  const gone = new Set(released);
  return people.filter((personId) => !gone.has(personId));
}

/** The counter that says which of a connector's holds is its latest. */
export function latestHoldKey(connectorId: ConnectorId): string {
  return `hold/${connectorId}`;
}

/** A period in which nobody is removed (S21). Kind `freeze`, key = id. */
export interface Freeze {
  /** `F-<number>`. */
  readonly id: string;
  readonly name: string;
  /** Null: every connector. */
  readonly connectorId: ConnectorId | null;
  readonly from: Instant;
  /** Exclusive. */
  readonly until: Instant;
  readonly by: string;
}

/** Whether the period holds for a connector at a moment. */
export function isFrozen(freeze: Freeze, connectorId: ConnectorId, now: Instant): boolean {
  return (freeze.connectorId === null || freeze.connectorId === connectorId) && freeze.from <= now && now < freeze.until;
}
