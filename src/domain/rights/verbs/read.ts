import type { Outside } from '../../../ports/outside.ts';
import type { Transaction } from '../../../ports/store.ts';
import type { WorkspaceMember } from '../../../ports/workspace.ts';
import type { Instant } from '../../instant.ts';
import { put } from '../../revise.ts';
import type { SlackPerson, UserGroup } from '../role-grant.ts';

type Parts = Pick<Outside, 'store' | 'workspace' | 'clock'>;

/** How somebody stood before, and how Slack says they stand now. */
export interface Reading<T> {
  readonly before: T | undefined;
  /** Undefined where Slack does not know it any more and we never did. */
  readonly now: T | undefined;
}

/** What is written together with the reading; asked again where two readings cross. */
export type Along = (before: SlackPerson | undefined, now: SlackPerson) => Promise<Pick<Transaction, 'puts' | 'appends'>>;

/**
 * Asks Slack who somebody is and keeps the answer. Of two answers that cross, the one that was asked for later stays.
 * A person whom Slack no longer knows counts as deactivated. Throws a `WorkspaceFault` where Slack does not answer.
 */
export async function readPerson(outside: Parts, userId: string, along: Along = async () => ({})): Promise<Reading<SlackPerson>> {
  const askedAt = outside.clock.now();
  const member = await outside.workspace.member(userId);
  for (;;) {
    const stored = await outside.store.get('slackPerson', userId);
    const before = stored?.value;
    if (before !== undefined && before.readAt > askedAt) return { before, now: before };
    const now = seen(member, before, askedAt);
    if (now === undefined) return { before, now };
    const { puts = [], appends = [] } = await along(before, now);
    const written = await outside.store.transaction({ puts: [put('slackPerson', userId, now, stored?.version ?? 0), ...puts], appends });
    if (written === 'committed') return { before, now };
  }
}

/** Slack tells nothing of a deactivated person but that: guest and foreign stay as they were. */
function seen(member: WorkspaceMember | undefined, before: SlackPerson | undefined, readAt: Instant): SlackPerson | undefined {
  if (member !== undefined && !member.deleted) {
    const { id, teamId, name, guest, foreign } = member;
    return { id, teamId, name, guest, foreign, deactivated: null, readAt };
  }
  if (before !== undefined) return { ...before, deactivated: before.deactivated ?? readAt, readAt };
  return member && { id: member.id, teamId: member.teamId, name: member.name, guest: member.guest, foreign: member.foreign, deactivated: readAt, readAt };
}

/**
 * Asks Slack who is in a user group and keeps the answer, in the same way; undefined for one that is gone or disabled.
 * Such a one keeps its name and has no members: what it held is nobody's.
 */
export async function readGroup(outside: Parts, groupId: string): Promise<UserGroup | undefined> {
  const askedAt = outside.clock.now();
  const found = await outside.workspace.group(groupId);
  for (;;) {
    const stored = await outside.store.get('userGroup', groupId);
    if (stored !== undefined && stored.value.readAt > askedAt) return stored.value;
    const now = found ?? (stored && { ...stored.value, members: [] });
    if (now === undefined) return undefined;
    const write = put('userGroup', groupId, { ...now, readAt: askedAt }, stored?.version ?? 0);
    if ((await outside.store.transaction({ puts: [write] })) === 'committed') return found && { ...found, readAt: askedAt };
  }
}
