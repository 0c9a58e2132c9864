import type { Turn } from '../../ports/target.ts';
import { TargetFault } from '../connectors/target-error.ts';
import type { Grouping } from '../directory/grouping.ts';
import type { GroupThere, PushedGroup } from './account.ts';
import type { Stop } from './apply.ts';
import type { AttributeChange } from './change.ts';
import { changeMembers } from './group-batches.ts';
import { bringAbout, isThere, settleIntent, tellTwins } from './group-create.ts';
import { groupNames, type Membership, membership } from './group-members.ts';
import { inOrder } from './group-order.ts';
import { deleted, recalled } from './group-recall.ts';
import { renamed } from './group-rename.ts';
import { done, type GroupPush, guarded, keep, PushStopped, request, type Work } from './group-work.ts';
import { isEffective } from './scope.ts';

/** The list of members is kept again whenever this part of it has changed. */
const KEPT_AT = 1 / 8;

interface Pushed {
  readonly there: ReadonlyMap<string, GroupThere>;
  /** Target ids of the groups that are some grouping's; grows with those that come about. */
  readonly taken: Set<string>;
  readonly unsettled: ReadonlySet<string>;
  /** By grouping: intents of an earlier run that came to nothing, as far as is seen. */
  readonly lost: ReadonlyMap<string, PushedGroup>;
}

/**
 * Pushes a group for each assigned role or group that has members: created, or taken over by name, renamed, its members
 * added and removed in batches; removed when its grouping is assigned no more. One group's error stops no other.
 * Resolves with the target's reason where it ended the run.
 */
export async function pushGroups(push: GroupPush): Promise<Stop | undefined> {
  const { source } = push;
  const groupings = await assignedGroupings(push);
  const assigned = new Map(groupings.map((grouping) => [grouping.id, grouping]));
  const names = groupNames(groupings, source.everybody.organizationName);
  const members = await membership(source.everybody, new Set(groupings.map((grouping) => grouping.id)));
  try {
    const pushed = await pushedGroups(push, members);
    const { order, circling } = inOrder(names, pushed.there.values());
    for (const id of order) {
      const grouping = assigned.get(id);
      const group = pushed.there.get(id);
      if (grouping !== undefined) await pushOne(push, grouping, { name: names.get(id) ?? grouping.name, isCircling: circling.has(id) }, members, pushed);
      else if (group !== undefined && push.removals) await removeOne(push, group, members);
    }
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
  const taken = new Set([...there.values()].map(({ targetId }) => targetId));
  const unsettled = new Set<string>();
  const lost = new Map<string, PushedGroup>();
  for (const intent of all.filter((group) => !isThere(group))) {
    const work = await workOn(push, intent);
    const group = await guarded(work, 'group_create_provision', () => settleIntent(work, intent, taken, members));
    if (group === undefined) unsettled.add(intent.groupingId);
    if (group === null) lost.set(intent.groupingId, intent);
    if (group === undefined || group === null) continue;
    there.set(group.groupingId, group);
    taken.add(group.targetId);
  }
  // One that was just settled is looked at by the next run: what is late may come until then.
  for (const group of all) {
    if (!isThere(group) || group.doubted === undefined) continue;
    const work = await workOn(push, group);
    const sure = await guarded(work, 'group_create_provision', () => tellTwins(work, group, group.doubted ?? [], taken));
    if (sure !== undefined) there.set(group.groupingId, sure);
  }
  return { there, taken, unsettled, lost };
}

async function pushOne(push: GroupPush, grouping: Grouping, wish: NameWish, members: Membership, { there, taken, unsettled, lost }: Pushed): Promise<void> {
  const { name } = wish;
  const wanted = members.of(grouping.id);
  const work: Work = { push, subject: { id: grouping.id, name, organizationId: grouping.organizationId }, attempts: 0 };
  const before = there.get(grouping.id);
  const known = before === undefined ? null : await guarded(work, 'group_update_provision', () => recalled(work, before, { name, members: wanted }, members));
  if (known === undefined || (known === null && (wanted.length === 0 || unsettled.has(grouping.id)))) return;
  const group = known ?? (await guarded(work, 'group_create_provision', () => bringAbout(work, taken, members, lost.get(grouping.id))));
  if (group === undefined) return;
  taken.add(group.targetId);
  await guarded(work, 'group_update_provision', () => bringUpToDate(work, group, wish, wanted, members));
}

/** The name that a group is to have. */
interface NameWish {
  readonly name: string;
  /** It goes round in a circle, so that it never comes free. */
  readonly isCircling: boolean;
}

/** What a group is to become; `present` follows what is done, `from` is how many members the last event told of, and `unsure` are those who may be in it and stay for now. */
interface Update {
  readonly work: Work;
  readonly group: GroupThere;
  readonly name: string;
  readonly present: Set<string>;
  readonly from: number;
  readonly unsure: readonly string[];
}

async function bringUpToDate(
  work: Work,
  known: GroupThere,
  { name, isCircling }: NameWish,
  wanted: readonly string[],
  { isProtected }: Membership,
): Promise<void> {
  const present = new Set(known.members);
  const wish = new Set(wanted);
  const add = wanted.filter((id) => !present.has(id));
  const remove = work.push.removals ? known.members.filter((id) => !wish.has(id) && !isProtected(id)) : [];
  const gone = new Set(remove);
  const unsure = (known.changing?.moving ?? []).filter((id) => present.has(id) && !gone.has(id));
  const named = await renamed(work, known, name, isCircling);
  const { group } = named;
  const update: Update = { work, ...named, present, from: group.changing?.from ?? group.members.length, unsure };
  const isChange = add.length + remove.length > 0;
  if (isChange) await change(update, add, remove);
  tell(update, isChange || group.changing?.written === true, unsure);
}

/** Tells what was done and no event has told yet. The group stays marked with those of whom it is not known: whom a fault left `moving`, and who is unsure still (S5). */
function tell({ work, group: { changing, renaming: sent, ...group }, name, present, from }: Update, isWritten: boolean, moving: readonly string[]): void {
  const members = [...present].sort();
  const changes: AttributeChange[] = [];
  if (group.name !== name) changes.push({ attribute: 'displayName', before: group.name, after: name });
  if (isWritten) changes.push({ attribute: 'members', before: String(from), after: String(members.length) });
  const left = moving.length === 0 ? {} : { changing: { from: isWritten ? members.length : from, written: false, moving } };
  const open = sent === undefined || sent === name ? {} : { renaming: sent };
  const now: PushedGroup = { ...group, name, members, ...open, ...left };
  if (changes.length > 0) done(work, 'group_update_provision', now, changes);
  else if (changing !== undefined || moving.length > 0) keep(work, now);
}

/**
 * Marks the group durably as being changed, and keeps whom it holds whenever much of that is new: a crash leaves what no event has told (S5, S13), its
 * name among it, and the journal grows with the change, not with the group for each batch.
 */
async function change(update: Update, add: readonly string[], remove: readonly string[]): Promise<void> {
  const { work, group, present, from, unsure } = update;
  const { target, ledger, tongue, outside, connector } = work.push.gear;
  let written = group.changing?.written === true;
  let unkept = 0;
  const much = (present.size + add.length) * KEPT_AT;
  const moving = (): readonly string[] => [...add.filter((id) => !present.has(id)), ...remove.filter((id) => present.has(id)), ...unsure];
  const mark = (): void => {
    keep(work, { ...group, members: [...present].sort(), changing: { from, written, moving: moving() } });
    unkept = 0;
  };
  const moved = (count: number): void => {
    if (count === 0) return;
    written = true;
    unkept += count;
    if (unkept >= much) mark();
  };
  mark();
  await ledger.flush();
  const send = <T>(one: (turn: Turn) => Promise<T>, tries?: 'once'): Promise<T> => request(work, one, tries);
  try {
    await changeMembers({ groupId: group.targetId, present, target, tongue, breakage: work.push.breakage, moved, request: send }, add, remove);
  } catch (fault) {
    tell(update, written, moving());
    throw fault;
  } finally {
    await tongue.save(outside.store, connector);
  }
}

/** A group that holds a protected person stays, with them alone in it (A7). */
async function removeOne(push: GroupPush, group: GroupThere, members: Membership): Promise<void> {
  const work = await workOn(push, group);
  if ([...group.members, ...(group.changing?.moving ?? [])].some(members.isProtected)) {
    await guarded(work, 'group_update_provision', async () => {
      const known = await recalled(work, group, { name: group.name, members: [] }, members);
      if (known !== null) await bringUpToDate(work, known, { name: known.name, isCircling: false }, [], members);
    });
    return;
  }
  await guarded(work, 'group_delete_provision', async () => {
    keep(work, { ...group, deleting: true });
    await push.gear.ledger.flush();
    try {
      await request(work, (turn) => push.gear.target.removeGroup(group.targetId, turn));
    } catch (fault) {
      if (!(fault instanceof TargetFault) || fault.error.next !== 'gone') throw fault;
    }
    deleted(work, group);
  });
}

/** Work on a group under the name that it has: its grouping may be assigned no more, or gone. */
async function workOn(push: GroupPush, { groupingId, name }: PushedGroup): Promise<Work> {
  const organizationId = (await push.gear.outside.store.get('grouping', groupingId))?.value.organizationId ?? push.gear.connector.organizationId;
  return { push, subject: { id: groupingId, name, organizationId }, attempts: 0 };
}
