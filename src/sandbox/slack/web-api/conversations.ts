import { z } from 'zod';
import type { Dict } from '../json.ts';
import { messageJson } from '../messages.ts';
import type { Parts } from '../parts.ts';
import { Refused } from '../refused.ts';
import type { Channel, Message } from '../state.ts';
import { botSees, directWith, needScope, readChannel, scopeOf, seenChannel } from './access.ts';
import { type Family, flag, listed, method, paged, paging } from './method.ts';

/** Slack's channel object (reference/objects/conversation-object). */
function channelJson(parts: Parts, channel: Channel): Dict {
  const { app } = parts.state;
  const isMember = channel.memberIds.has(app.botUserId);
  if (channel.kind === 'direct') {
    const other = [...channel.memberIds].find((id) => id !== app.botUserId);
    return {
      id: channel.id,
      is_im: true,
      is_channel: false,
      is_group: false,
      is_archived: false,
      user: other,
      is_user_deleted: other !== undefined && parts.state.people.get(other)?.deleted === true,
    };
  }
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: true,
    is_group: false,
    is_im: false,
    is_mpim: false,
    is_private: channel.kind === 'private',
    is_archived: channel.archived,
    is_general: channel.name === 'general',
    is_member: isMember,
    is_shared: channel.shared,
    is_ext_shared: channel.shared,
    is_org_shared: false,
    topic: { value: channel.topic, creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
    num_members: channel.memberIds.size,
  };
}

const info = method('conversations.info', z.object({ channel: z.string().min(1), include_num_members: flag.optional() }), (args, parts) => ({
  channel: channelJson(parts, readChannel(parts, 'conversations.info', args.channel, 'read')),
}));

const KIND_OF: Readonly<Record<string, Channel['kind'] | null>> = { public_channel: 'public', private_channel: 'private', im: 'direct', mpim: null };

/** The kinds asked for, each with its scope. Refused: `invalid_types`, `missing_scope`. */
function kinds(parts: Parts, where: string, types: readonly string[]): ReadonlySet<Channel['kind']> {
  const found = new Set<Channel['kind']>();
  for (const type of types) {
    const kind = KIND_OF[type];
    if (kind === undefined) throw new Refused('invalid_types');
    if (kind === null) continue;
    needScope(parts, where, scopeOf(kind));
    found.add(kind);
  }
  return found;
}

const listArgs = { types: listed.optional(), exclude_archived: flag.optional(), ...paging };

const list = method('conversations.list', z.object(listArgs), (args, parts) => {
  const wanted = kinds(parts, 'conversations.list', args.types ?? ['public_channel']);
  const all = [...parts.state.channels.values()].filter(
    (one) => wanted.has(one.kind) && botSees(parts, one) && !(args.exclude_archived === true && one.archived),
  );
  const { items, next } = paged(all, args);
  return { channels: items.map((one) => channelJson(parts, one)), response_metadata: next };
});

const ofUser = method('users.conversations', z.object({ user: z.string().optional(), ...listArgs }), (args, parts) => {
  const userId = args.user ?? parts.state.app.botUserId;
  if (!parts.state.people.has(userId)) throw new Refused('user_not_found');
  const wanted = kinds(parts, 'users.conversations', args.types ?? ['public_channel']);
  const all = [...parts.state.channels.values()].filter(
    (one) => wanted.has(one.kind) && one.memberIds.has(userId) && botSees(parts, one) && !(args.exclude_archived === true && one.archived),
  );
  const { items, next } = paged(all, args);
  return { channels: items.map((one) => channelJson(parts, one)), response_metadata: next };
});

const members = method('conversations.members', z.object({ channel: z.string().min(1), ...paging }), (args, parts) => {
  const channel = readChannel(parts, 'conversations.members', args.channel, 'read');
  const { items, next } = paged([...channel.memberIds], args);
  return { members: items, response_metadata: next };
});

const open = method('conversations.open', z.object({ users: listed.optional(), channel: z.string().optional(), return_im: flag.optional() }), (args, parts) => {
  if (args.channel !== undefined) {
    const channel = seenChannel(parts, args.channel);
    return { no_op: true, already_open: true, channel: args.return_im === true ? channelJson(parts, channel) : { id: channel.id } };
  }
  const [userId, ...others] = args.users ?? [];
  if (userId === undefined) throw new Refused('users_list_not_supplied');
  if (others.length > 0) throw new Refused('method_not_supported_for_channel_type');
  const member = parts.state.people.get(userId);
  if (member === undefined) throw new Refused('user_not_found');
  if (member.deleted) throw new Refused('user_disabled');
  const channel = directWith(parts, userId);
  return { channel: args.return_im === true ? channelJson(parts, channel) : { id: channel.id } };
});

const windowArgs = {
  oldest: z.string().optional(),
  latest: z.string().optional(),
  inclusive: flag.optional(),
  include_all_metadata: flag.optional(),
  ...paging,
};

function within(
  message: Message,
  args: { readonly oldest?: string | undefined; readonly latest?: string | undefined; readonly inclusive?: boolean | undefined },
): boolean {
  const at = Number(message.ts);
  const oldest = Number(args.oldest ?? 0);
  const latest = Number(args.latest ?? Number.POSITIVE_INFINITY);
  return args.inclusive === true ? at >= oldest && at <= latest : at > oldest && at < latest;
}

/** Only members read. Refused: `not_in_channel`. */
function readableChannel(parts: Parts, where: string, id: string): Channel {
  const channel = readChannel(parts, where, id, 'history');
  if (!channel.memberIds.has(parts.state.app.botUserId)) throw new Refused('not_in_channel');
  return channel;
}

const history = method('conversations.history', z.object({ channel: z.string().min(1), ...windowArgs }), (args, parts) => {
  const channel = readableChannel(parts, 'conversations.history', args.channel);
  const roots = channel.messages.filter((message) => message.threadTs === null && within(message, args)).reverse();
  const { items, next } = paged(roots, args);
  return {
    messages: items.map((one) => messageJson(parts, one, args.include_all_metadata === true)),
    has_more: next.next_cursor !== '',
    response_metadata: next,
  };
});

const replies = method('conversations.replies', z.object({ channel: z.string().min(1), ts: z.string().min(1), ...windowArgs }), (args, parts) => {
  const channel = readableChannel(parts, 'conversations.replies', args.channel);
  const asked = channel.messages.find((message) => message.ts === args.ts);
  if (asked === undefined) throw new Refused('thread_not_found');
  const rootTs = asked.threadTs ?? asked.ts;
  const thread = channel.messages.filter((message) => message.ts === rootTs || (message.threadTs === rootTs && within(message, args)));
  const { items, next } = paged(thread, args);
  return {
    messages: items.map((one) => messageJson(parts, one, args.include_all_metadata === true)),
    has_more: next.next_cursor !== '',
    response_metadata: next,
  };
});

const join = method('conversations.join', z.object({ channel: z.string().min(1) }), (args, parts) => {
  const channel = seenChannel(parts, args.channel);
  if (channel.kind !== 'public') throw new Refused('method_not_supported_for_channel_type');
  if (channel.archived) throw new Refused('is_archived');
  channel.memberIds.add(parts.state.app.botUserId);
  parts.changes.emit({ is: 'state', userId: null });
  return { channel: channelJson(parts, channel) };
});

/** `conversations.*` and `users.conversations` */
export const conversations: Family = { ...info, ...list, ...ofUser, ...members, ...open, ...history, ...replies, ...join };
