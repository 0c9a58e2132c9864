import type { TargetGroup } from '../../ports/target.ts';
import type { Turn } from '../../ports/target.ts';
import { TargetFault } from '../connectors/target-error.ts';
import type { Grouping } from '../directory/grouping.ts';
import { Halted } from '../halts/halted.ts';
import { put } from '../revise.ts';
import type { PushedGroup } from './account.ts';
import type { Gear, Stop } from './apply.ts';
import { causeOf } from './cause.ts';
import type { AttributeChange } from './change.ts';
import type { EventType } from './event.ts';
import { changeMembers } from './group-batches.ts';
import { groupNames, type Membership, membership } from './group-members.ts';
import type { PlanSource } from './plan-source.ts';
import { eventRow } from './record.ts';
import { judge } from './retry.ts';
import { isEffective } from './scope.ts';

export interface GroupPush {
  readonly gear: Gear;
  readonly source: PlanSource;
  /** False while the fuse holds: nobody is taken out of a group and no group is removed. */
  readonly removals: boolean;
  readonly stopped: () => boolean;
}

/** Ends the push: the run was stopped, by somebody or by the target. */
class PushStopped extends Error {
  readonly stop: Stop | undefined;
  constructor(stop: Stop | undefined) {
    super('stopped');
    this.stop = stop;
  }
}

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

/** One group's way to the target; `attempts` counts its requests for the event. */
interface Work {
  readonly push: GroupPush;
  readonly subject: { readonly id: string; readonly name: string; readonly organizationId: string };
  attempts: number;
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
  return readable === 'unknown' && memberIds.length === 0 ? group : { ...group, members: memberIds.filter(isOurs).sort() };
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
  let now = group;
  if (group.name !== name) {
    await request(work, (turn) => target.renameGroup(group.targetId, name, turn, group.members));
    changes.push({ attribute: 'displayName', before: group.name, after: name });
    now = { ...now, name };
  }
  const { ledger, tongue, outside, connector } = work.push.gear;
  const named: PushedGroup = { ...now, changing: true };
  if (add.length + remove.length > 0) {
    ledger.record({ puts: [put('pushedGroup', keyOf(group), { ...group, changing: true })] });
    await ledger.flush();
  }
  const kept = (): void => {
    now = { ...named, members: [...present].sort() };
    ledger.record({ puts: [put('pushedGroup', keyOf(now), now)] });
  };
  const batches = { groupId: group.targetId, present, target, tongue, kept, request: <T>(send: (turn: Turn) => Promise<T>) => request(work, send) };
  try {
    await changeMembers(batches, add, remove);
  } finally {
    await tongue.save(outside.store, connector);
  }
  if (add.length + remove.length > 0) changes.push({ attribute: 'members', before: String(group.members.length), after: String(now.members.length) });
  const { changing, ...settled } = now;
  if (changes.length > 0) done(work, 'group_update_provision', settled, changes);
  else if (changing === true) ledger.record({ puts: [put('pushedGroup', keyOf(settled), settled)] });
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

/** Turns a target's fault into the group's failure; a group that is gone is forgotten, and made anew by the next run. */
async function guarded<T>(work: Work, type: EventType, act: () => Promise<T>): Promise<T | undefined> {
  work.attempts = 0;
  try {
    return await act();
  } catch (fault) {
    if (!(fault instanceof TargetFault) || fault instanceof Halted) throw fault;
    const { gear } = work.push;
    const { error } = fault;
    const cause = causeOf(error, gear.outside.fingerprint);
    const event = eventRow(gear.scribe, {
      ...subjectOf(work),
      type,
      targetId: null,
      success: false,
      errorCode: error.scimType ?? (error.status === null ? 'connection' : `http-${error.status}`),
      errorMessage: error.message,
      httpStatus: error.status,
      attempts: work.attempts,
      cause: cause.key,
      changes: [],
    });
    const forgotten = error.next === 'gone' ? [put('pushedGroup', `${gear.connector.id}/${work.subject.id}`, null)] : [];
    gear.ledger.record({ puts: forgotten, appends: [event], count: 'failed', cause });
    return undefined;
  }
}

function done(work: Work, type: EventType, group: PushedGroup, changes: readonly AttributeChange[]): void {
  const { gear } = work.push;
  const event = eventRow(gear.scribe, {
    ...subjectOf(work),
    type,
    targetId: group.targetId,
    success: true,
    errorCode: null,
    errorMessage: null,
    httpStatus: null,
    attempts: work.attempts,
    cause: null,
    changes,
  });
  gear.ledger.record({ puts: [put('pushedGroup', keyOf(group), type === 'group_delete_provision' ? null : group)], appends: [event] });
}

function subjectOf(work: Work): { subjectId: string; subjectName: string; organizationId: string } {
  return { subjectId: work.subject.id, subjectName: work.subject.name, organizationId: work.subject.organizationId };
}

function keyOf(group: PushedGroup): string {
  return `${group.connectorId}/${group.groupingId}`;
}

async function permitted(work: Work): Promise<void> {
  await work.push.gear.pace.permit();
  if (work.push.stopped()) throw new PushStopped(undefined);
  work.attempts += 1;
}

/** The first request of a call has its permit; a GET before a PUT makes another one. */
function turnAfter(work: Work): Turn {
  let requests = 0;
  return {
    take: () => {
      requests += 1;
      return requests === 1 ? undefined : permitted(work);
    },
    free: () => undefined,
  };
}

/** One request with its retries (S12). Throws the last `TargetFault`, or `PushStopped`. */
async function request<T>(work: Work, send: (turn: Turn) => Promise<T>): Promise<T> {
  const { pace, outside } = work.push.gear;
  const tries = { errors: 0, throttled: 0 };
  for (;;) {
    await permitted(work);
    try {
      return await send(turnAfter(work));
    } catch (fault) {
      if (!(fault instanceof TargetFault) || fault instanceof Halted) throw fault;
      const verdict = judge(fault.error, tries, pace, outside.chance, outside.clock.now());
      const refusal = await work.push.gear.probe.refusal(fault.error);
      if (refusal !== undefined) throw new PushStopped({ ending: 'credentials', error: refusal });
      if (verdict.is === 'stop') throw new PushStopped({ ending: verdict.ending, error: fault.error });
      if (verdict.is === 'failed') throw fault;
      await outside.clock.until(verdict.at);
    }
  }
}
