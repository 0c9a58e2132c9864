import type { ScimValues } from '../connectors/mapping.ts';
import type { PersonId } from '../directory/person.ts';

/** One attribute before and after; null where there was or shall be no value. */
export interface AttributeChange {
  readonly attribute: string;
  readonly before: string | null;
  readonly after: string | null;
  /** Of what is planned only: the last write to the account was never confirmed, so nobody knows what is there, and `before` doesn't say. */
  readonly unconfirmed?: true;
}

/** A protected person was spared this (A7): who they are to us, and what would have been done. */
export interface Spared {
  readonly is: 'protected';
  readonly spared: 'deactivation' | 'deletion' | 'downgrade';
  /** Why they are protected, as whoever asked for it said. */
  readonly why: string;
}

/** Whose account has a name (a value of the matching attribute) that somebody else is to get. */
export interface NameHolder {
  readonly personId: PersonId;
  readonly targetId: string;
}

/** Why a person's account is left exactly as it is (D4, S8, A7). */
export type Frozen =
  | { readonly is: 'missing-attribute'; readonly attribute: string }
  | { readonly is: 'same-match'; readonly value: string; readonly others: readonly PersonId[] }
  | { readonly is: 'ambiguous-match'; readonly targetIds: readonly string[] }
  | ({ readonly is: 'linked-to-another' } & NameHolder)
  /** Each of them is to get a name that another of them has: none can go first. */
  | ({ readonly is: 'names-in-a-circle'; readonly value: string } & NameHolder)
  /** Of a run only: it was planned that somebody gives up the name, and they did not. */
  | ({ readonly is: 'name-not-given-up'; readonly value: string } & NameHolder)
  /** Of a plan's run only: what would be done now is not what the plan says (S6). */
  | { readonly is: 'changed-since-plan'; readonly now: string }
  | Spared;

/**
 * What a plan would do for one person; `keep` is not a change and never sent. `spared`: the person is protected, and
 * their licence tier was left out of what is written. `after`: it is sent when that one has given up the name, by a change
 * of the same plan, and not at all where they have not.
 */
export type Change =
  | {
      readonly is: 'create';
      readonly personId: PersonId;
      readonly values: ScimValues;
      readonly generated: ScimValues;
      readonly after?: NameHolder;
      /** Inactive, until its person accepts and a seat is free (E10). */
      readonly invited?: true;
    }
  | {
      readonly is: 'adopt';
      readonly personId: PersonId;
      readonly targetId: string;
      readonly values: ScimValues;
      readonly generated: ScimValues;
      readonly after?: NameHolder;
      readonly spared?: Spared;
    }
  | {
      readonly is: 'update';
      readonly personId: PersonId;
      readonly targetId: string;
      readonly values: ScimValues;
      readonly generated: ScimValues;
      readonly changes: readonly AttributeChange[];
      readonly after?: NameHolder;
      readonly spared?: Spared;
    }
  | {
      readonly is: 'reactivate';
      readonly personId: PersonId;
      readonly targetId: string;
      readonly values: ScimValues;
      readonly generated: ScimValues;
      readonly changes: readonly AttributeChange[];
      readonly after?: NameHolder;
      readonly spared?: Spared;
    }
  | {
      readonly is: 'deactivate';
      readonly personId: PersonId;
      readonly targetId: string;
      readonly why: 'no-assignment' | 'left-directory' | 'not-enabled' | 'offboarded';
    }
  | { readonly is: 'delete'; readonly personId: PersonId; readonly targetId: string }
  | { readonly is: 'frozen'; readonly personId: PersonId; readonly because: Frozen };

/** Somebody is off-boarded at once: ahead of fuse and freeze, which this is not counted by (S25). */
export function isOffboarding(change: Change): boolean {
  return change.is === 'deactivate' && change.why === 'offboarded';
}

/** Whose change must be done before this one; undefined for nobody's. */
export function waitsFor(change: Change): NameHolder | undefined {
  return 'after' in change ? change.after : undefined;
}

export type ChangeKind = Change['is'];
