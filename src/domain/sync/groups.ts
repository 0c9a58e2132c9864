import type { TargetGroup, Turn } from '../../ports/target.ts';
import { TargetFault } from '../connectors/target-error.ts';
import type { Grouping } from '../directory/grouping.ts';
import { put } from '../revise.ts';
import type { PushedGroup } from './account.ts';
import type { Gear, Stop } from './apply.ts';
import type { AttributeChange } from './change.ts';
import { changeMembers } from './group-batches.ts';
import { groupNames, type Membership, membership } from './group-members.ts';
import { done, type GroupPush, guarded, keyOf, PushStopped, request, type Work } from './group-work.ts';
import { isEffective } from './scope.ts';

/**
 * Pushes a group for each assigned role or group that has members: created, or taken over by name, renamed, its members
 * added and removed in batches; removed when its grouping is assigned no more. One group's error stops no other.
 * Resolves with the target's reason where it ended the run.
 */
export async function pushGroups(push: GroupPush): Promise<Stop | undefined> {
  const { gear, source } = push;
  const groupings = await assignedGroupings(push);
  const names = groupNames(groupings, source.everybody.organizationName);
  const members = await membership(source.everybody, new Set(groupings.map((grouping) => grouping.id)));
  const pushed = await pushedGroups(gear);
  try {
    for (const grouping of groupings) await pushOne(push, grouping, names.get(grouping.id) ?? grouping.name, members, pushed);
    if (push.removals) for (const group of pushed.values()) if (!names.has(group.groupingId)) await removeOne(push, group, members);
  } catch (ended) {
    if (ended instanceof PushStopped) return ended.stop;
    throw ended;
  }
  return undefined;
}

async function assignedGroupings({ gear, source }: GroupPush): Promise<readonly Grouping[]> {
  const now = gear.outside.clock.now();
  const ids = new Set(source.assignments.filter((assignment) => isEffective(assignment, now)).map((assignment) => assignment.groupingId));
  const groupings: Grouping[] = [];
  for (const id of [...ids].sort()) {
    const stored = await gear.outside.store.get('grouping', id);
    if (stored !== undefined) groupings.push(stored.value);
  }
  return groupings;
}

async function pushedGroups(gear: Gear): Promise<Map<string, PushedGroup>> {
  const pushed = new Map<string, PushedGroup>();
  for await (const page of gear.outside.store.scan('pushedGroup', { prefix: `${gear.connector.id}/` }))
    for (const { value } of page) pushed.set(value.groupingId, value);
  return pushed;
}

async function pushOne(push: GroupPush, grouping: Grouping, name: string, members: Membership, pushed: ReadonlyMap<string, PushedGroup>): Promise<void> {
  const wanted = members.of(grouping.id);
  const work: Work = { push, subject: { id: grouping.id, name, organizationId: grouping.organizationId }, attempts: 0 };
  const before = pushed.get(grouping.id);
  if (before === undefined && wanted.length === 0) return;
  const group =
    before === undefined
      ? await guarded(work, 'group_create_provision', () => bringAbout(work, pushed, members))
      : await guarded(work, 'group_update_provision', () => known(work, before, members));
  if (group === undefined) return;
  await guarded(work, 'group_update_provision', () => bringUpToDate(work, group, name, wanted, members));
}

/** The group as it is known; as the target shows it where a change of its members was cut off. A list that is not shown whole says nothing. */
async function known(work: Work, group: PushedGroup, { isOurs }: Membership): Promise<PushedGroup> {
  const { target, tongue } = work.push.gear;
  const { readable } = tongue.dialect.members;
  if (group.changing === undefined || readable === 'never' || readable === 'partly') return group;
  const { memberIds } = await request(work, () => target.readGroup(group.targetId));
  if (readable === 'unknown' && memberIds.length === 0) return group;
  const members = memberIds.filter(isOurs).sort();
  const written = group.changing.written || members.join() !== group.members.join();
  return { ...group, members, changing: { ...group.changing, written } };
}

/** Takes over the one group of that name which is not another grouping's, or creates it. */
async function bringAbout(work: Work, pushed: ReadonlyMap<string, PushedGroup>, members: Membership): Promise<PushedGroup> {
  const { target, connector } = work.push.gear;
  const { id: groupingId, name } = work.subject;
  const taken = new Set([...pushed.values()].map((group) => group.targetId));
  const look = async (): Promise<readonly TargetGroup[]> =>
    (await request(work, () => target.findGroups(name))).filter((group) => group.displayName.toLowerCase() === name.toLowerCase() && !taken.has(group.id));
  const same = await look();
  const [found] = same;
  const group: PushedGroup =
    found === undefined || same.length > 1
      ? { connectorId: connector.id, groupingId, targetId: (await createOnce(work, look, same)).id, name, members: [] }
      : { connectorId: connector.id, groupingId, targetId: found.id, name: found.displayName, members: found.memberIds.filter(members.isOurs).sort() };
  const changes = [{ attribute: 'displayName', before: found === undefined ? null : group.name, after: name }];
  done(work, found === undefined ? 'group_create_provision' : 'group_update_provision', group, changes);
  return group;
}

/** Creates the group. Where the reply was lost it may be there: one of the name that was not there before is it (S23). */
async function createOnce(work: Work, look: () => Promise<readonly TargetGroup[]>, before: readonly TargetGroup[]): Promise<TargetGroup> {
  const { id: groupingId, name } = work.subject;
  let lost = false;
  return await request(work, async () => {
    const made = lost ? (await look()).find(({ id }) => !before.some((old) => old.id === id)) : undefined;
    if (made !== undefined) return made;
    try {
      return await work.push.gear.target.createGroup(name, groupingId);
    } catch (fault) {
      lost ||= fault instanceof TargetFault && fault.error.maybeWritten;
      throw fault;
    }
  });
}

async function bringUpToDate(work: Work, group: PushedGroup, name: string, wanted: readonly string[], { isProtected }: Membership): Promise<void> {
  const { target } = work.push.gear;
  const present = new Set(group.members);
  const wish = new Set(wanted);
  const add = wanted.filter((id) => !present.has(id));
  const remove = work.push.removals ? group.members.filter((id) => !wish.has(id) && !isProtected(id)) : [];
  const changes: AttributeChange[] = [];
  if (group.name !== name) {
    await request(work, (turn) => target.renameGroup(group.targetId, name, turn, group.members));
    changes.push({ attribute: 'displayName', before: group.name, after: name });
  }
  const from = group.changing?.from ?? group.members.length;
  if (add.length + remove.length > 0) await change(work, group, from, present, add, remove);
  const members = [...present].sort();
  if (add.length + remove.length > 0 || group.changing?.written === true)
    changes.push({ attribute: 'members', before: String(from), after: String(members.length) });
  const { changing, ...rest } = group;
  const settled: PushedGroup = { ...rest, name, members };
  if (changes.length > 0) done(work, 'group_update_provision', settled, changes);
  else if (changing !== undefined) work.push.gear.ledger.record({ puts: [put('pushedGroup', keyOf(settled), settled)] });
}

/** Marks the group durably as being changed, and keeps after each batch whom it holds: a crash leaves what no event has told (S5, S13). */
async function change(work: Work, group: PushedGroup, from: number, present: Set<string>, add: readonly string[], remove: readonly string[]): Promise<void> {
  const { target, ledger, tongue, outside, connector } = work.push.gear;
  const keep = (written: boolean): void => {
    const now: PushedGroup = { ...group, members: [...present].sort(), changing: { from, written } };
    ledger.record({ puts: [put('pushedGroup', keyOf(now), now)] });
  };
  keep(group.changing?.written === true);
  await ledger.flush();
  const send = <T>(one: (turn: Turn) => Promise<T>): Promise<T> => request(work, one);
  try {
    await changeMembers({ groupId: group.targetId, present, target, tongue, kept: () => keep(true), request: send }, add, remove);
  } finally {
    await tongue.save(outside.store, connector);
  }
}

/** A group that holds a protected person stays, with them alone in it (A7). */
async function removeOne(push: GroupPush, group: PushedGroup, members: Membership): Promise<void> {
  const organizationId = (await push.gear.outside.store.get('grouping', group.groupingId))?.value.organizationId ?? push.gear.connector.organizationId;
  const work: Work = { push, subject: { id: group.groupingId, name: group.name, organizationId }, attempts: 0 };
  if (group.members.some(members.isProtected)) {
    await guarded(work, 'group_update_provision', () => bringUpToDate(work, group, group.name, [], members));
    return;
  }
  await guarded(work, 'group_delete_provision', async () => {
    try {
      await request(work, (turn) => push.gear.target.removeGroup(group.targetId, turn));
    } catch (fault) {
      if (!(fault instanceof TargetFault) || fault.error.next !== 'gone') throw fault;
    }
    done(work, 'group_delete_provision', group, [{ attribute: 'displayName', before: group.name, after: null }]);
  });
}
