import type { VNode } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { ControlChannel, ControlCommand } from '../../slack/control.ts';
import { Popup } from '../elements/popup.tsx';
import { optionId } from '../elements/listbox.tsx';
import { useWorkspace } from '../state/workspace.tsx';
import { CommandList } from './command-list.tsx';
import { allCommands, commandOf } from './completion.ts';
import { useSaying } from './saying.ts';
import { useCompletion } from './use-completion.ts';

interface ComposerProps {
  readonly channel: ControlChannel;
  /** The thread it answers in, or null for the channel. */
  readonly thread: string | null;
  readonly label: string;
}

/** Where a person writes: messages, and slash commands with completion. Enter sends, Shift+Enter makes a line. */
export function Composer({ channel, thread, label }: ComposerProps): VNode {
  const { state } = useWorkspace();
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState('');
  const [focused, setFocused] = useState(false);
  const say = useSaying(channel, thread);
  const commands = allCommands(state.commands);
  const complete = (command: ControlCommand): void => {
    setText(`${command.command} `);
    field.current?.focus();
  };
  const { found, at, takes } = useCompletion(focused ? commands : [], text, complete);
  const hint = commandOf(commands, text);

  useEffect(() => {
    if (thread === null && matchMedia('(min-width: 48rem)').matches) field.current?.focus();
  }, [channel.id]);
  useEffect(() => fitHeight(field.current), [text]);

  const send = (): void => {
    if (text.trim() === '') return;
    say(text);
    setText('');
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const taken = takes(event);
    if (!taken && (event.key !== 'Enter' || event.shiftKey)) return;
    if (!taken) send();
    event.preventDefault();
    event.stopPropagation();
  };
  const aria = {
    'aria-label': label,
    'aria-autocomplete': 'list' as const,
    'aria-controls': found.length > 0 ? id : undefined,
    'aria-activedescendant': found.length > 0 ? optionId(id, at) : undefined,
    'aria-describedby': hint === null ? undefined : `${id}-hint`,
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div ref={box} class="composer-box">
        <textarea
          ref={field}
          rows={1}
          value={text}
          placeholder={thread === null ? `${label}, or type /` : label}
          {...aria}
          autoComplete="off"
          spellcheck={false}
          data-fallback-focus={thread === null ? '' : undefined}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onFocus={() => setFocused(true)}
          onBlur={() => setFocused(false)}
        />
        <button type="submit" class="button button-primary" disabled={text.trim() === ''}>
          Send
        </button>
      </div>
      <Hint id={`${id}-hint`} command={hint} found={found.length} />
      {found.length > 0 && (
        <Popup anchor={box} wide>
          <CommandList id={id} commands={found} active={at} onPick={complete} />
        </Popup>
      )}
    </form>
  );
}

interface HintProps {
  readonly id: string;
  /** The command whose arguments are being typed. */
  readonly command: ControlCommand | null;
  /** How many commands are on offer. */
  readonly found: number;
}

/** What the command takes; for screen readers also that there is a list to choose from. */
function Hint({ id, command, found }: HintProps): VNode {
  return (
    <div id={id} class="composer-hint" role="status">
      {command === null ? '' : `${command.command} ${command.usageHint}`}
      {found > 0 && <span class="sr-only">{found === 1 ? '1 command' : `${found} commands`}, arrow keys to choose</span>}
    </div>
  );
}

/** As high as its lines, up to what CSS allows. */
function fitHeight(field: HTMLTextAreaElement | null): void {
  if (field === null) return;
  field.style.height = 'auto';
  field.style.height = `${field.scrollHeight}px`;
}
