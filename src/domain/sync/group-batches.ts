import type { Turn } from '../../ports/target.ts';
import { type Dialect, wholeGroups } from '../connectors/dialect.ts';
import { TargetFault } from '../connectors/target-error.ts';
import { MembersRefused, Refusals, withoutEffect } from './group-refusals.ts';
import { type Kind, learn, look, type MembersChange, missed, showsAll, shownAfter, undone } from './members-change.ts';
import { SUSPECT } from './shown-members.ts';

type Members = Dialect['members'];

const NEXT_REMOVAL: Readonly<Record<Members['removal'], Members['removal'] | null>> = { filter: 'replace', replace: 'values', values: null, none: null };

/**
 * Adds and removes members: ⌈k/batch⌉ requests for k people, where both are known to work (S11). The first removal on a target that no
 * rehearsal tried is read back (S23): one without effect is done again in the next shape, and members that it took with it
 * come back. One bad member stops no other, whether the target refuses them, breaks at them, or a gate before it does; throws `MembersRefused` after all others are done.
 */
export async function changeMembers(change: MembersChange, add: readonly string[], remove: readonly string[]): Promise<void> {
  const refused = new Refusals(change.breakage);
  const [joining, leaving] = await leftovers(change, add, remove, refused);
  await inBatches(change, 'add', joining, refused);
  if (change.tongue.dialect.members.removal === 'replace' && leaving.length > 0) await wholly(change, 'remove', leaving, refused);
  else await inBatches(change, 'remove', leaving, refused);
  refused.raise();
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
  refused.begin(joining.length + leaving.length);
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
  const [came, went] = [joining.filter(done), leaving.filter(done)];
  for (const id of came) present.add(id);
  for (const id of went) present.delete(id);
  change.moved(came.length + went.length);
  return [add.filter((id) => !present.has(id)), remove.filter((id) => present.has(id))];
}

async function inBatches(change: MembersChange, kind: Kind, ids: readonly string[], refused: Refusals): Promise<void> {
  for (let at = 0; at < ids.length; ) {
    // A whole group is written by one request, however many join or leave.
    const { dialect } = change.tongue;
    const part = wholeGroups(dialect) ? ids.slice(at) : ids.slice(at, at + dialect.members.batch);
    await wholly(change, kind, part, refused);
    at += part.length;
  }
}

async function wholly(change: MembersChange, kind: Kind, ids: readonly string[], refused: Refusals): Promise<void> {
  refused.begin(ids.length);
  await batch(change, kind, ids, refused);
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
  const missing = change.tongue.dialect.members.readable === 'unknown' ? await missed(change, ids) : [];
  for (const id of missing) present.delete(id);
  change.moved(ids.length - missing.length);
  if (missing.length > 0) refused.add(missing, withoutEffect(`does not hold ${missing.length} of ${ids.length} members that were added`));
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
    refused.begin(part.length);
    const rest = await split(change, 'add', part, refused, (turn) => target.changeMembers(groupId, part, [], turn, shown));
    if (rest === 'done') for (const id of part) present.add(id);
  }
}

/** A gate before the target named whom of these it lets nobody remove: nothing was sent. */
function isUnsent(fault: unknown, ids: readonly string[]): fault is MembersRefused {
  return fault instanceof MembersRefused && ids.some((id) => fault.members.includes(id));
}

/**
 * Sends a batch; where it is refused, the halves of what is not done of it, so that one bad member stops no other; where a gate named them, it without them.
 * A removal of who is not there any more is done: some targets drop deleted users from their groups, and refuse to do it again.
 */
async function split(
  change: MembersChange,
  kind: Kind,
  ids: readonly string[],
  refused: Refusals,
  send: (turn: Turn) => Promise<void>,
): Promise<'done' | 'parted'> {
  if (refused.leaves(ids)) return 'parted';
  try {
    await change.request(send, refused.isNarrowing ? 'once' : undefined);
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
    if (ids.length > 1 && refused.isInVain(fault)) {
      refused.add(ids, fault);
      return 'parted';
    }
    const shown = await shownAfter(change, fault);
    const [only] = ids;
    if (only !== undefined && ids.length === 1) return single(change, kind, only, shown, fault, refused);
    const { status, scimType } = fault.error;
    if (status === 413 || scimType === 'tooMany')
      learn(change, { batch: Math.max(1, Math.min(change.tongue.dialect.members.batch, Math.ceil(ids.length / 2))) });
    const rest = undone(change, kind, ids, shown);
    const half = Math.ceil(rest.length / 2);
    for (const part of [rest.slice(0, half), rest.slice(half)]) if (part.length > 0) await batch(change, kind, part, refused);
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
