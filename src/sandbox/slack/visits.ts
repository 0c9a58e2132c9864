import { announce, announceJoin, openHome } from './events.ts';
import { settledFor } from './interactions.ts';
import type { Parts } from './parts.ts';
import { userJson } from './people.ts';

/** The answer to a control call. */
export type Controlled = { readonly ok: boolean; readonly error?: string; readonly [more: string]: unknown };

/** A person opens the app's Home tab. Slack shows the last published view whatever the app does. */
export async function home(parts: Parts, call: { readonly as: string }): Promise<Controlled> {
  if (!parts.settings.homeTab) return { ok: false, error: 'not_enabled' };
  const outcome = await openHome(parts, call.as, 'home');
  return outcome === undefined ? { ok: true } : settledFor(parts, call.as, 'Opening Home', outcome);
}

/** A person has seen a conversation. */
export function read(parts: Parts, call: { readonly as: string; readonly channelId: string }): Controlled {
  parts.state.unread.get(call.as)?.delete(call.channelId);
  parts.changes.emit({ is: 'state', userId: call.as });
  return { ok: true };
}

/** Adds somebody, or the bot, to a channel that the inviter is in. */
export function invite(parts: Parts, call: { readonly as: string; readonly channelId: string; readonly userId: string }): Controlled {
  const channel = parts.state.channels.get(call.channelId);
  if (channel === undefined || channel.kind === 'direct') return { ok: false, error: 'channel_not_found' };
  if (!channel.memberIds.has(call.as)) return { ok: false, error: 'not_in_channel' };
  if (!parts.state.people.has(call.userId)) return { ok: false, error: 'user_not_found' };
  if (channel.memberIds.has(call.userId)) return { ok: false, error: 'already_in_channel' };
  channel.memberIds.add(call.userId);
  parts.changes.emit({ is: 'state', userId: null });
  announceJoin(parts, channel, call.userId, call.as);
  return { ok: true };
}

/** An admin of the workspace deactivates somebody: they are `deleted` from now on, and `user_change` says so. */
export function deactivate(parts: Parts, userId: string): void {
  const member = parts.state.people.get(userId);
  if (member === undefined) return;
  const gone = { ...member, deleted: true };
  parts.state.people.set(userId, gone);
  parts.changes.emit({ is: 'state', userId: null });
  const user = userJson(gone, parts.state.team.id, parts.settings.scopes.has('users:read.email'), parts.clock.now());
  void announce(parts, 'user_change', { type: 'user_change', user });
}
