import type { VNode } from 'preact';
import { useId, useMemo } from 'preact/hooks';
import type { ControlMessage } from '../../slack/control.ts';
import { Blocks } from '../blocks/blocks.tsx';
import { readBlocks } from '../blocks/shapes.ts';
import { slackDate } from '../mrkdwn/date.ts';
import { Mrkdwn } from '../mrkdwn/text.tsx';
import { Avatar } from '../shell/avatar.tsx';
import { useWorkspace } from '../state/workspace.tsx';
import { FileCard } from './file-card.tsx';

interface MessageProps {
  readonly message: ControlMessage;
  /** Follows one of the same person within minutes: name and picture are not repeated. */
  readonly follows: boolean;
  /** Opens the thread; null inside a thread. */
  readonly onThread: ((ts: string) => void) | null;
}

/** One message: who, when, what, its files and its thread. */
export function Message({ message, follows, onThread }: MessageProps): VNode {
  const { state, userOf } = useWorkspace();
  const id = useId();
  const author = userOf(message.userId);
  const seconds = Number(message.ts);
  const app = message.userId === state.app.botUserId;
  const name = app ? state.app.name : (author?.realName ?? message.userId);
  const zone = state.me.timeZone;
  return (
    <article class={`message${follows ? ' message-follows' : ''}${message.ephemeralFor === null ? '' : ' message-mine'}`} aria-labelledby={`${id}-by ${id}-at`}>
      {follows ? <span class="avatar-gap" /> : <Avatar id={message.userId} name={name} app={app} />}
      <div class="message-main">
        {message.ephemeralFor !== null && (
          <p class="only-you">
            <span aria-hidden="true">◉ </span>Only visible to you
          </p>
        )}
        <div class={follows ? 'message-head sr-only' : 'message-head'}>
          <span id={`${id}-by`} class="author">
            {name}
          </span>
          {app && <span class="badge">APP</span>}
          <time id={`${id}-at`} class="at" title={slackDate(seconds, '{date_long} at {time_secs}', zone, Date.now()) ?? ''}>
            {slackDate(seconds, '{time}', zone, Date.now())}
          </time>
        </div>
        <Body message={message} />
        {message.files.map((file) => (
          <FileCard key={file.id} file={file} />
        ))}
        {onThread !== null && message.replyCount > 0 && (
          <button type="button" class="link-button thread-link" onClick={() => onThread(message.ts)}>
            {message.replyCount === 1 ? '1 reply' : `${message.replyCount} replies`}
          </button>
        )}
      </div>
      {onThread !== null && message.ephemeralFor === null && (
        <button type="button" class="reply-button" aria-label={`Reply in thread to ${name}`} title="Reply in thread" onClick={() => onThread(message.ts)}>
          ↩
        </button>
      )}
    </article>
  );
}

function Body({ message }: { readonly message: ControlMessage }): VNode {
  const blocks = useMemo(() => readBlocks(message.blocks), [message.blocks]);
  const edited = message.edited ? <span class="note"> (edited) </span> : null;
  if (blocks.length === 0) {
    return (
      <div class="text">
        <Mrkdwn text={message.text} />
        {edited}
      </div>
    );
  }
  return (
    <>
      <Blocks container={{ is: 'message', channelId: message.channelId, ts: message.ts }} blocks={blocks} conversation={message.channelId} />
      {edited}
    </>
  );
}
