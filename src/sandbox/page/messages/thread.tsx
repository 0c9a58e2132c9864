import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { ControlChannel } from '../../slack/control.ts';
import { Composer } from '../composer/composer.tsx';
import { useMessages, useWorkspace } from '../state/workspace.tsx';
import { MessageList } from './message-list.tsx';

interface ThreadProps {
  readonly channel: ControlChannel;
  readonly ts: string;
  readonly onClose: () => void;
}

/** A message with its replies, beside the channel. Escape closes it. */
export function Thread({ channel, ts, onClose }: ThreadProps): VNode {
  const { titleOf, state } = useWorkspace();
  const messages = useMessages(channel.id, ts);
  const pane = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    heading.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [ts]);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') onClose();
    };
    pane.current?.addEventListener('keydown', onKeyDown);
    return () => pane.current?.removeEventListener('keydown', onKeyDown);
  }, []);
  return (
    <aside ref={pane} class="thread" aria-label="Thread">
      <header class="pane-head">
        <h2 ref={heading} tabIndex={-1}>
          Thread <span class="note">{channel.kind === 'direct' ? titleOf(channel) : `#${channel.name}`}</span>
        </h2>
        <button type="button" class="dialog-x" aria-label="Close thread" onClick={onClose}>
          ×
        </button>
      </header>
      {messages === null ? (
        <div class="messages" aria-busy="true" />
      ) : (
        <MessageList name="Messages in thread" messages={messages} onThread={null} empty="No replies yet." />
      )}
      {!channel.archived && channel.memberIds.includes(state.me.id) && <Composer channel={channel} thread={ts} label="Reply in thread" />}
    </aside>
  );
}
