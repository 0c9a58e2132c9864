import { announce, announceJoin, openHome } from './events.ts';
import { settledFor } from './interactions.ts';
import type { Parts } from './parts.ts';
import { type Member, type Usergroup, userJson } from './people.ts';

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

/** An admin of the workspace deactivates somebody: they are `deleted` from now on. */
export function deactivate(parts: Parts, userId: string): void {
  changePerson(parts, userId, { deleted: true });
}

/** An admin of the workspace changes somebody: deactivated, back, made a guest, renamed. `user_change` says so. */
export function changePerson(parts: Parts, userId: string, change: Partial<Pick<Member, 'deleted' | 'guest' | 'name' | 'realName'>>): void {
  const member = parts.state.people.get(userId);
  if (member === undefined) return;
  const changed = { ...member, ...change };
  parts.state.people.set(userId, changed);
  parts.changes.emit({ is: 'state', userId: null });
  const user = userJson(changed, parts.state.team.id, parts.settings.scopes.has('users:read.email'), parts.clock.now());
  void announce(parts, 'user_change', { type: 'user_change', user });
}

/**
 * An admin of the workspace changes a user group: its members, its name, or that it is disabled. Slack tells of members
 * twice, as `subteam_members_changed` (the difference) and `subteam_updated` (a snapshot cut at 500 people), and of the
 * rest by the latter (reference/events).
 */
export function changeUsergroup(
  parts: Parts,
  groupId: string,
  change: { readonly memberIds?: readonly string[]; readonly name?: string; readonly deleted?: boolean },
): void {
  const before = parts.state.usergroups.get(groupId);
  if (before === undefined) return;
  const now: Usergroup = { ...before, ...change };
  parts.state.usergroups.set(groupId, now);
  parts.changes.emit({ is: 'state', userId: null });
  const added = now.memberIds.filter((id) => !before.memberIds.includes(id));
  const removed = before.memberIds.filter((id) => !now.memberIds.includes(id));
  const team = parts.state.team.id;
  const at = Math.floor(parts.clock.now() / 1000);
  if (added.length + removed.length > 0)
    void announce(parts, 'subteam_members_changed', {
      type: 'subteam_members_changed',
      subteam_id: groupId,
      team_id: team,
      date_previous_update: at,
      date_update: at,
      added_users: added,
      added_users_count: String(added.length),
      removed_users: removed,
      removed_users_count: String(removed.length),
    });
  const { id, name, handle, memberIds, deleted } = now;
  const subteam = { id, team_id: team, is_usergroup: true, name, handle, date_update: at, date_delete: deleted ? at : 0 };
  void announce(parts, 'subteam_updated', {
    type: 'subteam_updated',
    subteam: { ...subteam, users: memberIds.slice(0, MOST_TOLD), user_count: memberIds.length },
  });
}

/** `subteam_updated` names no more of a group's members. */
const MOST_TOLD = 500;
