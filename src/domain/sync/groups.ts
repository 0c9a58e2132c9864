import type { Turn } from '../../ports/target.ts';
import { TargetFault } from '../connectors/target-error.ts';
import type { Grouping } from '../directory/grouping.ts';
import { put } from '../revise.ts';
import type { GroupThere, PushedGroup } from './account.ts';
import type { Stop } from './apply.ts';
import type { AttributeChange } from './change.ts';
import { changeMembers } from './group-batches.ts';
import { bringAbout, isThere, settleIntent } from './group-create.ts';
import { groupNames, type Membership, membership } from './group-members.ts';
import { recalled } from './group-recall.ts';
import { done, type GroupPush, guarded, keyOf, PushStopped, request, type Work } from './group-work.ts';
import { isEffective } from './scope.ts';

/** The list of members is kept again whenever this part of it has changed. */
const KEPT_AT = 1 / 8;

interface Pushed {
  readonly there: Map<string, GroupThere>;
  readonly unsettled: ReadonlySet<string>;
}

/**
 * Pushes a group for each assigned role or group that has members: created, or taken over by name, renamed, its members
 * added and removed in batches; removed when its grouping is assigned no more. One group's error stops no other.
 * Resolves with the target's reason where it ended the run.
 */
export async function pushGroups(push: GroupPush): Promise<Stop | undefined> {
  const { source } = push;
  const groupings = await assignedGroupings(push);
  const names = groupNames(groupings, source.everybody.organizationName);
  const members = await membership(source.everybody, new Set(groupings.map((grouping) => grouping.id)));
  try {
    const pushed = await pushedGroups(push, members);
    for (const grouping of groupings) await pushOne(push, grouping, names.get(grouping.id) ?? grouping.name, members, pushed);
    if (push.removals) for (const group of pushed.there.values()) if (!names.has(group.groupingId)) await removeOne(push, group, members);
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

/** The groups that we manage; an intent to create one is settled first, whatever became of its grouping. Those that can't be settled now are left out, and `unsettled`. */
async function pushedGroups(push: GroupPush, members: Membership): Promise<Pushed> {
  const { gear } = push;
  const all: PushedGroup[] = [];
  for await (const page of gear.outside.store.scan('pushedGroup', { prefix: `${gear.connector.id}/` })) all.push(...page.map(({ value }) => value));
  const there = new Map(all.filter(isThere).map((group) => [group.groupingId, group]));
  const unsettled = new Set<string>();
  for (const intent of all.filter((group) => !isThere(group))) {
    const work = await workOn(push, intent);
    const group = await guarded(work, 'group_create_provision', () => settleIntent(work, intent, takenBy(there), members));
    if (group === undefined) unsettled.add(intent.groupingId);
    else if (group !== null) there.set(group.groupingId, group);
  }
  return { there, unsettled };
}

function takenBy(there: Pushed['there']): ReadonlySet<string> {
  return new Set([...there.values()].map(({ targetId }) => targetId));
}

async function pushOne(push: GroupPush, grouping: Grouping, name: string, members: Membership, { there, unsettled }: Pushed): Promise<void> {
  const wanted = members.of(grouping.id);
  const work: Work = { push, subject: { id: grouping.id, name, organizationId: grouping.organizationId }, attempts: 0 };
  const before = there.get(grouping.id);
  if (before === undefined && (wanted.length === 0 || unsettled.has(grouping.id))) return;
  const group =
    before === undefined
      ? await guarded(work, 'group_create_provision', () => bringAbout(work, takenBy(there), members))
      : await guarded(work, 'group_update_provision', () => recalled(work, before, wanted, members));
  if (group === undefined) return;
  await guarded(work, 'group_update_provision', () => bringUpToDate(work, group, name, wanted, members));
}

async function bringUpToDate(work: Work, group: GroupThere, name: string, wanted: readonly string[], { isProtected }: Membership): Promise<void> {
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

/**
 * Marks the group durably as being changed, and keeps whom it holds whenever much of that is new: a crash leaves what no event has told (S5, S13), and the
 * journal grows with the change, not with the group for each batch.
 */
async function change(work: Work, group: GroupThere, from: number, present: Set<string>, add: readonly string[], remove: readonly string[]): Promise<void> {
  const { target, ledger, tongue, outside, connector } = work.push.gear;
  let written = group.changing?.written === true;
  let unkept = 0;
  const much = (present.size + add.length) * KEPT_AT;
  const keep = (): void => {
    const moving = [...add.filter((id) => !present.has(id)), ...remove.filter((id) => present.has(id))];
    const now: PushedGroup = { ...group, members: [...present].sort(), changing: { from, written, moving } };
    ledger.record({ puts: [put('pushedGroup', keyOf(now), now)] });
    unkept = 0;
  };
  const moved = (count: number): void => {
    written = true;
    unkept += count;
    if (unkept >= much) keep();
  };
  keep();
  await ledger.flush();
  const send = <T>(one: (turn: Turn) => Promise<T>): Promise<T> => request(work, one);
  try {
    await changeMembers({ groupId: group.targetId, present, target, tongue, moved, request: send }, add, remove);
  } catch (fault) {
    keep();
    throw fault;
  } finally {
    await tongue.save(outside.store, connector);
  }
}

/** A group that holds a protected person stays, with them alone in it (A7). */
async function removeOne(push: GroupPush, group: GroupThere, members: Membership): Promise<void> {
  const work = await workOn(push, group);
  if ([...group.members, ...(group.changing?.moving ?? [])].some(members.isProtected)) {
    await guarded(work, 'group_update_provision', async () => bringUpToDate(work, await recalled(work, group, [], members), group.name, [], members));
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

/** Work on a group under the name that it has: its grouping may be assigned no more, or gone. */
async function workOn(push: GroupPush, { groupingId, name }: PushedGroup): Promise<Work> {
  const organizationId = (await push.gear.outside.store.get('grouping', groupingId))?.value.organizationId ?? push.gear.connector.organizationId;
  return { push, subject: { id: groupingId, name, organizationId }, attempts: 0 };
}
