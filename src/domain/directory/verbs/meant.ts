import type { Outside } from '../../../ports/outside.ts';
import { Refusal } from '../../refusal.ts';
import type { Actor, Right } from '../../rights/grant.ts';
import { fold } from '../fold.ts';
import type { Organization } from '../organization.ts';
import { scopedOrganizations } from './find.ts';

/** The organization of typed words: its id or name, case and accents ignored. Refuses what it can't find where the actor holds the right, or finds twice. */
export async function organizationMeant(outside: Pick<Outside, 'store' | 'settings'>, actor: Actor, typed: string, right: Right): Promise<Organization> {
  const all = (await scopedOrganizations(outside, actor, right)).map(({ organization }) => organization);
  const wanted = fold(typed.trim());
  const exact = all.filter(({ id, name }) => id === typed.trim() || fold(name) === wanted);
  const found = exact.length > 0 ? exact : all.filter(({ name }) => fold(name).startsWith(wanted));
  const [organization] = found;
  if (organization === undefined || wanted === '')
    throw new Refusal({ is: 'not-found', what: 'organization', typed, near: all.slice(0, 5).map(({ name }) => name) });
  if (found.length > 1) throw new Refusal({ is: 'ambiguous', what: 'organization', typed, choices: found.slice(0, 10).map(({ id }) => id) });
  return organization;
}
