import type { Outside } from '../../../ports/outside.ts';
import { MINUTE, type Instant } from '../../instant.ts';
import { isGlobalAdmin } from './who.ts';
import { refreshGroup, refreshPerson } from './refresh.ts';
import { storedGrants, storedGroups, storedPeople } from './stored.ts';

type Parts = Parameters<typeof refreshPerson>[0];

/** Slack says that something of somebody changed. Most are nobody to Usher, and cost nothing. */
export async function personChanged(outside: Parts, userId: string): Promise<void> {
  if ((await outside.store.get('slackPerson', userId)) !== undefined || (await holders(outside)).has(userId)) await refreshPerson(outside, userId);
}

/** Slack says that something of a user group changed. */
export async function groupChanged(outside: Parts, groupId: string): Promise<void> {
  const holds = (await storedGrants(outside)).some(({ holder }) => holder.is === 'group' && holder.groupId === groupId);
  if (holds || (await outside.store.get('userGroup', groupId)) !== undefined) await refreshGroup(outside, groupId);
}

/** What Slack said counts for so long: an event that was lost keeps no right alive for longer (X11). */
const FRESH = 10 * MINUTE;
/** A minute asks at most for so many, the oldest first: with more of them a round takes longer than `FRESH`. A person is one request, a group two. */
const PEOPLE = 6;
const GROUPS = 3;

/**
 * Asks Slack again for whoever holds a role, is kept, or is in a group of global admins, and for the groups that are kept, where the last answer is
 * older than ten minutes. The worker's job, once a minute. What fails is logged and tried in the next minute.
 */
export async function keepStandings(outside: Parts): Promise<void> {
  const before = outside.clock.now() - FRESH;
  const groups = await storedGroups(outside);
  const groupAges = new Map<string, Instant>([...groups.values()].map(({ id, readAt }) => [id, readAt]));
  for (const { holder } of await storedGrants(outside)) if (holder.is === 'group' && !groups.has(holder.groupId)) groupAges.set(holder.groupId, 0);
  for (const id of oldest(groupAges, before, GROUPS)) await attempt(outside, 'user group', id, refreshGroup(outside, id));
  const people = await storedPeople(outside);
  const ages = new Map<string, Instant>([...people.values()].map(({ id, readAt }) => [id, readAt]));
  for (const id of await holders(outside)) if (!people.has(id)) ages.set(id, 0);
  for (const id of oldest(ages, before, PEOPLE)) await attempt(outside, 'person', id, refreshPerson(outside, id));
}

/** People who hold a role themselves, and those in a group of global admins: they must be told apart from guests before they are counted on. */
async function holders(outside: Pick<Outside, 'store' | 'settings'>): Promise<ReadonlySet<string>> {
  const found = new Set(outside.settings.grants.map(({ userId }) => userId));
  for (const grant of await storedGrants(outside)) {
    const { holder } = grant;
    if (holder.is === 'person') found.add(holder.userId);
    else if (isGlobalAdmin(grant)) for (const id of (await outside.store.get('userGroup', holder.groupId))?.value.members ?? []) found.add(id);
  }
  return found;
}

function oldest(ages: ReadonlyMap<string, Instant>, before: Instant, most: number): readonly string[] {
  return [...ages]
    .filter(([, readAt]) => readAt < before)
    .sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, most)
    .map(([id]) => id);
}

async function attempt(outside: Pick<Outside, 'log'>, what: string, id: string, work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) =>
    outside.log.warn({ [what === 'person' ? 'user' : 'group']: id, err: error }, `Slack did not tell how a ${what} stands; asked again in a minute`),
  );
}
