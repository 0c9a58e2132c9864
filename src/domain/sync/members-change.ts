import type { Target, TargetGroup, Turn } from '../../ports/target.ts';
import type { Dialect } from '../connectors/dialect.ts';
import type { TargetFault } from '../connectors/target-error.ts';
import { type Breakage, isBroken } from './group-refusals.ts';
import { hides, SUSPECT } from './shown-members.ts';
import type { Tongue } from './tongue.ts';

/** One group's change of members, with what it is done with. */
export interface MembersChange {
  readonly groupId: string;
  /** Target ids of those that the group holds, as far as we know; follows what is done. */
  readonly present: Set<string>;
  readonly target: Target;
  readonly tongue: Tongue;
  readonly breakage: Breakage;
  /** One request with its permit and retries, or `once` only where the target breaks at it; further ones of the same call take theirs by the turn. */
  readonly request: <T>(send: (turn: Turn) => Promise<T>, tries?: 'once') => Promise<T>;
  /** Called after each batch, when `present` has followed it, with the number of those who came or went: nobody, it may be. */
  readonly moved: (count: number) => void;
}

export type Kind = 'add' | 'remove';

/** What was found out of the target's lists of members. */
export function learn({ tongue }: MembersChange, part: Partial<Dialect['members']>): void {
  tongue.learn({ members: { ...tongue.dialect.members, ...part } });
}

/** The group as the target shows it. */
export function look({ target, groupId, request }: MembersChange, tries?: 'once'): Promise<TargetGroup> {
  return request(() => target.readGroup(groupId), tries);
}

/** Whom the group holds after this was answered. Throws "gone" where it is the group that is gone, and the fault itself where the target does not answer this either. */
export async function shownAfter(change: MembersChange, fault: TargetFault): Promise<ReadonlySet<string>> {
  try {
    return new Set((await look(change, isBroken(fault) ? 'once' : undefined)).memberIds);
  } catch (other) {
    throw isBroken(fault) && isBroken(other) ? fault : other;
  }
}

/** Whether who is not shown is not in the group: the list holds everybody who is in it as far as we know, but for those who are leaving. */
export function showsAll({ present, tongue }: MembersChange, shown: ReadonlySet<string>, leaving: readonly string[]): boolean {
  const gone = new Set(leaving);
  const staying = [...present].filter((id) => !gone.has(id));
  return tongue.dialect.members.readable === 'whole' && !hides(shown, staying);
}

/** Those for whom a refused batch did nothing, as far as is shown: some targets do a part of what they refuse. The others came or went. */
export function undone(change: MembersChange, kind: Kind, ids: readonly string[], shown: ReadonlySet<string>): readonly string[] {
  const { present, moved } = change;
  const isWhole = showsAll(change, shown, ids);
  const rest = ids.filter((id) => (kind === 'add' ? !shown.has(id) : shown.has(id) || !isWhole));
  const open = new Set(rest);
  for (const id of ids) {
    if (open.has(id)) continue;
    if (kind === 'add') present.add(id);
    else present.delete(id);
  }
  moved(ids.length - rest.length);
  return rest;
}

/** Whom of those who were added the group does not show, though it can be believed; finds out whether it can. */
export async function missed(change: MembersChange, ids: readonly string[]): Promise<readonly string[]> {
  const { memberIds } = await look(change).catch((fault: unknown) => {
    change.moved(ids.length);
    throw fault;
  });
  const shown = new Set(memberIds);
  const readable = readableBy(shown, change.present);
  learn(change, { readable });
  return readable === 'whole' ? ids.filter((id) => !shown.has(id)) : [];
}

/** What a group shows after members were added to it tells whether lists can be believed. */
function readableBy(shown: ReadonlySet<string>, present: ReadonlySet<string>): Dialect['members']['readable'] {
  if (shown.size === 0) return 'never';
  return shown.size >= SUSPECT && shown.size < present.size ? 'partly' : 'whole';
}
