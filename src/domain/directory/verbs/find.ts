import type { Outside } from '../../../ports/outside.ts';
import { Refusal } from '../../refusal.ts';
import type { Actor, Right } from '../../rights/grant.ts';
import { organizationsWith, requireRole, tree } from '../../rights/verbs/who.ts';
import { fold, holdsWords, wordsOf } from '../fold.ts';
import type { Organization, OrganizationId } from '../organization.ts';
import { isCalled, type KeptPerson } from '../../projections/kept-person.ts';
import { peopleAndAccounts } from '../../projections/people-and-accounts.ts';
import { fullName, type Person, type PersonId } from '../person.ts';

type Needs = Pick<Outside, 'settings' | 'store' | 'breath'>;

export interface FoundPeople {
  readonly people: readonly Person[];
  /** Where the next page starts, for `after`; null on the last one. */
  readonly next: PersonId | null;
}

/**
 * People whose name, id, user name or e-mail holds every typed word, case and accents ignored (D6), in the order of
 * their ids, `limit` a page (25). Only people of organizations where the actor may see; someone without any role is
 * refused (`no-role`).
 */
export async function findPeople(
  outside: Needs,
  by: Actor,
  typed: string,
  page: { readonly after?: PersonId; readonly limit?: number } = {},
): Promise<FoundPeople> {
  await requireRole(outside, by);
  const words = wordsOf(typed);
  const { after, limit = 25 } = page;
  const mine = await organizationsWith(outside, by, 'see');
  const ids = await fitting(outside, mine, limit + 1, (id, { text }) => (after === undefined || id > after) && holdsWords(text, words));
  const shown = ids.slice(0, limit);
  return { people: await still(outside, mine, shown), next: ids.length > limit ? (shown.at(-1) ?? null) : null };
}

/**
 * The one person meant by an id, user name or e-mail, or else by words that only they match. Refuses with `not-found`,
 * or `ambiguous` with up to ten choices as `Name (id)`.
 */
export async function findPerson(outside: Needs, by: Actor, typed: string): Promise<Person> {
  await requireRole(outside, by);
  const wanted = fold(typed.trim());
  const words = wordsOf(typed);
  const exact = await visible(outside, by, MOST_CHOICES, (id, kept) => isCalled(kept, wanted) || fold(id) === wanted);
  const candidates = exact.length > 0 || words.length === 0 ? exact : await visible(outside, by, MOST_CHOICES, (_, { text }) => holdsWords(text, words));
  const [person] = candidates;
  if (person === undefined) throw new Refusal({ is: 'not-found', what: 'person', typed, near: [] });
  if (candidates.length > 1) throw new Refusal({ is: 'ambiguous', what: 'person', typed, choices: candidates.map((one) => `${fullName(one)} (${one.id})`) });
  return person;
}

const MOST_CHOICES = 10;

/** The person of that id; undefined for one whom the actor may not see, as for one who never was. `isIt` finds those whose id travels as a digest. */
export async function personSeen(outside: Needs, by: Actor, isIt: PersonId | ((id: PersonId) => boolean)): Promise<Person | undefined> {
  await requireRole(outside, by);
  if (typeof isIt !== 'string') return (await visible(outside, by, 1, isIt))[0];
  const person = (await outside.store.get('person', isIt))?.value;
  return person !== undefined && (await organizationsWith(outside, by, 'see')).has(person.organizationId) ? person : undefined;
}

/** An organization in the actor's scope; `depth` counts from the topmost one that they may see. */
export interface ScopedOrganization {
  readonly organization: Organization;
  readonly depth: number;
}

/** The organizations where the actor holds a right, as a tree read from the top: each followed by what is below it, by name (C3). */
export async function scopedOrganizations(
  outside: Pick<Outside, 'settings' | 'store'>,
  by: Actor,
  right: Right = 'see',
): Promise<readonly ScopedOrganization[]> {
  const mine = await organizationsWith(outside, by, right);
  const byParent = new Map<OrganizationId | null, Organization[]>();
  for (const organization of (await tree(outside)).values()) {
    if (!mine.has(organization.id)) continue;
    const parent = organization.parentId !== null && mine.has(organization.parentId) ? organization.parentId : null;
    byParent.set(parent, [...(byParent.get(parent) ?? []), organization]);
  }
  const listed: ScopedOrganization[] = [];
  const waiting = sorted(byParent.get(null)).map((organization) => ({ organization, depth: 0 }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    listed.push(next);
    const depth = next.depth + 1;
    waiting.push(...sorted(byParent.get(next.organization.id)).map((organization) => ({ organization, depth })));
  }
  return listed;
}

/** Last name first, since they are taken from the end. */
function sorted(organizations: readonly Organization[] = []): Organization[] {
  return [...organizations].sort((one, other) => fold(other.name).localeCompare(fold(one.name)) || (one.id < other.id ? 1 : -1));
}

/** Those of the people whom the actor may see that fit, in the order of their ids and no more than `limit`. */
async function visible(outside: Needs, by: Actor, limit: number, fits: (id: PersonId, kept: KeptPerson) => boolean): Promise<readonly Person[]> {
  const mine = await organizationsWith(outside, by, 'see');
  return still(outside, mine, await fitting(outside, mine, limit, fits));
}

async function fitting(
  outside: Needs,
  mine: ReadonlySet<OrganizationId>,
  limit: number,
  fits: (id: PersonId, kept: KeptPerson) => boolean,
): Promise<readonly PersonId[]> {
  const first: PersonId[] = [];
  for (const [id, kept] of await peopleAndAccounts(outside).people()) {
    const pause = outside.breath.due();
    if (pause) await pause;
    const last = first.length === limit ? first.at(-1) : undefined;
    if ((last !== undefined && id > last) || first.includes(id) || !mine.has(kept.organizationId) || !fits(id, kept)) continue;
    const place = first.findIndex((one) => one > id);
    first.splice(place === -1 ? first.length : place, 0, id);
    first.length = Math.min(first.length, limit);
  }
  return first;
}

/** Somebody who left or moved meanwhile is nobody to be seen. */
async function still(outside: Needs, mine: ReadonlySet<OrganizationId>, ids: readonly PersonId[]): Promise<readonly Person[]> {
  const found: Person[] = [];
  for (const id of ids) {
    const person = (await outside.store.get('person', id))?.value;
    if (person !== undefined && mine.has(person.organizationId)) found.push(person);
  }
  return found;
}
