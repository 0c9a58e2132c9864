import { withIds } from './elements.ts';
import { fileJson } from './files.ts';
import { type Dict, dictOf, dictsOf, textOf } from './json.ts';
import type { Parts } from './parts.ts';
import { type Channel, canSee, type Message } from './state.ts';

/** What a message is made of; ids of blocks are filled in, ts is given. */
export interface Draft {
  readonly channel: Channel;
  readonly userId: string;
  readonly text: string;
  readonly blocks?: readonly Dict[];
  readonly attachments?: readonly Dict[];
  readonly threadTs?: string | null;
  readonly metadata?: Dict | null;
  readonly fileIds?: readonly string[];
  readonly ephemeralFor?: string | null;
}

const lastTs = new WeakMap<object, bigint>();

/** Slack's ts: seconds and six digits, unique and growing in a workspace. */
function nextTs(parts: Parts): string {
  const wanted = BigInt(parts.clock.now()) * 1000n;
  const last = lastTs.get(parts.state) ?? 0n;
  const micros = wanted > last ? wanted : last + 1n;
  lastTs.set(parts.state, micros);
  return `${micros / 1_000_000n}.${String(micros % 1_000_000n).padStart(6, '0')}`;
}

/** Puts a message into its conversation and counts it as unread for those who see it. */
export function post(parts: Parts, draft: Draft): Message {
  const { state } = parts;
  const message: Message = {
    ts: nextTs(parts),
    threadTs: draft.threadTs ?? null,
    channelId: draft.channel.id,
    userId: draft.userId,
    text: draft.text,
    blocks: withIds(draft.blocks ?? []),
    attachments: draft.attachments ?? [],
    fileIds: draft.fileIds ?? [],
    metadata: draft.metadata ?? null,
    edited: null,
    ephemeralFor: draft.ephemeralFor ?? null,
  };
  if (message.ephemeralFor === null) draft.channel.messages.push(message);
  else state.ephemerals.push(message);
  for (const member of state.people.values()) {
    const reader = message.ephemeralFor === null ? draft.channel.memberIds.has(member.id) : message.ephemeralFor === member.id;
    if (reader && member.id !== message.userId) countUnread(parts, member.id, message.channelId);
  }
  parts.changes.emit({ is: 'messages', channelId: message.channelId, onlyFor: message.ephemeralFor });
  return message;
}

function countUnread(parts: Parts, userId: string, channelId: string): void {
  const counts = parts.state.unread.get(userId) ?? new Map<string, number>();
  counts.set(channelId, (counts.get(channelId) ?? 0) + 1);
  parts.state.unread.set(userId, counts);
  parts.changes.emit({ is: 'state', userId });
}

/** A message of a conversation, or one that only this person sees. */
export function messageAt(parts: Parts, channelId: string, ts: string, userId?: string): Message | undefined {
  const shown = parts.state.channels.get(channelId)?.messages.find((message) => message.ts === ts);
  return shown ?? parts.state.ephemerals.find((message) => message.channelId === channelId && message.ts === ts && message.ephemeralFor === userId);
}

/** Replaces a message by a changed one of the same ts, or takes it away. */
export function exchange(parts: Parts, old: Message, changed: Message | null): void {
  const list = old.ephemeralFor === null ? parts.state.channels.get(old.channelId)?.messages : parts.state.ephemerals;
  const index = list?.indexOf(old) ?? -1;
  if (list === undefined || index < 0) return;
  if (changed === null) list.splice(index, 1);
  else list[index] = changed;
  parts.changes.emit({ is: 'messages', channelId: old.channelId, onlyFor: old.ephemeralFor });
}

/** The message with new content. Text without blocks drops the old blocks; attachments stay unless given (reference/methods/chat.update). */
export function edited(
  parts: Parts,
  old: Message,
  change: { readonly text?: string; readonly blocks?: readonly Dict[]; readonly attachments?: readonly Dict[]; readonly metadata?: Dict },
): Message {
  const textChanged = change.text !== undefined && change.text !== old.text;
  return {
    ...old,
    text: change.text ?? old.text,
    blocks: withIds(change.blocks ?? (change.text === undefined ? old.blocks : [])),
    attachments: change.attachments ?? old.attachments,
    metadata: change.metadata ?? old.metadata,
    edited: textChanged ? nextTs(parts) : old.edited,
  };
}

/** How many answers stand under it. */
export function replyCount(parts: Parts, message: Message): number {
  const all = parts.state.channels.get(message.channelId)?.messages ?? [];
  return all.filter((other) => other.threadTs === message.ts && other.ts !== message.ts).length;
}

/** What a person sees of a conversation, oldest first, ephemeral ones among the rest. */
export function visibleTo(parts: Parts, userId: string, channel: Channel): readonly Message[] {
  if (!canSee(parts.state, userId, channel)) return [];
  const own = parts.state.ephemerals.filter((message) => message.channelId === channel.id && message.ephemeralFor === userId);
  return [...channel.messages, ...own].sort((a, b) => (a.ts < b.ts ? -1 : 1));
}

/** Slack's message object, as history gives it and interactions carry it. */
export function messageJson(parts: Parts, message: Message, withMetadata: boolean): Dict {
  const { app, team, people } = parts.state;
  const replies = replyCount(parts, message);
  const byBot = message.userId === app.botUserId;
  return {
    type: 'message',
    user: message.userId,
    ...(byBot ? { bot_id: app.botId, app_id: app.id } : {}),
    text: message.text,
    ts: message.ts,
    team: people.get(message.userId)?.teamId ?? team.id,
    ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
    ...(message.attachments.length > 0 ? { attachments: message.attachments } : {}),
    ...(message.threadTs !== null ? { thread_ts: message.threadTs } : replies > 0 ? { thread_ts: message.ts, reply_count: replies } : {}),
    ...(message.edited !== null ? { edited: { user: message.userId, ts: message.edited } } : {}),
    ...(message.fileIds.length > 0 ? { files: message.fileIds.flatMap((id) => fileJson(parts, id) ?? []) } : {}),
    ...(withMetadata && message.metadata !== null ? { metadata: message.metadata } : {}),
  };
}

/** The content of a payload as an edit or a draft takes it: absent stays absent. */
export function contentOf(payload: Dict): {
  readonly text?: string;
  readonly blocks?: readonly Dict[];
  readonly attachments?: readonly Dict[];
  readonly metadata?: Dict;
} {
  return {
    ...(payload.text === undefined ? {} : { text: textOf(payload.text) }),
    ...(payload.blocks === undefined ? {} : { blocks: dictsOf(payload.blocks) }),
    ...(payload.attachments === undefined ? {} : { attachments: dictsOf(payload.attachments) }),
    ...(payload.metadata === undefined ? {} : { metadata: dictOf(payload.metadata) }),
  };
}
