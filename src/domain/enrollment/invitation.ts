import type { Instant } from '../instant.ts';
import type { AuthenticationType } from './policy.ts';

/** What whoever holds a link may know: who is invited to what, by whom, until when. Nobody's address, id or serial. */
export interface Invited {
  /** The person's name. */
  readonly name: string;
  /** The connector's name, as the mail says it. */
  readonly application: string;
  /** The person's organization, by name. */
  readonly organization: string;
  /** Exclusive: the first moment after the last day. */
  readonly stop: Instant;
  /** In which the days of the task end. */
  readonly timeZone: string;
  /** The person's locale attribute as the directory gives it; where that names no language of Usher's, the language of the policy (`invitationSpoken`); undefined where neither is. */
  readonly locale: string | undefined;
}

/** Why a link lets nobody in. `unknown` is also what a replaced or forgotten link is. */
export type ClosedWhy = 'expired' | 'removed' | 'used' | 'unknown';

/** What a link stands for now, as `invitationBehind` reads it; reading changes nothing (E3). */
export type Invitation =
  | {
      readonly is: 'open';
      readonly invited: Invited;
      /** Which they may choose from; one where the entry's type is settled. */
      readonly types: readonly AuthenticationType[];
      /** Wrong serials so far, and how many more may be typed before the entry locks. */
      readonly attempts: { readonly wrong: number; readonly left: number };
      /** Accepted when no seat was free, since this time (E10). */
      readonly waitingSince: Instant | null;
    }
  /** `invited` is null where nothing is known of the link any more. */
  | { readonly is: 'locked'; readonly invited: Invited | null }
  | { readonly is: 'closed'; readonly why: ClosedWhy; readonly invited: Invited | null };

/** What became of an acceptance (E9, E10). */
export type Acceptance =
  | { readonly is: 'enrolled' }
  /** Nothing was taken: the link keeps working, and the admins see who waits. */
  | { readonly is: 'no-seat' }
  | { readonly is: 'wrong-serial'; readonly left: number }
  | { readonly is: 'locked' }
  | { readonly is: 'closed'; readonly why: ClosedWhy };

/** The address of a person's link, as their mail has it. `url` is `outside.enrollment.url`. */
export function addressOfLink(url: string, secret: string): string {
  return `${url}/enroll/${secret}`;
}
