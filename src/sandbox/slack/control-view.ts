import type { ControlChannel, ControlMessage, ControlModal, ControlState } from './control.ts';
import { controlFile } from './files.ts';
import { replyCount, visibleTo } from './messages.ts';
import { stackOf } from './open-views.ts';
import type { Parts } from './parts.ts';
import { controlUser } from './people.ts';
import { canSee, type Channel, directBetween, type Message, type OpenView } from './state.ts';

const MOST_MESSAGES = 200;

function controlChannel(parts: Parts, userId: string, channel: Channel): ControlChannel {
  const other = [...channel.memberIds].find((id) => id !== userId) ?? userId;
  const name = channel.kind === 'direct' ? (parts.state.people.get(other)?.realName ?? '') : channel.name;
  return {
    id: channel.id,
    name,
    kind: channel.kind,
    shared: channel.shared,
    archived: channel.archived,
    memberIds: [...channel.memberIds],
    topic: channel.topic,
  };
}

/** A message as the page shows it. */
export function controlMessage(parts: Parts, message: Message): ControlMessage {
  const { ts, threadTs, channelId, userId, text, blocks, ephemeralFor } = message;
  return {
    ts,
    threadTs,
    channelId,
    userId,
    text,
    blocks,
    files: message.fileIds.flatMap((id) => controlFile(parts, id) ?? []),
    edited: message.edited !== null,
    ephemeralFor,
    replyCount: replyCount(parts, message),
  };
}

/** A modal as it stands open. */
export function controlModal(open: OpenView): ControlModal {
  return { id: open.id, hash: open.hash, view: open.view, errors: open.errors, busy: open.busy, values: open.values };
}

/** Everything but messages that this person sees. Undefined for somebody unknown. */
export function controlState(parts: Parts, userId: string): ControlState | undefined {
  const { state, settings } = parts;
  const me = state.people.get(userId);
  if (me === undefined) return undefined;
  if (!me.deleted && !me.bot) directBetween(state, userId, state.app.botUserId);
  const home = state.homes.get(userId);
  return {
    team: { id: state.team.id, name: state.team.name },
    app: { id: state.app.id, name: state.app.name, botUserId: state.app.botUserId, connected: parts.courier.connected() },
    me: controlUser(me, state.team.id),
    users: [...state.people.values()].map((member) => controlUser(member, state.team.id)),
    channels: [...state.channels.values()].filter((channel) => canSee(state, userId, channel)).map((channel) => controlChannel(parts, userId, channel)),
    commands: settings.commands.map(({ command, description, usageHint }) => ({ command, description, usageHint })),
    modals: stackOf(parts, userId).map(controlModal),
    home: home === undefined ? null : { view: home.view, hash: home.hash },
    notices: state.notices.get(userId) ?? [],
    unread: Object.fromEntries(state.unread.get(userId) ?? []),
  };
}

/** A conversation as this person sees it, or one thread of it; oldest first, the newest 200. */
export function controlMessages(parts: Parts, userId: string, channelId: string, threadTs: string | null): readonly ControlMessage[] {
  const channel = parts.state.channels.get(channelId);
  if (channel === undefined) return [];
  const shown = visibleTo(parts, userId, channel).filter((message) =>
    threadTs === null ? message.threadTs === null : message.threadTs === threadTs || message.ts === threadTs,
  );
  return shown.slice(-MOST_MESSAGES).map((message) => controlMessage(parts, message));
}
