import type { Target, TargetGroup, Turn } from '../../ports/target.ts';
import { type Dialect, wholeGroups } from '../connectors/dialect.ts';
import { TargetFault } from '../connectors/target-error.ts';
import { isBroken, MembersRefused, Refusals, withoutEffect } from './group-refusals.ts';
import { hides, SUSPECT } from './shown-members.ts';
import type { Tongue } from './tongue.ts';

/** One group's change of members, with what it is done with. */
export interface MembersChange {
  readonly groupId: string;
  /** Target ids of those that the group holds, as far as we know; follows what is done. */
  readonly present: Set<string>;
  readonly target: Target;
  readonly tongue: Tongue;
  /** One request with its permit and retries, or `once` only where the target breaks at it; further ones of the same call take theirs by the turn. */
  readonly request: <T>(send: (turn: Turn) => Promise<T>, tries?: 'once') => Promise<T>;
  /** Called after each batch, when `present` has followed it, with the number of those who came or went. */
  readonly moved: (count: number) => void;
}

type Kind = 'add' | 'remove';
type Members = Dialect['members'];

const NEXT_REMOVAL: Readonly<Record<Members['removal'], Members['removal'] | null>> = { filter: 'replace', replace: 'values', values: null, none: null };

/**
 * Adds and removes members: ⌈k/batch⌉ requests for k people, where both are known to work (S11). The first removal on a target that no
 * rehearsal tried is read back (S23): one without effect is done again in the next shape, and members that it took with it
 * come back. One bad member stops no other, whether the target refuses them, breaks at them, or a gate before it does; throws `MembersRefused` after all others are done.
 */
export async function changeMembers(change: MembersChange, add: readonly string[], remove: readonly string[]): Promise<void> {
  const refused = new Refusals();
  const [joining, leaving] = await leftovers(change, add, remove, refused);
  await inBatches(change, 'add', joining, refused);
  if (change.tongue.dialect.members.removal === 'replace' && leaving.length > 0) await removal(change, leaving, refused);
  else await inBatches(change, 'remove', leaving, refused);
  refused.raise();
}

function learn({ tongue }: MembersChange, part: Partial<Members>): void {
  tongue.learn({ members: { ...tongue.dialect.members, ...part } });
}

/**
 * What full batches of either kind leave over goes in one request, where it is no more than a batch and both kinds are
 * known to work. Resolves with those who are still to be added and removed: after a refusal whom it had no effect for.
 */
async function leftovers(
  change: MembersChange,
  add: readonly string[],
  remove: readonly string[],
  refused: Refusals,
): Promise<readonly [add: readonly string[], remove: readonly string[]]> {
  const { target, groupId, present, tongue, request } = change;
  const { batch, removal: way, proven, readable } = tongue.dialect.members;
  const joining = add.slice(add.length - (add.length % batch));
  const leaving = remove.slice(remove.length - (remove.length % batch));
  const isOne = joining.length > 0 && leaving.length > 0 && joining.length + leaving.length <= batch;
  if (!isOne || wholeGroups(tongue.dialect) || way !== 'filter' || !proven || readable === 'unknown') return [add, remove];
  let done = (_id: string): boolean => true;
  try {
    await request((turn) => target.changeMembers(groupId, joining, leaving, turn, present));
  } catch (fault) {
    if (isUnsent(fault, remove)) {
      refused.add(fault.members, fault);
      return [add, remove.filter((id) => !refused.has(id))];
    }
    if (!refused.isAboutMembers(fault)) throw fault;
    // Some targets do the half of what they refuse, and add a member twice who is told twice.
    const shown = await shownAfter(change, fault);
    const isWhole = showsAll(change, shown, leaving);
    done = (id) => (joining.includes(id) ? shown.has(id) : isWhole && !shown.has(id));
  }
  for (const id of joining) if (done(id)) present.add(id);
  for (const id of leaving) if (done(id)) present.delete(id);
  change.moved(joining.length + leaving.length);
  return [add.filter((id) => !present.has(id)), remove.filter((id) => present.has(id))];
}

/** Whether who is not shown is not in the group: the list holds everybody who is in it as far as we know, but for those who are leaving. */
function showsAll({ present, tongue }: MembersChange, shown: ReadonlySet<string>, leaving: readonly string[]): boolean {
  const gone = new Set(leaving);
  const staying = [...present].filter((id) => !gone.has(id));
  return tongue.dialect.members.readable === 'whole' && !hides(shown, staying);
}

async function inBatches(change: MembersChange, kind: Kind, ids: readonly string[], refused: Refusals): Promise<void> {
  for (let at = 0; at < ids.length; ) {
    // A whole group is written by one request, however many join or leave.
    const { dialect } = change.tongue;
    const part = wholeGroups(dialect) ? ids.slice(at) : ids.slice(at, at + dialect.members.batch);
    await batch(change, kind, part, refused);
    at += part.length;
  }
}

async function batch(change: MembersChange, kind: Kind, ids: readonly string[], refused: Refusals): Promise<void> {
  if (kind === 'add') await addition(change, ids, refused);
  else await removal(change, ids, refused);
}

async function addition(change: MembersChange, ids: readonly string[], refused: Refusals): Promise<void> {
  const { target, groupId, present } = change;
  const rest = await split(change, 'add', ids, refused, (turn) => target.changeMembers(groupId, ids, [], turn, present));
  if (rest !== 'done') return;
  for (const id of ids) present.add(id);
  change.moved(ids.length);
  if (change.tongue.dialect.members.readable !== 'unknown') return;
  const shown = new Set((await look(change)).memberIds);
  const readable = readableBy(shown, present);
  learn(change, { readable });
  const missing = ids.filter((id) => !shown.has(id));
  if (missing.length === 0 || readable !== 'whole') return;
  for (const id of missing) present.delete(id);
  change.moved(missing.length);
  const fault = withoutEffect(`does not hold ${missing.length} of ${ids.length} members that were added`);
  refused.add(missing, fault);
}

/** What a group shows after members were added to it tells whether lists can be believed. */
function readableBy(shown: ReadonlySet<string>, present: ReadonlySet<string>): Members['readable'] {
  if (shown.size === 0) return 'never';
  return shown.size >= SUSPECT && shown.size < present.size ? 'partly' : 'whole';
}

async function removal(change: MembersChange, ids: readonly string[], refused: Refusals): Promise<void> {
  const { target, groupId, present, tongue } = change;
  const { removal: way, proven, readable } = tongue.dialect.members;
  const isReadBack = !proven && readable !== 'never';
  const leaving = new Set(ids);
  // The whole group: looked through where it is needed only, not once a batch.
  const staying = isReadBack || way === 'replace' ? [...present].filter((id) => !leaving.has(id)) : [];
  const send = (turn: Turn) => (way === 'replace' ? target.setMembers(groupId, staying, ids, turn) : target.changeMembers(groupId, [], ids, turn, present));
  if ((await split(change, 'remove', ids, refused, send)) !== 'done') return;
  if (isReadBack) {
    const shown = new Set((await look(change)).memberIds);
    const still = ids.filter((id) => shown.has(id));
    if (shown.size >= SUSPECT && shown.size < staying.length) learn(change, { readable: 'partly' });
    await comeBack(change, staying, shown, refused);
    if (still.length > 0) {
      const next = NEXT_REMOVAL[way];
      if (next === null) {
        learn(change, { removal: 'filter' });
        const fault = withoutEffect(`still holds ${still.length} members that were removed`);
        refused.add(still, fault);
        return;
      }
      learn(change, { removal: next });
      await removal(change, still, refused);
      return;
    }
    // Whether a value list takes others with it shows only where there are others.
    if (way !== 'values' || staying.length > 0) learn(change, { proven: true });
  }
  for (const id of ids) present.delete(id);
  change.moved(ids.length);
}

/** A removal that took more than it should (it happens to value lists) is made good. A list that may be cut off says nothing. */
async function comeBack(change: MembersChange, staying: readonly string[], shown: ReadonlySet<string>, refused: Refusals): Promise<void> {
  const { readable } = change.tongue.dialect.members;
  const isBelieved = readable === 'whole' && shown.size < SUSPECT;
  const lost = isBelieved || shown.size > 0 ? staying.filter((id) => !shown.has(id)) : [];
  if (lost.length === 0 || (!isBelieved && shown.size >= SUSPECT)) return;
  const { target, groupId, present } = change;
  const { batch } = change.tongue.dialect.members;
  for (const id of lost) present.delete(id);
  for (let at = 0; at < lost.length; at += batch) {
    const part = lost.slice(at, at + batch);
    const rest = await split(change, 'add', part, refused, (turn) => target.changeMembers(groupId, part, [], turn, shown));
    if (rest === 'done') for (const id of part) present.add(id);
  }
}

function look({ target, groupId, request }: MembersChange, tries?: 'once'): Promise<TargetGroup> {
  return request(() => target.readGroup(groupId), tries);
}

/** Whom the group holds after this was answered. Throws "gone" where it is the group that is gone, and the fault itself where the target does not answer this either. */
async function shownAfter(change: MembersChange, fault: TargetFault): Promise<ReadonlySet<string>> {
  try {
    return new Set((await look(change, isBroken(fault) ? 'once' : undefined)).memberIds);
  } catch (other) {
    throw isBroken(fault) && isBroken(other) ? fault : other;
  }
}

/** A gate before the target named whom of these it lets nobody remove: nothing was sent. */
function isUnsent(fault: unknown, ids: readonly string[]): fault is MembersRefused {
  return fault instanceof MembersRefused && ids.some((id) => fault.members.includes(id));
}

/**
 * Sends a batch; where it is refused, its halves, so that one bad member stops no other; where a gate named them, it without them. A removal of
 * who is not there any more is done: some targets drop deleted users from their groups, and refuse to do it again.
 */
async function split(
  change: MembersChange,
  kind: Kind,
  ids: readonly string[],
  refused: Refusals,
  send: (turn: Turn) => Promise<void>,
): Promise<'done' | 'parted'> {
  try {
    await change.request(send, refused.isNarrowing && ids.length > 1 ? 'once' : undefined);
    refused.worked();
    return 'done';
  } catch (fault) {
    if (isUnsent(fault, ids)) {
      refused.add(fault.members, fault);
      const others = ids.filter((id) => !refused.has(id));
      if (others.length > 0) await batch(change, kind, others, refused);
      return 'parted';
    }
    if (!refused.isAboutMembers(fault)) throw fault;
    const shown = await shownAfter(change, fault);
    const [only] = ids;
    if (only !== undefined && ids.length === 1) return single(change, kind, only, shown, fault, refused);
    const { status, scimType } = fault.error;
    if (status === 413 || scimType === 'tooMany')
      learn(change, { batch: Math.max(1, Math.min(change.tongue.dialect.members.batch, Math.ceil(ids.length / 2))) });
    const half = Math.ceil(ids.length / 2);
    for (const part of [ids.slice(0, half), ids.slice(half)]) await batch(change, kind, part, refused);
    return 'parted';
  }
}

function single(change: MembersChange, kind: Kind, id: string, shown: ReadonlySet<string>, fault: TargetFault, refused: Refusals): 'done' | 'parted' {
  // Some targets refuse to add whom the group holds.
  if (kind === 'add' && shown.has(id)) return 'done';
  const isAbsent = kind === 'remove' && !shown.has(id);
  const isSaid = (): boolean => fault.error.scimType?.toLowerCase() === 'notarget' || fault.error.next === 'gone';
  if (isAbsent && (isSaid() || showsAll(change, shown, [id]))) return 'done';
  // The group was just seen: what is not there is the member.
  refused.add([id], new TargetFault({ ...fault.error, next: 'refused' }));
  return 'parted';
}
