import type { Dialect, Speech } from '../domain/connectors/dialect.ts';
import type { ScimValues } from '../domain/connectors/mapping.ts';

/** A user as the target answered it; fields it left out are null, never guessed. */
export interface TargetUser {
  readonly id: string;
  readonly externalId: string | null;
  readonly active: boolean | null;
  /** Attribute paths of `SCIM_ATTRIBUTES` that the answer held. */
  readonly values: ScimValues;
}

export interface TargetGroup {
  readonly id: string;
  readonly displayName: string;
  readonly memberIds: readonly string[];
}

/** How a listing ended: only a `complete` one may lead to removals or "does not exist" (S23). */
export interface ListingEnd {
  readonly complete: boolean;
  readonly reason: string | null;
}

/** Who sends the request that several travel in, and who travels with them; `none` where there is no such request any more. */
export type Seat = 'carries' | 'carried' | 'none';

/** The turn of a request among others of the same run. */
export interface Turn {
  /** Called when the request is ready to be sent; a promise where it must wait. Throws or rejects where it shall not be sent any more. */
  take(): Promise<void> | undefined;
  /**
   * Called at the moment when a success is in: the next may go before this one is read; and before it waits for company. Not after anything else: what a
   * refusal means for the others is known when it was read.
   */
  free(): void;
  /**
   * Instead of `take`, where the request may travel with others in one (RFC 7644 §3.7): waits to be called, and takes the turn of all where it `carries`
   * them. Rejects as `take` does, and where there is no seat: then it begins anew when it is its turn. Absent where it shall travel alone.
   */
  readonly board?: ((call: Promise<Seat>) => Promise<void>) | undefined;
  /** Waits for what another request of the run will tell; who only waits does not keep a run from stopping. */
  wait?<T>(until: Promise<T>): Promise<T>;
}

/**
 * One SCIM 2.0 service provider. Every call is one request (`list`: one a page), never retried here; it throws a
 * `TargetFault` named by what to do next. The URL is checked and pinned (X5); answers are limited to 10 MiB and 30 s.
 */
export interface Target {
  /** Users whose attribute equals the value (`filter=… eq "…"`); at most the first 10. */
  lookUp(attribute: 'externalId' | (string & {}), value: string, turn?: Turn): Promise<readonly TargetUser[]>;
  /** All users, page by page; each page before the next request. De-duplicated by id; stops on an empty page or one without a new id. */
  list(before: () => Promise<void>): AsyncGenerator<readonly TargetUser[], ListingEnd>;
  create(externalId: string, values: ScimValues, active: boolean, turn?: Turn): Promise<TargetUser>;
  /**
   * Sets `set`, clears the paths of `clear`, and writes `active` where given: by PATCH, or by PUT from a fresh GET where the
   * dialect says so (two requests). Null where the target answered without a body.
   * `known` is what the target holds as far as we know (last pushed, or read): e-mails and phones that it names are
   * changed alone; a list that it does not name is replaced by what `set` and `known` hold of it.
   */
  change(
    id: string,
    change: {
      readonly set: ScimValues;
      readonly clear: readonly string[];
      readonly active?: boolean;
      readonly externalId?: string;
      readonly known?: ScimValues;
    },
    turn?: Turn,
  ): Promise<TargetUser | null>;
  read(id: string, turn?: Turn): Promise<TargetUser>;
  remove(id: string, turn?: Turn): Promise<void>;
  findGroups(displayName: string): Promise<readonly TargetGroup[]>;
  createGroup(displayName: string, externalId: string): Promise<TargetGroup>;
  /**
   * Groups are changed by PATCH, or by PUT of the whole group from a fresh GET where the dialect says so (two requests); refused where that GET
   * does not show whom `present` names: the target ids that the group holds as far as we know.
   */
  renameGroup(id: string, displayName: string, turn?: Turn, present?: Iterable<string>): Promise<void>;
  /** Adds by value, removes each by `members[value eq "…"]`, or by a value list where the dialect says so; one PATCH. */
  changeMembers(id: string, add: readonly string[], remove: readonly string[], turn?: Turn, present?: Iterable<string>): Promise<void>;
  /** Takes `removed` out by writing the whole list from a fresh read, with `members`, who stay, and those of other hands in it (two requests); refused where that read does not show `members`. */
  setMembers(id: string, members: readonly string[], removed: readonly string[], turn?: Turn): Promise<void>;
  readGroup(id: string): Promise<TargetGroup>;
  removeGroup(id: string, turn?: Turn): Promise<void>;
  /** A number somewhere under the base URL, for seat totals (E12); null where it is no number. */
  readNumber(path: string, pointer: string): Promise<number | null>;
  readonly probes: TargetProbes;
}

/** How a target behaves, tried on one user or by reading; each is one request, and for a rehearsal only (C20). */
export interface TargetProbes {
  /** One page of users: how many rows came, and the total that it claims. */
  page(startIndex: number, count: number): Promise<{ readonly rows: number; readonly total: number | null }>;
  /** ServiceProviderConfig (RFC 7643 §5), which may lie; null where it can't be read. */
  announced(): Promise<Announced | null>;
  /** Writes a user's own `displayName` again under an `If-Match` of another version: true where that is refused with 412. */
  checksVersion(id: string, displayName: string): Promise<boolean>;
  /** Writes a user's own `displayName` again through `/Bulk`: true where the operation inside succeeded. */
  takesBulk(id: string, displayName: string): Promise<boolean>;
}

export interface Announced {
  /** What one Bulk request may hold; null for no Bulk. */
  readonly bulk: Dialect['bulk'];
  readonly etag: boolean;
}

export interface Targets {
  /** Opens (and shares) the connection pool of a base URL. `concurrency` bounds the sockets; `speech` is what is known of it, by default what the RFCs say. */
  open(baseUrl: string, token: string, concurrency: number, speech?: Speech): Target;
  /** Why this URL may not be used as a target, in words for the person; null when it may (X5: https, no credentials, public addresses). Resolves the name. */
  objection(baseUrl: string): Promise<string | null>;
}
