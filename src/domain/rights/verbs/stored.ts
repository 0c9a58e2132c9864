import type { Outside } from '../../../ports/outside.ts';
import type { RoleGrant, SlackPerson, UserGroup } from '../role-grant.ts';

/** Every role that was given in Slack, in the order of the ids. */
export async function storedGrants(outside: Pick<Outside, 'store'>): Promise<readonly RoleGrant[]> {
  const all: RoleGrant[] = [];
  for await (const page of outside.store.scan('grant')) for (const { value } of page) all.push(value);
  return all;
}

/** The user groups that Usher keeps, by id, as last read. */
export async function storedGroups(outside: Pick<Outside, 'store'>): Promise<ReadonlyMap<string, UserGroup>> {
  const all = new Map<string, UserGroup>();
  for await (const page of outside.store.scan('userGroup')) for (const { value } of page) all.set(value.id, value);
  return all;
}

/** The people of Slack that Usher keeps, by user id, as last read. */
export async function storedPeople(outside: Pick<Outside, 'store'>): Promise<ReadonlyMap<string, SlackPerson>> {
  const all = new Map<string, SlackPerson>();
  for await (const page of outside.store.scan('slackPerson')) for (const { value } of page) all.set(value.id, value);
  return all;
}

/** Somebody of Slack as last read; undefined where they never were. */
export async function storedPerson(outside: Pick<Outside, 'store'>, userId: string): Promise<SlackPerson | undefined> {
  return (await outside.store.get('slackPerson', userId))?.value;
}
