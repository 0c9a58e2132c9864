import type { Parts } from '../parts.ts';
import { Refused } from '../refused.ts';
import { type Channel, directBetween } from '../state.ts';

const PREFIX = { public: 'channels', private: 'groups', direct: 'im' } as const;

/** Refused: `missing_scope`, which is always a failure of the app: its manifest asks for too little. */
export function needScope(parts: Parts, where: string, needed: string): void {
  if (parts.settings.scopes.has(needed)) return;
  parts.failures.record('missing-scope', where, needed);
  throw new Refused('missing_scope', { needed, provided: [...parts.settings.scopes].join(',') });
}

/** Whether the bot sees that a conversation exists: private ones and other people's direct messages it does not. */
export function botSees(parts: Parts, channel: Channel): boolean {
  return channel.kind === 'public' || channel.memberIds.has(parts.state.app.botUserId);
}

/** A conversation that the bot may know of. Refused: `channel_not_found`. */
export function seenChannel(parts: Parts, id: string): Channel {
  const channel = parts.state.channels.get(id);
  if (channel === undefined || !botSees(parts, channel)) throw new Refused('channel_not_found');
  return channel;
}

/** A conversation that the bot may read, with the scope of its kind. Refused: `channel_not_found`, `missing_scope`. */
export function readChannel(parts: Parts, where: string, id: string, suffix: 'read' | 'history'): Channel {
  const channel = seenChannel(parts, id);
  needScope(parts, where, `${PREFIX[channel.kind]}:${suffix}`);
  return channel;
}

/** Whether the token's scopes let it list conversations of a kind. */
export function scopeOf(kind: Channel['kind']): string {
  return `${PREFIX[kind]}:read`;
}

/** Where the bot posts: it must be in, but for public channels with `chat:write.public`. Refused: `channel_not_found`, `is_archived`, `not_in_channel`. */
export function postingChannel(parts: Parts, id: string, mayBeOutside: boolean): Channel {
  const channel = seenChannel(parts, id);
  if (channel.archived) throw new Refused('is_archived');
  const outside = !channel.memberIds.has(parts.state.app.botUserId);
  if (outside && !(mayBeOutside && parts.settings.scopes.has('chat:write.public'))) throw new Refused('not_in_channel');
  return channel;
}

/** The direct message with a person of this workspace. Refused: `channel_not_found` for unknown, deleted, foreign ones and bots. */
export function directWith(parts: Parts, userId: string): Channel {
  const member = parts.state.people.get(userId);
  if (member === undefined || member.deleted || member.bot || member.teamId !== parts.state.team.id) throw new Refused('channel_not_found');
  return directBetween(parts.state, userId, parts.state.app.botUserId);
}
