import { DAY, type Instant } from '../instant.ts';
import type { Language } from './letter.ts';

/** *link*: accepting the invitation. *hardware-token*: the person types the serial of the token handed to them (E9). */
export const AUTHENTICATION_TYPES = ['link', 'hardware-token'] as const;
export type AuthenticationType = (typeof AUTHENTICATION_TYPES)[number];

/** When a reminder goes out: at half of the time from start to stop, and so long before the stop. */
export type Reminder = 'half' | 'day-before';

/** How people enroll (E8). Kind `enrollmentPolicy`, key `connector/<id>`, `organization/<id>` or `default`: the connector's counts, else that of the nearest organization upwards from its owner, else `default`, else `DEFAULT_POLICY`. */
export interface EnrollmentPolicy {
  /** Whole days in the organization's zone, the day of the start not counted; the stop is the end of the last. */
  readonly days: number;
  /** Wrong serials before an entry locks. */
  readonly attempts: number;
  readonly reminders: readonly Reminder[];
  /** Since when each of them is named, whatever else was changed after; without it since `at`. */
  readonly remindersSince?: Readonly<Partial<Record<Reminder, Instant>>>;
  /** Offered, at least one; with both the person chooses. */
  readonly types: readonly AuthenticationType[];
  /** Of mails, slips and the page, for people whose profile names none; without it English, and on the page the browser's. */
  readonly language?: Language;
  readonly at: Instant;
  readonly by: string;
  /** It was removed then and counts no more; kept for what it tells of reminders: `afterRemoved`. */
  readonly removed?: Instant;
}

export const DEFAULT_POLICY: EnrollmentPolicy = { days: 10, attempts: 5, reminders: ['half', 'day-before'], types: ['link'], at: 0, by: 'default' };

/** A reminder whose time was past before then is not made up for. */
export function namedSince({ remindersSince, at }: Pick<EnrollmentPolicy, 'remindersSince' | 'at'>, reminder: Reminder): Instant {
  return remindersSince?.[reminder] ?? at;
}

/**
 * The policy that counts where a nearer one was removed: what that one named stays named as it was, and what it did not name is named since
 * its removal at the earliest. Pure.
 */
export function afterRemoved(policy: EnrollmentPolicy, gone: EnrollmentPolicy): EnrollmentPolicy {
  const { removed = 0 } = gone;
  const since = policy.reminders.map((reminder) => {
    const own = namedSince(policy, reminder);
    const earlier = gone.reminders.includes(reminder) ? namedSince(gone, reminder) : removed;
    return [reminder, own > removed ? own : earlier] as const;
  });
  return { ...policy, remindersSince: Object.fromEntries(since) };
}

/** How long a reminder of the last day comes before the stop. */
export const DAY_BEFORE = DAY;

/** Quiet start (E13): off without a document. Kind `enrollmentSwitch`, key = the connector's id. */
export interface EnrollmentSwitch {
  readonly on: boolean;
  /** `invited`: accounts are created inactive and activated when their person accepts, as far as seats go (E10). */
  readonly arriveAs: 'active' | 'invited';
  /** Test mode: every mail goes to this address instead; null for the people themselves. */
  readonly testAddress: string | null;
  readonly at: Instant;
  readonly by: string;
}

/** Whether accounts arrive inactive, to be activated when their people accept (E10). */
export function invites({ on, arriveAs }: Pick<EnrollmentSwitch, 'on' | 'arriveAs'>): boolean {
  return on && arriveAs === 'invited';
}

export const OFF: EnrollmentSwitch = { on: false, arriveAs: 'active', testAddress: null, at: 0, by: 'default' };
