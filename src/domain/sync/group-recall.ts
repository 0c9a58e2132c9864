import { wholeGroups } from '../connectors/dialect.ts';
import type { GroupThere } from './account.ts';
import type { Membership } from './group-members.ts';
import { request, type Work } from './group-work.ts';
import { hides, SUSPECT } from './shown-members.ts';

/**
 * The group as it is known; where a change of its members was cut off, as the target shows it. A list that may be cut off says only who is in it: who is
 * known stays known, and of whoever was under way and is not shown that is assumed which leads to a request: wanted, they are not in it; not wanted, they are.
 */
export async function recalled(work: Work, group: GroupThere, wanted: readonly string[], { isOurs }: Membership): Promise<GroupThere> {
  const { changing } = group;
  if (changing === undefined) return group;
  const { target, tongue } = work.push.gear;
  const { readable, removal } = tongue.dialect.members;
  const isShown = readable !== 'never' && readable !== 'partly';
  const shown = new Set(isShown ? (await request(work, () => target.readGroup(group.targetId))).memberIds : []);
  const before = new Set(group.members);
  const moving = new Set(changing.moving);
  const seen = [...shown].filter((id) => isOurs(id) || before.has(id));
  const sure = group.members.filter((id) => !moving.has(id));
  // A list that is written whole is written as it is shown, or not at all.
  const isWhole = wholeGroups(tongue.dialect) || removal === 'replace' || (shown.size > 0 && shown.size < SUSPECT);
  const isBelieved = isWhole && !hides(shown, sure);
  const wish = new Set(wanted);
  const members = isBelieved ? seen : [...new Set([...seen, ...sure, ...changing.moving.filter((id) => !wish.has(id))])];
  const written = changing.written || seen.some((id) => !before.has(id)) || (isBelieved && seen.length < before.size);
  return { ...group, members: members.sort(), changing: { ...changing, written } };
}
