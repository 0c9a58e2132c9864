import type { TargetGroup } from '../../ports/target.ts';
import { TargetFault } from '../connectors/target-error.ts';
import { put } from '../revise.ts';
import type { GroupThere, PushedGroup } from './account.ts';
import type { Membership } from './group-members.ts';
import { done, keyOf, request, type Work } from './group-work.ts';

/** Whether the group is known to be in the target. */
export function isThere(group: PushedGroup): group is GroupThere {
  return group.targetId !== null;
}

/** What became of a create whose run ended before it was known: told as the create that it was; null where there is no such group, and the intent is forgotten (S13). */
export async function settleIntent(work: Work, intent: PushedGroup, taken: ReadonlySet<string>, members: Membership): Promise<GroupThere | null> {
  const found = madeBeside(await named(work, intent.name, taken), intent.creating?.beside ?? []);
  if (found === undefined) {
    work.push.gear.ledger.record({ puts: [put('pushedGroup', keyOf(intent), null)] });
    return null;
  }
  return created(work, intent, found, members);
}

/** Takes over the one group of that name which is not another grouping's, or creates it. */
export async function bringAbout(work: Work, taken: ReadonlySet<string>, members: Membership): Promise<GroupThere> {
  const connectorId = work.push.gear.connector.id;
  const { id: groupingId, name } = work.subject;
  const same = await named(work, name, taken);
  const [found] = same;
  if (found === undefined || same.length > 1) {
    const intent: PushedGroup = { connectorId, groupingId, targetId: null, name, members: [], creating: { beside: same.map(({ id }) => id) } };
    return created(work, intent, await createOnce(work, intent, taken), members);
  }
  const group: GroupThere = { connectorId, groupingId, targetId: found.id, name: found.displayName, members: found.memberIds.filter(members.isOurs).sort() };
  done(work, 'group_update_provision', group, [{ attribute: 'displayName', before: group.name, after: name }]);
  return group;
}

function created(work: Work, { creating: _, ...intent }: PushedGroup, { id, memberIds }: TargetGroup, { isOurs }: Membership): GroupThere {
  const group: GroupThere = { ...intent, targetId: id, members: memberIds.filter(isOurs).sort() };
  done(work, 'group_create_provision', group, [{ attribute: 'displayName', before: null, after: group.name }]);
  return group;
}

async function named(work: Work, name: string, taken: ReadonlySet<string>): Promise<readonly TargetGroup[]> {
  const groups = await request(work, () => work.push.gear.target.findGroups(name));
  return groups.filter((group) => group.displayName.toLowerCase() === name.toLowerCase() && !taken.has(group.id));
}

/** One of the name that was not there before is the one that was made (S23). */
function madeBeside(groups: readonly TargetGroup[], beside: readonly string[]): TargetGroup | undefined {
  return groups.find(({ id }) => !beside.includes(id));
}

/** Creates the group, whose intent is durable before. Where the reply was lost it is looked for, now and, where no reply comes at all, by the next run. */
async function createOnce(work: Work, intent: PushedGroup, taken: ReadonlySet<string>): Promise<TargetGroup> {
  const { target, ledger } = work.push.gear;
  const beside = intent.creating?.beside ?? [];
  ledger.record({ puts: [put('pushedGroup', keyOf(intent), intent)] });
  await ledger.flush();
  let lost = false;
  try {
    return await request(work, async () => {
      const made = lost ? madeBeside(await named(work, intent.name, taken), beside) : undefined;
      if (made !== undefined) return made;
      try {
        return await target.createGroup(intent.name, intent.groupingId);
      } catch (fault) {
        lost ||= !(fault instanceof TargetFault) || fault.error.maybeWritten;
        throw fault;
      }
    });
  } catch (fault) {
    // Nothing of it was done: a group of that name that comes meanwhile is somebody else's.
    if (!lost) ledger.record({ puts: [put('pushedGroup', keyOf(intent), null)] });
    throw fault;
  }
}
