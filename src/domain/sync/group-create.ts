import type { TargetGroup } from '../../ports/target.ts';
import { TargetFault } from '../connectors/target-error.ts';
import { put } from '../revise.ts';
import type { GroupThere, PushedGroup } from './account.ts';
import type { Membership } from './group-members.ts';
import { done, failed, keep, keyOf, request, type Work } from './group-work.ts';

/** Whether the group is known to be in the target. */
export function isThere(group: PushedGroup): group is GroupThere {
  return group.targetId !== null;
}

/** What became of a create whose run ended before it was known: told as the create that it was; null where there is no such group, and the intent is forgotten (S13). */
export async function settleIntent(work: Work, intent: PushedGroup, taken: ReadonlySet<string>, members: Membership): Promise<GroupThere | null> {
  const [found, ...others] = madeBeside(await named(work, intent.name, taken), intent.creating?.beside ?? []);
  if (found === undefined) {
    work.push.gear.ledger.record({ puts: [put('pushedGroup', keyOf(intent), null)] });
    return null;
  }
  return created(work, intent, { group: found, isDoubted: others.length > 0 }, members);
}

/**
 * Takes over the one group of that name which is not another grouping's, or creates it. `lost` is a create of an earlier run
 * whose group did not come: under this name it may come still.
 */
export async function bringAbout(work: Work, taken: ReadonlySet<string>, members: Membership, lost?: PushedGroup): Promise<GroupThere> {
  const connectorId = work.push.gear.connector.id;
  const { id: groupingId, name } = work.subject;
  const same = await named(work, name, taken);
  const [found] = same;
  if (found === undefined || same.length > 1) {
    const before = lost?.name === name ? (lost.creating?.beside ?? []) : null;
    const beside = before ?? same.map(({ id }) => id);
    const intent: PushedGroup = { connectorId, groupingId, targetId: null, name, members: [], creating: { beside } };
    const made = await createOnce(work, intent, taken);
    return created(work, intent, { ...made, isDoubted: made.isDoubted || before !== null }, members);
  }
  const group: GroupThere = { connectorId, groupingId, targetId: found.id, name: found.displayName, members: found.memberIds.filter(members.isOurs).sort() };
  done(work, 'group_update_provision', group, [{ attribute: 'displayName', before: group.name, after: name }]);
  return group;
}

/** A group that a create brought about. */
interface Made {
  readonly group: TargetGroup;
  /** More than one may have been made, or is being made still. */
  readonly isDoubted: boolean;
}

function created(work: Work, { creating, ...intent }: PushedGroup, { group: { id, memberIds }, isDoubted }: Made, { isOurs }: Membership): GroupThere {
  const doubt = isDoubted ? { doubted: creating?.beside ?? [] } : {};
  const group: GroupThere = { ...intent, ...doubt, targetId: id, members: memberIds.filter(isOurs).sort() };
  done(work, 'group_create_provision', group, [{ attribute: 'displayName', before: null, after: group.name }]);
  return group;
}

async function named(work: Work, name: string, taken: ReadonlySet<string>): Promise<readonly TargetGroup[]> {
  const groups = await request(work, () => work.push.gear.target.findGroups(name));
  return groups.filter((group) => group.displayName.toLowerCase() === name.toLowerCase() && !taken.has(group.id));
}

/** One of the name that was not there before is the one that was made (S23); more are where several creates were. */
function madeBeside(groups: readonly TargetGroup[], beside: readonly string[]): readonly TargetGroup[] {
  return groups.filter(({ id }) => !beside.includes(id));
}

/** Looks once whether a create that was given up has come about beside the group, tells of it, and leaves it alone: whose it is its name does not prove. */
export async function tellTwins(work: Work, { doubted: _, ...group }: GroupThere, beside: readonly string[], taken: ReadonlySet<string>): Promise<GroupThere> {
  const twins = madeBeside(await named(work, group.name, taken), beside);
  if (twins.length > 0) {
    const ids = twins.map(({ id }) => id).join(', ');
    const message = `There is another group named ${group.name} (${ids}): it came about beside ours (${group.targetId}), whose create was not answered at first. It is not managed: if nobody else made it, delete it in the target.`;
    failed(
      work,
      'group_create_provision',
      new TargetFault({ next: 'refused', status: null, scimType: 'twin', message, maybeWritten: false, retryAfter: null }),
    );
  }
  // After the telling: a crash between both has it told again.
  keep(work, group);
  return group;
}

/** Creates the group, whose intent is durable before. Where the reply was lost it is looked for, now and, where no reply comes at all, by the next run. */
async function createOnce(work: Work, intent: PushedGroup, taken: ReadonlySet<string>): Promise<Made> {
  const { target, ledger } = work.push.gear;
  const beside = intent.creating?.beside ?? [];
  ledger.record({ puts: [put('pushedGroup', keyOf(intent), intent)] });
  await ledger.flush();
  let lost = 0;
  try {
    return await request(work, async () => {
      const [made, ...others] = lost > 0 ? madeBeside(await named(work, intent.name, taken), beside) : [];
      if (made !== undefined) return { group: made, isDoubted: lost > 1 || others.length > 0 };
      try {
        return { group: await target.createGroup(intent.name, intent.groupingId), isDoubted: lost > 0 };
      } catch (fault) {
        if (!(fault instanceof TargetFault) || fault.error.maybeWritten) lost += 1;
        throw fault;
      }
    });
  } catch (fault) {
    // Nothing of it was done: a group of that name that comes meanwhile is somebody else's.
    if (lost === 0) ledger.record({ puts: [put('pushedGroup', keyOf(intent), null)] });
    throw fault;
  }
}
