import { Fragment, type VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ControlMessage } from '../../slack/control.ts';
import { slackDate } from '../mrkdwn/date.ts';
import { ScrollBox } from '../shell/scroll-box.tsx';
import { useWorkspace } from '../state/workspace.tsx';
import { Announcer } from './announcer.tsx';
import { Message } from './message.tsx';

interface MessageListProps {
  readonly name: string;
  readonly messages: readonly ControlMessage[];
  readonly onThread: ((ts: string) => void) | null;
  /** Said where nothing is. */
  readonly empty: string;
}

/** Messages of one author within this time stand together. */
const togetherSeconds = 300;
/** As near as this to the end, new messages are scrolled to. */
const nearEndPixels = 80;

/** A conversation, oldest first. It stays at its end while the person is there, and says new messages to screen readers. */
export function MessageList({ name, messages, onThread, empty }: MessageListProps): VNode {
  const { me } = useWorkspace().state;
  const scroller = useRef<HTMLDivElement>(null);
  const [away, setAway] = useState(false);
  const atEnd = useRef(true);
  const last = messages.at(-1);

  const toEnd = (): void => {
    if (scroller.current !== null) scroller.current.scrollTop = scroller.current.scrollHeight;
  };
  const onScroll = (): void => {
    const box = scroller.current;
    if (box === null) return;
    atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < nearEndPixels;
    if (atEnd.current) setAway(false);
  };
  useLayoutEffect(() => {
    if (atEnd.current || last?.userId === me.id) toEnd();
    else setAway(true);
  }, [last?.ts]);
  // An edit, an image or a thread pane changes heights too.
  useEffect(() => {
    const box = scroller.current;
    const list = box?.firstElementChild;
    if (!box || !list) return;
    const watch = new ResizeObserver(() => atEnd.current && toEnd());
    watch.observe(list);
    watch.observe(box);
    return () => watch.disconnect();
  }, []);

  return (
    <div class="messages">
      <ScrollBox role="region" class="scroller" name={name} box={scroller} onScroll={onScroll}>
        <ol>
          {messages.length === 0 && <li class="empty">{empty}</li>}
          {messages.map((message, at) => (
            <Fragment key={message.ts}>
              {newDay(messages[at - 1], message, me.timeZone) && <DayLine message={message} />}
              <li>
                <Message message={message} follows={follows(messages[at - 1], message, me.timeZone)} onThread={onThread} />
              </li>
            </Fragment>
          ))}
        </ol>
      </ScrollBox>
      {away && (
        <button type="button" class="button to-end" onClick={toEnd}>
          New messages ↓
        </button>
      )}
      <Announcer messages={messages} />
    </div>
  );
}

function DayLine({ message }: { readonly message: ControlMessage }): VNode {
  const { state } = useWorkspace();
  return (
    <li class="day">
      <span>{slackDate(Number(message.ts), '{day_divider_pretty}', state.me.timeZone, Date.now())}</span>
    </li>
  );
}

function day(message: ControlMessage, zone: string): string | null {
  return slackDate(Number(message.ts), '{date_num}', zone, 0);
}

function newDay(before: ControlMessage | undefined, message: ControlMessage, zone: string): boolean {
  return before === undefined || day(before, zone) !== day(message, zone);
}

function follows(before: ControlMessage | undefined, message: ControlMessage, zone: string): boolean {
  if (before === undefined || before.userId !== message.userId || before.ephemeralFor !== message.ephemeralFor) return false;
  return Number(message.ts) - Number(before.ts) < togetherSeconds && !newDay(before, message, zone);
}
