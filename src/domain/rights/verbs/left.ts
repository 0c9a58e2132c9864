import type { Outside } from '../../../ports/outside.ts';
import type { Actor } from '../grant.ts';
import type { SlackPerson } from '../role-grant.ts';
import { type Owned, ownedBy, ownedWords } from './owned.ts';
import { type ListedGrant, roleGrants } from './role-grants.ts';
import { storedPeople } from './stored.ts';
import { requireRight } from './who.ts';

/** Somebody whom Slack calls deactivated and who left something behind (X11). */
export interface Leaver {
  readonly person: SlackPerson;
  /** Suspended, and still given: they are back in effect if the person comes back. */
  readonly roles: readonly ListedGrant[];
  readonly owned: Owned;
}

/** People who left Slack and own something or were given a role, by name. What they own lies anywhere, so it takes a global admin. */
export async function peopleWhoLeft(outside: Pick<Outside, 'store' | 'settings'>, actor: Actor): Promise<readonly Leaver[]> {
  await requireRight(outside, actor, 'administer', null, 're-assign what people own');
  const roles = await roleGrants(outside, actor);
  const leavers: Leaver[] = [];
  for (const person of (await storedPeople(outside)).values()) {
    if (person.deactivated === null) continue;
    const owned = await ownedBy(outside, person.id);
    const held = roles.filter(({ holder }) => holder.is === 'person' && holder.userId === person.id);
    if (held.length > 0 || ownedWords(owned).length > 0) leavers.push({ person, roles: held, owned });
  }
  return leavers.sort((a, b) => a.person.name.localeCompare(b.person.name, 'en', { sensitivity: 'base' }));
}

/** Of those, who own something that somebody else must take over: what the hub asks a global admin to do. */
export async function countUnowned(outside: Pick<Outside, 'store'>): Promise<number> {
  let number = 0;
  for (const { id, deactivated } of (await storedPeople(outside)).values()) {
    if (deactivated !== null && ownedWords(await ownedBy(outside, id)).length > 0) number += 1;
  }
  return number;
}
