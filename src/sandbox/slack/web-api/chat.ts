import { z } from 'zod';
import type { Dict } from '../json.ts';
import { edited, exchange, messageAt, messageJson, post } from '../messages.ts';
import type { Parts } from '../parts.ts';
import { checkMessage } from '../payload-checks.ts';
import { Refused } from '../refused.ts';
import type { Channel, Message } from '../state.ts';
import { directWith, postingChannel, seenChannel } from './access.ts';
import { dict, embedded, type Family, flag, method } from './method.ts';

const content = {
  text: z.string().optional(),
  blocks: embedded(z.array(dict)).optional(),
  attachments: embedded(z.array(dict)).optional(),
  markdown_text: z.string().optional(),
  metadata: embedded(dict).optional(),
};

interface Content {
  readonly text?: string | undefined;
  readonly blocks?: readonly Dict[] | undefined;
  readonly attachments?: readonly Dict[] | undefined;
  readonly markdown_text?: string | undefined;
  readonly metadata?: Dict | undefined;
}

interface Checked {
  readonly text: string;
  readonly blocks: readonly Dict[] | undefined;
  readonly attachments: readonly Dict[] | undefined;
}

/** The content after the validator has seen it; throws what that finds, in Slack's shape. */
function checked(parts: Parts, where: string, args: Content, surface: 'message' | 'ephemeral'): Checked {
  const { text, blocks, attachments, markdown_text: markdown, metadata } = args;
  const payload = Object.fromEntries(
    Object.entries({ text, blocks, attachments, markdown_text: markdown, metadata }).filter(([, value]) => value !== undefined),
  );
  checkMessage(parts, where, payload, surface);
  return { text: text ?? markdown ?? '', blocks, attachments };
}

function thread(channel: Channel, threadTs: string | undefined): string | null {
  if (threadTs === undefined) return null;
  const parent = channel.messages.find((message) => message.ts === threadTs);
  if (parent === undefined) throw new Refused('thread_not_found');
  return parent.threadTs ?? parent.ts;
}

/** A message of the app's, in the channel or in a thread there. */
function ofTheApp(parts: Parts, channel: Channel, { text, blocks = [], attachments = [] }: Checked, threadTs: string | undefined) {
  return { channel, userId: parts.state.app.botUserId, text, blocks, attachments, threadTs: thread(channel, threadTs) };
}

/** The app's own message in exactly that conversation. Refused: `channel_not_found`, `message_not_found`, or the given code for others' messages. */
function ownMessage(parts: Parts, channelId: string, ts: string, foreign: string): Message {
  const channel = seenChannel(parts, channelId);
  if (channel.archived) throw new Refused('is_archived');
  const message = messageAt(parts, channel.id, ts);
  if (message === undefined) throw new Refused('message_not_found');
  if (message.userId !== parts.state.app.botUserId) throw new Refused(foreign);
  return message;
}

const postMessage = method(
  'chat.postMessage',
  z.object({ channel: z.string().min(1), thread_ts: z.string().optional(), reply_broadcast: flag.optional(), ...content }),
  (args, parts) => {
    const channel = /^[UW]/.test(args.channel) ? directWith(parts, args.channel) : postingChannel(parts, args.channel, true);
    const content = checked(parts, 'chat.postMessage', args, 'message');
    const message = post(parts, { ...ofTheApp(parts, channel, content, args.thread_ts), metadata: args.metadata ?? null });
    return { channel: channel.id, ts: message.ts, message: messageJson(parts, message, true) };
  },
);

const update = method('chat.update', z.object({ channel: z.string().min(1), ts: z.string().min(1), ...content }), (args, parts) => {
  const old = ownMessage(parts, args.channel, args.ts, 'cant_update_message');
  const { text, blocks, attachments } = checked(parts, 'chat.update', args, 'message');
  const changed = edited(parts, old, {
    ...(args.text === undefined && args.markdown_text === undefined ? {} : { text }),
    ...(blocks === undefined ? {} : { blocks }),
    ...(attachments === undefined ? {} : { attachments }),
    ...(args.metadata === undefined ? {} : { metadata: args.metadata }),
  });
  exchange(parts, old, changed);
  return { channel: args.channel, ts: args.ts, text: changed.text, message: messageJson(parts, changed, true) };
});

const remove = method('chat.delete', z.object({ channel: z.string().min(1), ts: z.string().min(1) }), (args, parts) => {
  exchange(parts, ownMessage(parts, args.channel, args.ts, 'cant_delete_message'), null);
  return { channel: args.channel, ts: args.ts };
});

const postEphemeral = method(
  'chat.postEphemeral',
  z.object({ channel: z.string().min(1), user: z.string().min(1), thread_ts: z.string().optional(), ...content }),
  (args, parts) => {
    const channel = postingChannel(parts, args.channel, false);
    const reader = parts.state.people.get(args.user);
    if (reader === undefined || reader.deleted || !channel.memberIds.has(reader.id)) throw new Refused('user_not_in_channel');
    const content = checked(parts, 'chat.postEphemeral', args, 'ephemeral');
    const message = post(parts, { ...ofTheApp(parts, channel, content, args.thread_ts), ephemeralFor: reader.id });
    return { message_ts: message.ts };
  },
);

const getPermalink = method('chat.getPermalink', z.object({ channel: z.string().min(1), message_ts: z.string().min(1) }), (args, parts) => {
  const channel = seenChannel(parts, args.channel);
  if (messageAt(parts, channel.id, args.message_ts) === undefined) throw new Refused('message_not_found');
  return { channel: channel.id, permalink: `${parts.origin}/archives/${channel.id}/p${args.message_ts.replace('.', '')}` };
});

/** `chat.*` */
export const chat: Family = { ...postMessage, ...update, ...remove, ...postEphemeral, ...getPermalink };
