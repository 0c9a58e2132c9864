import type { ConversationsSelect, MultiConversationsSelect, MultiSelect, Select } from '@slack/types';
import type { ControlChannel } from '../../slack/control.ts';
import type { ElementValue } from '../state/values.ts';
import type { Workspace } from '../state/workspace.tsx';
import type { Choice } from './choice.ts';

/** What a select without options of its own lists. */
export type Kind = 'user' | 'channel' | 'conversation';

export function knownChoices(workspace: Workspace, kind: Kind, element: Select | MultiSelect): readonly Choice[] {
  const { state, titleOf } = workspace;
  const signed = (channel: ControlChannel): Choice => ({
    id: channel.id,
    label: `${signOf(channel)}${titleOf(channel)}`,
    description: channel.shared ? 'shared with another organization' : null,
  });
  switch (kind) {
    case 'user':
      return state.users.filter((user) => !user.deleted).map((user) => ({ id: user.id, label: user.realName, description: user.title || null }));
    case 'channel':
      return state.channels.filter((channel) => channel.kind === 'public' && !channel.archived).map(signed);
    case 'conversation':
      return state.channels.filter((channel) => !channel.archived && passes(channel, element, state.app.botUserId)).map(signed);
  }
}

/** The sign before a channel's name, as in the sidebar. */
function signOf(channel: ControlChannel): string {
  if (channel.kind === 'direct') return '';
  return channel.kind === 'private' ? '🔒 ' : '# ';
}

function passes(channel: ControlChannel, element: Select | MultiSelect, botUserId: string): boolean {
  const filter = (element as ConversationsSelect | MultiConversationsSelect).filter;
  const type = channel.kind === 'direct' ? 'im' : channel.kind;
  if (filter?.include && !filter.include.includes(type)) return false;
  if (filter?.exclude_external_shared_channels && channel.shared) return false;
  return !(filter?.exclude_bot_users && channel.kind === 'direct' && channel.memberIds.includes(botUserId));
}

export function idsIn(value: ElementValue | null): readonly string[] {
  if (value === null) return [];
  const one = value.selected_user ?? value.selected_channel ?? value.selected_conversation;
  return one ? [one] : (value.selected_users ?? value.selected_channels ?? value.selected_conversations ?? []);
}

/** The value of such a select: `selected_user` for one, `selected_users` for several, and so on. */
export function withIds(type: string, kind: Kind, ids: readonly string[]): ElementValue {
  return type.startsWith('multi_') ? { type, [`selected_${kind}s`]: ids } : { type, [`selected_${kind}`]: ids[0] ?? null };
}
