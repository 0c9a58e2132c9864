import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { ControlChannel } from '../../slack/control.ts';
import { Composer } from '../composer/composer.tsx';
import { call } from '../state/api.ts';
import { useMessages, useWorkspace } from '../state/workspace.tsx';
import { MessageList } from './message-list.tsx';

interface ConversationProps {
  readonly channel: ControlChannel;
  readonly onThread: (ts: string) => void;
}

/** A channel or direct conversation: its messages and the place to write. */
export function Conversation({ channel, onThread }: ConversationProps): VNode {
  const { state, titleOf } = useWorkspace();
  const messages = useMessages(channel.id, null);
  const unread = state.unread[channel.id] ?? 0;
  useEffect(() => {
    if (unread > 0 && messages !== null) void call('read', { as: state.me.id, channelId: channel.id });
  }, [unread, channel.id, messages !== null]);
  const title = channel.kind === 'direct' ? titleOf(channel) : `#${channel.name}`;
  return (
    <>
      {messages === null ? (
        <div class="messages" aria-busy="true" />
      ) : (
        <MessageList
          name={`Messages in ${title}`}
          messages={messages.filter((message) => !inThread(message))}
          onThread={onThread}
          empty={emptyWords(title, channel.memberIds.includes(state.me.id) && !channel.archived)}
        />
      )}
      <Foot channel={channel} title={title} />
    </>
  );
}

/** Replies stand in their thread; an ephemeral reply has no other place than where it was asked for. */
function inThread(message: { readonly threadTs: string | null; readonly ts: string }): boolean {
  return message.threadTs !== null && message.threadTs !== message.ts;
}

function emptyWords(title: string, mayWrite: boolean): string {
  return `Nothing here yet. This is the beginning of ${title}.${mayWrite ? ' Type / to see what can be done.' : ''}`;
}

function Foot({ channel, title }: { readonly channel: ControlChannel; readonly title: string }): VNode {
  const { state } = useWorkspace();
  if (channel.archived) return <p class="foot-note">This channel is archived. It can be read, and nothing can be said in it.</p>;
  if (!channel.memberIds.includes(state.me.id))
    return (
      <p class="foot-note">
        You are not in {title}, so you can read it only. Somebody who is in it can add you: /invite @{state.me.name}.
      </p>
    );
  return <Composer channel={channel} thread={null} label={`Message ${title}`} />;
}
