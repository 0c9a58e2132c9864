import type { OrganizationId } from '../directory/organization.ts';
import type { Grouping, GroupingId } from '../directory/grouping.ts';
import { merge, type PlanInput } from './plan-input.ts';

/** Who is a member of which group in the target, by target id. */
export interface Membership {
  /** Target ids of the active accounts of a grouping's people, sorted. */
  readonly of: (groupingId: GroupingId) => readonly string[];
  /** Whether the account is one that we manage; others' memberships are left alone (S26). */
  readonly isOurs: (targetId: string) => boolean;
  /** Whether the account is a protected person's: they are taken out of no group (A7). */
  readonly isProtected: (targetId: string) => boolean;
}

/** One pass over people and accounts for the groupings asked for. */
export async function membership(input: PlanInput, groupings: ReadonlySet<GroupingId>): Promise<Membership> {
  const members = new Map<GroupingId, string[]>([...groupings].map((id) => [id, []]));
  const ours = new Set<string>();
  const shielded = new Set<string>();
  for await (const pairs of merge(input.people(), input.accounts())) {
    for (const { person, account } of pairs) {
      const pause = input.breath.due();
      if (pause !== undefined) await pause;
      const targetId = account === undefined || account.state === 'gone' ? null : account.targetId;
      if (targetId === null) continue;
      ours.add(targetId);
      if (account !== undefined && input.protectedPeople.has(account.personId)) shielded.add(targetId);
      if (person?.status === 'active' && account?.state === 'active') for (const grouping of person.groupings) members.get(grouping)?.push(targetId);
    }
  }
  for (const list of members.values()) list.sort();
  return { of: (id) => members.get(id) ?? [], isOurs: (targetId) => ours.has(targetId), isProtected: (targetId) => shielded.has(targetId) };
}

/** The groups' names in the target: the grouping's own, with its organization in front where two would be the same. */
export function groupNames(groupings: readonly Grouping[], organizationName: (id: OrganizationId) => string | undefined): ReadonlyMap<GroupingId, string> {
  const times = new Map<string, number>();
  for (const { name } of groupings) times.set(name.toLowerCase(), (times.get(name.toLowerCase()) ?? 0) + 1);
  return new Map(
    groupings.map((grouping) => {
      const alone = times.get(grouping.name.toLowerCase()) === 1;
      return [grouping.id, alone ? grouping.name : `${organizationName(grouping.organizationId) ?? grouping.organizationId} ${grouping.name}`];
    }),
  );
}
