import type { WebClient } from '@slack/web-api';
import { type Workspace, WorkspaceFault, type WorkspaceGroup, type WorkspaceMember } from '../../ports/workspace.ts';
import { slackErrorInWords } from '../../../views/slack-error.ts';
import { downloadStream } from './download.ts';
import { uploadStream } from './upload.ts';

/** What Usher knows of the workspace's people and channels, asked of Slack each time: nothing here may be stale. */
export function createWorkspace(client: WebClient): Workspace {
  let asked: Promise<string> | null = null;
  const teamId = (): Promise<string> => {
    asked ??= ownTeam(client).catch((error: unknown) => {
      asked = null;
      throw error;
    });
    return asked;
  };
  return {
    member: async (userId) => member(client, await teamId(), userId),
    group: (groupId) => group(client, groupId),
    groups: () => groups(client),
    channelName: (channelId) => channelName(client, channelId),
    postingProblem: (channelId, by) => postingProblem(client, channelId, by),
    mayHoldNames: (channelId) => mayHoldNames(client, teamId, channelId),
    async upload(file, to) {
      try {
        await uploadStream(client, file, 'channelId' in to ? to : { channelId: await directChannel(client, to.userId) });
      } catch (error) {
        throw asFault(error);
      }
    },
    async download(fileId, most) {
      try {
        return await downloadStream(client, fileId, most);
      } catch (error) {
        throw asFault(error);
      }
    },
  };
}

async function ownTeam(client: WebClient): Promise<string> {
  try {
    return (await client.auth.test()).team_id ?? '';
  } catch (error) {
    throw asFault(error);
  }
}

/** Slack's user object, as far as it is read here. */
interface SlackUser {
  readonly id?: string;
  readonly team_id?: string;
  readonly name?: string;
  readonly real_name?: string;
  readonly tz?: string;
  readonly deleted?: boolean;
  readonly is_restricted?: boolean;
  readonly is_ultra_restricted?: boolean;
  readonly is_stranger?: boolean;
  readonly profile?: { readonly display_name?: string };
  readonly enterprise_user?: { readonly teams?: readonly string[] };
}

function isGuest(user: SlackUser): boolean {
  return user.is_restricted === true || user.is_ultra_restricted === true;
}

/** Of another workspace: one who shares a channel is no stranger to Slack, so the team counts too. In an Enterprise Grid one person has many. */
function isForeign(user: SlackUser, teamId: string): boolean {
  const home = user.team_id ?? teamId;
  return user.is_stranger === true || (home !== teamId && user.enterprise_user?.teams?.includes(teamId) !== true);
}

async function member(client: WebClient, teamId: string, userId: string): Promise<WorkspaceMember | undefined> {
  try {
    const found: SlackUser | undefined = (await client.users.info({ user: userId })).user;
    if (found?.id === undefined) return undefined;
    return {
      id: found.id,
      teamId: found.team_id ?? teamId,
      name: found.profile?.display_name || found.real_name || found.name || found.id,
      timeZone: found.tz ?? 'UTC',
      guest: isGuest(found),
      foreign: isForeign(found, teamId),
      deleted: found.deleted === true,
    };
  } catch (error) {
    const code = codeOf(error);
    if (code === 'user_not_found' || code === 'user_not_visible') return undefined;
    throw asFault(error);
  }
}

/** Slack leaves out disabled ones. Their `users` are asked for apart: Slack cuts that field at 500 elsewhere (reference/events/subteam_updated). */
async function groups(client: WebClient): Promise<readonly Omit<WorkspaceGroup, 'members'>[]> {
  try {
    const { usergroups = [] } = await client.usergroups.list({});
    return usergroups.flatMap(({ id, team_id: teamId, handle, name }) =>
      id === undefined || teamId === undefined ? [] : [{ id, teamId, handle: handle ?? id, name: name ?? handle ?? id }],
    );
  } catch (error) {
    if (codeOf(error) === 'plan_upgrade_required') return [];
    throw asFault(error);
  }
}

async function group(client: WebClient, groupId: string): Promise<WorkspaceGroup | undefined> {
  const found = (await groups(client)).find(({ id }) => id === groupId);
  if (found === undefined) return undefined;
  try {
    const { users = [] } = await client.usergroups.users.list({ usergroup: groupId });
    return { ...found, members: users };
  } catch (error) {
    // Disabled between the two.
    if (codeOf(error) === 'no_such_subteam') return undefined;
    throw asFault(error);
  }
}

async function channelName(client: WebClient, channelId: string): Promise<string | undefined> {
  try {
    const { channel } = await client.conversations.info({ channel: channelId });
    return channel?.is_private === false ? channel.name : undefined;
  } catch {
    return undefined;
  }
}

async function postingProblem(client: WebClient, channelId: string, by?: string): Promise<{ readonly problem: string; readonly remedy: string } | null> {
  try {
    const { channel } = await client.conversations.info({ channel: channelId });
    if (channel?.is_archived === true) return { problem: 'That channel is archived.', remedy: 'Choose another one.' };
    if (channel?.is_member === true || channel?.is_im === true) {
      if (by === undefined || (await isMember(client, channelId, by))) return null;
      return { problem: 'You are not in that channel.', remedy: 'Join it, or choose another place.' };
    }
    return { problem: 'Usher is not in that channel.', remedy: 'Type `/invite @Usher` there, then try again.' };
  } catch (error) {
    const code = codeOf(error);
    // Slack hides private channels from apps that are not in them.
    if (code === 'channel_not_found' || code === 'missing_scope')
      return { problem: 'Usher can’t see that channel.', remedy: 'If it is private, type `/invite @Usher` there, then try again.' };
    throw asFault(error);
  }
}

async function isMember(client: WebClient, channelId: string, userId: string): Promise<boolean> {
  for await (const { members = [] } of membersOf(client, channelId)) if (members.includes(userId)) return true;
  return false;
}

/** Where anything is unknown, names do not go there (R3). */
async function mayHoldNames(client: WebClient, teamId: () => Promise<string>, channelId: string): Promise<boolean> {
  try {
    const { channel } = await client.conversations.info({ channel: channelId });
    if (channel === undefined || channel.is_ext_shared === true || channel.is_pending_ext_shared === true || channel.is_shared === true) return false;
    return channel.is_im === true || !(await holdsOutsiders(client, await teamId(), channelId));
  } catch {
    return false;
  }
}

/** So many people are asked for one by one; with more, the whole workspace's pages are fewer requests. */
const FEW = 20;
const PAGE = 1_000;

async function holdsOutsiders(client: WebClient, teamId: string, channelId: string): Promise<boolean> {
  const ids = new Set<string>();
  for await (const { members = [] } of membersOf(client, channelId)) for (const id of members) ids.add(id);
  if (ids.size <= FEW) {
    for (const id of ids) {
      const found = await member(client, teamId, id);
      if (found === undefined || found.guest || found.foreign) return true;
    }
    return false;
  }
  for await (const page of pages((cursor) => client.users.list({ limit: PAGE, ...cursor }))) {
    const here = (page.members ?? []).filter((user: SlackUser) => user.id !== undefined && ids.delete(user.id));
    if (here.some((user: SlackUser) => isGuest(user) || isForeign(user, teamId))) return true;
  }
  // Whoever is not in the workspace's list came from elsewhere.
  return ids.size > 0;
}

function membersOf(client: WebClient, channelId: string): AsyncIterable<{ readonly members?: readonly string[] }> {
  return pages((cursor) => client.conversations.members({ channel: channelId, limit: PAGE, ...cursor }));
}

async function* pages<Page extends { readonly response_metadata?: { readonly next_cursor?: string } }>(
  ask: (cursor: { readonly cursor?: string }) => Promise<Page>,
): AsyncGenerator<Page> {
  for (let cursor = ''; ; ) {
    const page = await ask(cursor === '' ? {} : { cursor });
    yield page;
    cursor = page.response_metadata?.next_cursor ?? '';
    if (cursor === '') return;
  }
}

async function directChannel(client: WebClient, userId: string): Promise<string> {
  const { channel } = await client.conversations.open({ users: userId });
  if (channel?.id === undefined) throw new WorkspaceFault('channel_not_found', 'Slack opened no direct message.');
  return channel.id;
}

function codeOf(error: unknown): string | null {
  const data = typeof error === 'object' && error !== null && 'data' in error ? error.data : undefined;
  return typeof data === 'object' && data !== null && 'error' in data && typeof data.error === 'string' ? data.error : null;
}

function asFault(error: unknown): WorkspaceFault {
  if (error instanceof WorkspaceFault) return error;
  const code = codeOf(error) ?? (error instanceof Error && 'code' in error ? String(error.code) : 'unknown');
  const { what, advice } = slackErrorInWords(code);
  return new WorkspaceFault(code, `${what} ${advice}`, { cause: error });
}
