import type { Outside } from '../../../ports/outside.ts';
import { type Actor, holds } from '../../rights/grant.ts';
import { requireRole, tree } from '../../rights/verbs/who.ts';
import type { Policy } from '../policy.ts';

/** The policies that hold where the actor may do or decide something, by number. Changing them goes by `submit`, as `edit-policies`. */
export async function policies(outside: Pick<Outside, 'store' | 'settings'>, actor: Actor): Promise<readonly Policy[]> {
  await requireRole(outside, actor);
  const organizations = await tree(outside);
  const rights = ['see', 'decide'] as const;
  const theirs = [...organizations.keys()].filter((id) => rights.some((right) => holds(actor, right, id, organizations)));
  const isTheirs = ({ organizationId }: Policy): boolean =>
    rights.some((right) => holds(actor, right, organizationId, organizations)) ||
    (organizationId === null ? theirs.length > 0 : theirs.includes(organizationId));
  const found: Policy[] = [];
  for await (const page of outside.store.scan('policy')) found.push(...page.map(({ value }) => value).filter(isTheirs));
  return found.sort((a, b) => Number(a.id.slice(2)) - Number(b.id.slice(2)));
}
