import type { Outside } from '../../../ports/outside.ts';
import { Refusal } from '../../refusal.ts';
import type { Actor, Right } from '../../rights/grant.ts';
import { organizationsWith, requireRole, tree } from '../../rights/verbs/who.ts';
import { fold, holdsWords, wordsOf } from '../fold.ts';
import type { Organization, OrganizationId } from '../organization.ts';
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
  const limit = page.limit ?? 25;
  const people: Person[] = [];
  for await (const person of visible(outside, by, page.after)) {
    if (!holdsWords(searchText(person), words)) continue;
    if (people.length === limit) return { people, next: people.at(-1)?.id ?? null };
    people.push(person);
  }
  return { people, next: null };
}

/**
 * The one person meant by an id, user name or e-mail, or else by words that only they match. Refuses with `not-found`,
 * or `ambiguous` with up to ten choices as `Name (id)`.
 */
export async function findPerson(outside: Needs, by: Actor, typed: string): Promise<Person> {
  await requireRole(outside, by);
  const wanted = fold(typed.trim());
  const words = wordsOf(typed);
  const exact: Person[] = [];
  const alike: Person[] = [];
  for await (const person of visible(outside, by)) {
    const { userName, email } = person.attributes;
    if ([person.id, person.sourceId, userName, email].some((value) => value !== undefined && fold(value) === wanted)) exact.push(person);
    else if (words.length > 0 && alike.length < 10 && holdsWords(searchText(person), words)) alike.push(person);
  }
  const candidates = exact.length > 0 ? exact : alike;
  const [person] = candidates;
  if (person === undefined) throw new Refusal({ is: 'not-found', what: 'person', typed, near: [] });
  if (candidates.length > 1)
    throw new Refusal({ is: 'ambiguous', what: 'person', typed, choices: candidates.slice(0, 10).map((one) => `${fullName(one)} (${one.id})`) });
  return person;
}

/** The person of that id; undefined for one whom the actor may not see, as for one who never was. `isIt` finds those whose id travels as a digest. */
export async function personSeen(outside: Needs, by: Actor, isIt: PersonId | ((id: PersonId) => boolean)): Promise<Person | undefined> {
  await requireRole(outside, by);
  if (typeof isIt === 'string') {
    const person = (await outside.store.get('person', isIt))?.value;
    return person !== undefined && (await organizationsWith(outside, by, 'see')).has(person.organizationId) ? person : undefined;
  }
  for await (const person of visible(outside, by)) if (isIt(person.id)) return person;
  return undefined;
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

async function* visible(outside: Needs, by: Actor, after?: PersonId): AsyncGenerator<Person> {
  const mine = await organizationsWith(outside, by, 'see');
  for await (const page of outside.store.scan('person', after === undefined ? {} : { after })) {
    for (const { value } of page) {
      const pause = outside.breath.due();
      if (pause) await pause;
      if (mine.has(value.organizationId)) yield value;
    }
  }
}

function searchText(person: Person): string {
  const { userName, email, givenName, familyName } = person.attributes;
  return fold([fullName(person), givenName, familyName, person.sourceId, userName, email].filter((part) => part !== undefined).join(' '));
}
