import type { ControlContainer } from './control.ts';
import { type Dict, dictsOf } from './json.ts';
import { messageAt, messageJson } from './messages.ts';
import { modalById, stackOf, viewJson } from './open-views.ts';
import type { Parts } from './parts.ts';
import { canSee, type Channel, type Message, type OpenView } from './state.ts';

/** Where somebody is clicking, found and allowed. */
export type Place =
  | { readonly is: 'message'; readonly channel: Channel; readonly message: Message }
  | { readonly is: 'view'; readonly open: OpenView; readonly modal: boolean };

/** The place of a click by this person; a string is why there is none. */
export function placeOf(parts: Parts, userId: string, container: ControlContainer): Place | string {
  if (parts.state.people.get(userId)?.deleted !== false) return 'user_disabled';
  if (container.is === 'home') {
    const home = parts.state.homes.get(userId);
    return home === undefined ? 'view_not_found' : { is: 'view', open: home, modal: false };
  }
  if (container.is === 'modal') {
    const open = modalById(parts, container.viewId);
    if (open === undefined || open.userId !== userId) return 'view_not_found';
    return stackOf(parts, userId).at(-1) === open ? { is: 'view', open, modal: true } : 'view_not_on_top';
  }
  const channel = parts.state.channels.get(container.channelId);
  const message = messageAt(parts, container.channelId, container.ts, userId);
  if (channel === undefined || message === undefined || !canSee(parts.state, userId, channel)) return 'message_not_found';
  return { is: 'message', channel, message };
}

/** The blocks drawn there. */
export function blocksOf(place: Place): readonly Dict[] {
  return place.is === 'message' ? place.message.blocks : dictsOf(place.open.view.blocks);
}

/** The part of a payload that says where: `container`, and the view or the channel and message (absent for ephemeral ones). */
export function placeJson(parts: Parts, place: Place): Dict {
  if (place.is === 'view') return { container: { type: 'view', view_id: place.open.id }, view: viewJson(parts, place.open) };
  const { channel, message } = place;
  const ephemeral = message.ephemeralFor !== null;
  const thread = message.threadTs === null ? {} : { thread_ts: message.threadTs };
  return {
    container: { type: 'message', message_ts: message.ts, channel_id: channel.id, is_ephemeral: ephemeral, ...thread },
    channel: { id: channel.id, name: channel.kind === 'direct' ? 'directmessage' : channel.name },
    ...(ephemeral ? {} : { message: messageJson(parts, message, false) }),
  };
}
