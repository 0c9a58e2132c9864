import { newId } from './ids.ts';
import { VERIFICATION_TOKEN } from './interactions.ts';
import { type Dict, textOf } from './json.ts';
import type { Outcome } from './courier.ts';
import type { Parts } from './parts.ts';
import { type Channel, directBetween, type Message } from './state.ts';
import { viewJson } from './open-views.ts';

/** Sends an event as the Events API wraps it; undefined when the app did not subscribe to it (null asks for no subscription). */
export function announce(parts: Parts, subscription: string | null, event: Dict): Promise<Outcome | undefined> {
  if (subscription !== null && !parts.settings.events.has(subscription)) return Promise.resolve(undefined);
  const { team, app } = parts.state;
  const now = parts.clock.now();
  return parts.courier.announce(`event ${textOf(event.type)}`, {
    token: VERIFICATION_TOKEN,
    team_id: team.id,
    context_team_id: team.id,
    context_enterprise_id: null,
    api_app_id: app.id,
    event: { ...event, event_ts: (now / 1000).toFixed(6) },
    type: 'event_callback',
    event_id: newId('Ev'),
    event_time: Math.floor(now / 1000),
    authorizations: [{ enterprise_id: null, team_id: team.id, user_id: app.botUserId, is_bot: true, is_enterprise_install: false }],
    is_ext_shared_channel: false,
  });
}

/** Opens the app's Home (or Messages) tab: `app_home_opened`. Undefined where the app did not subscribe. */
export function openHome(parts: Parts, userId: string, tab: 'home' | 'messages'): Promise<Outcome | undefined> {
  const direct = directBetween(parts.state, userId, parts.state.app.botUserId);
  const home = parts.state.homes.get(userId);
  const view = tab === 'home' && home !== undefined ? { view: viewJson(parts, home) } : {};
  return announce(parts, 'app_home_opened', { type: 'app_home_opened', user: userId, channel: direct.id, tab, ...view });
}

/** Tells the app of a person's message: in its own conversation, or where it is mentioned. */
export function announceMessage(parts: Parts, channel: Channel, message: Message): void {
  const { app, team } = parts.state;
  const base = {
    user: message.userId,
    ts: message.ts,
    text: message.text,
    team: team.id,
    channel: channel.id,
    ...(message.threadTs === null ? {} : { thread_ts: message.threadTs }),
  };
  const withBot = channel.memberIds.has(app.botUserId);
  if (channel.kind === 'direct' && withBot) void announce(parts, 'message.im', { type: 'message', channel_type: 'im', ...base });
  if (channel.kind === 'public' && withBot) void announce(parts, 'message.channels', { type: 'message', channel_type: 'channel', ...base });
  if (channel.kind === 'private' && withBot) void announce(parts, 'message.groups', { type: 'message', channel_type: 'group', ...base });
  if (channel.kind !== 'direct' && message.text.includes(`<@${app.botUserId}>`)) void announce(parts, 'app_mention', { type: 'app_mention', ...base });
}

/** Tells the app that somebody came into a channel where it is. */
export function announceJoin(parts: Parts, channel: Channel, userId: string, inviterId: string): void {
  if (!channel.memberIds.has(parts.state.app.botUserId)) return;
  const type = channel.kind === 'private' ? 'G' : 'C';
  void announce(parts, 'member_joined_channel', {
    type: 'member_joined_channel',
    user: userId,
    channel: channel.id,
    channel_type: type,
    team: parts.state.team.id,
    inviter: inviterId,
  });
}
