import type { WebClient } from '@slack/web-api';
import { type Workspace, WorkspaceFault, type WorkspaceMember } from '../../ports/workspace.ts';
import { uploadStream } from './upload.ts';

/** What Usher knows of the workspace's people and channels, asked of Slack each time: nothing here may be stale. */
export function createWorkspace(client: WebClient): Workspace {
  return {
    member: (userId) => member(client, userId),
    postingProblem: (channelId) => postingProblem(client, channelId),
    mayHoldNames: (channelId) => mayHoldNames(client, channelId),
    async upload(file, to) {
      try {
        await uploadStream(client, file, 'channelId' in to ? to.channelId : await directChannel(client, to.userId));
      } catch (error) {
        throw asFault(error);
      }
    },
  };
}

async function member(client: WebClient, userId: string): Promise<WorkspaceMember | undefined> {
  try {
    const { user } = await client.users.info({ user: userId });
    if (user?.id === undefined) return undefined;
    return {
      id: user.id,
      name: user.profile?.display_name || user.real_name || user.name || user.id,
      timeZone: user.tz ?? 'UTC',
      guest: user.is_restricted === true || user.is_ultra_restricted === true,
      foreign: user.is_stranger === true,
      deleted: user.deleted === true,
    };
  } catch (error) {
    if (codeOf(error) === 'user_not_found') return undefined;
    throw asFault(error);
  }
}

async function postingProblem(client: WebClient, channelId: string): Promise<{ readonly problem: string; readonly remedy: string } | null> {
  try {
    const { channel } = await client.conversations.info({ channel: channelId });
    if (channel?.is_archived === true) return { problem: 'That channel is archived.', remedy: 'Choose another one.' };
    if (channel?.is_member === true || channel?.is_im === true) return null;
    return { problem: 'Usher is not in that channel.', remedy: 'Type `/invite @Usher` there, then try again.' };
  } catch (error) {
    const code = codeOf(error);
    // Slack hides private channels from apps that are not in them.
    if (code === 'channel_not_found' || code === 'missing_scope')
      return { problem: 'Usher can’t see that channel.', remedy: 'If it is private, type `/invite @Usher` there, then try again.' };
    throw asFault(error);
  }
}

async function mayHoldNames(client: WebClient, channelId: string): Promise<boolean> {
  try {
    const { channel } = await client.conversations.info({ channel: channelId });
    if (channel === undefined || channel.is_ext_shared === true || channel.is_shared === true) return false;
    if (channel.is_im === true) return true;
    return !(await holdsGuests(client, channelId));
  } catch {
    return false;
  }
}

async function holdsGuests(client: WebClient, channelId: string): Promise<boolean> {
  for (let cursor = ''; ; ) {
    const page = await client.conversations.members({ channel: channelId, limit: 200, ...(cursor === '' ? {} : { cursor }) });
    for (const userId of page.members ?? []) {
      const found = await member(client, userId);
      if (found === undefined || found.guest || found.foreign) return true;
    }
    cursor = page.response_metadata?.next_cursor ?? '';
    if (cursor === '') return false;
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
  return new WorkspaceFault(code, REMEDIES[code] ?? `Slack answered "${code}".`);
}

const REMEDIES: Readonly<Record<string, string>> = {
  not_in_channel: 'Usher is not in that channel. Type /invite @Usher there, then try again.',
  channel_not_found: 'Usher can’t see that channel. Type /invite @Usher there, then try again.',
  is_archived: 'That channel is archived. Choose another one.',
  slack_webapi_rate_limited_error: 'Slack asks Usher to slow down. Try again in a minute.',
  slack_webapi_request_error: 'Slack could not be reached. Try again in a minute.',
};
