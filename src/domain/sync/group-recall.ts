import type { TargetGroup } from '../../ports/target.ts';
import { wholeGroups } from '../connectors/dialect.ts';
import { TargetFault } from '../connectors/target-error.ts';
import type { GroupThere } from './account.ts';
import type { Membership } from './group-members.ts';
import { done, keep, request, type Work } from './group-work.ts';
import { hides, SUSPECT } from './shown-members.ts';

/** What a group is to be. */
interface Wanted {
  readonly name: string;
  readonly members: readonly string[];
}

/**
 * The group as it is known; where a change of it was cut off, as the target shows it: null where that was its deletion and it is gone, which is told (S5).
 * A name that is to be written again needs no look: it is told as what it was.
 */
export async function recalled(work: Work, group: GroupThere, wanted: Wanted, members: Membership): Promise<GroupThere | null> {
  const { readable } = work.push.gear.tongue.dialect.members;
  const isReadable = readable !== 'never' && readable !== 'partly';
  const sent = nameSent(group);
  const isDoubtful = group.deleting === true || (sent !== undefined && sent !== wanted.name);
  if (!isDoubtful && group.changing === undefined) return group;
  const shown = isDoubtful || isReadable ? await look(work, group) : undefined;
  if (shown === null) {
    deleted(work, group);
    return null;
  }
  const there = isDoubtful && shown !== undefined ? standing(work, group, shown) : group;
  return holding(work, there, isReadable ? shown : undefined, wanted.members, members);
}

/** Tells that the group is no more, and forgets it. */
export function deleted(work: Work, group: GroupThere): void {
  done(work, 'group_delete_provision', group, [{ attribute: 'displayName', before: group.name, after: null }]);
}

/** Null where the group is gone, and was to go. */
async function look(work: Work, group: GroupThere): Promise<TargetGroup | null> {
  try {
    return await request(work, () => work.push.gear.target.readGroup(group.targetId));
  } catch (fault) {
    if (group.deleting !== true || !(fault instanceof TargetFault) || fault.error.next !== 'gone') throw fault;
    return null;
  }
}

/** A name that the group may have got: no answer came, or the read that showed the old one still came too early. */
function nameSent({ renaming, unnamed }: GroupThere): string | undefined {
  return renaming ?? (unnamed?.because === 'no-effect' ? unnamed.name : undefined);
}

/** The group is there; a name that it got all the same is told. */
function standing(work: Work, known: GroupThere, { displayName }: TargetGroup): GroupThere {
  const { deleting: _, renaming: __, unnamed, ...plain } = known;
  const group = unnamed?.because === 'names-in-a-circle' ? { ...plain, unnamed } : plain;
  if (nameSent(known) === undefined || displayName === group.name) {
    keep(work, group);
    return group;
  }
  const renamed = { ...group, name: displayName };
  done(work, 'group_update_provision', renamed, [{ attribute: 'displayName', before: group.name, after: displayName }]);
  return renamed;
}

/**
 * Whom the group holds, where a change of that was cut off. A list that may be cut off says only who is in it: who is known stays known, and of whoever was
 * under way and is not shown that is assumed which leads to a request: wanted, they are not in it; not wanted, they are. They go on `moving` until that
 * request is answered: it may have to wait, and be another one by then.
 */
function holding(work: Work, group: GroupThere, there: TargetGroup | undefined, wanted: readonly string[], { isOurs }: Membership): GroupThere {
  const { changing } = group;
  if (changing === undefined) return group;
  const { dialect } = work.push.gear.tongue;
  const shown = new Set(there?.memberIds);
  const before = new Set(group.members);
  const moving = new Set(changing.moving);
  const seen = [...shown].filter((id) => isOurs(id) || before.has(id) || moving.has(id));
  const sure = group.members.filter((id) => !moving.has(id));
  // A list that is written whole is written as it is shown, or not at all.
  const isWhole = wholeGroups(dialect) || dialect.members.removal === 'replace' || (shown.size > 0 && shown.size < SUSPECT);
  const isBelieved = there !== undefined && isWhole && !hides(shown, sure);
  const unsure = isBelieved ? [] : changing.moving.filter((id) => !shown.has(id));
  const wish = new Set(wanted);
  const members = isBelieved ? seen : [...new Set([...seen, ...sure, ...unsure.filter((id) => !wish.has(id))])];
  const written = changing.written || seen.some((id) => !before.has(id)) || (isBelieved && seen.length < before.size);
  return { ...group, members: members.sort(), changing: { ...changing, written, moving: unsure } };
}
