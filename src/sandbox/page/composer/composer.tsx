import type { VNode } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { ControlChannel, ControlCommand } from '../../slack/control.ts';
import { Popup } from '../elements/popup.tsx';
import { optionId } from '../elements/listbox.tsx';
import { useWorkspace } from '../state/workspace.tsx';
import { CommandList } from './command-list.tsx';
import { allCommands, commandOf, completions } from './completion.ts';
import { useSaying } from './saying.ts';

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
  const [active, setActive] = useState(0);
  const [dismissed, setDismissed] = useState(false);
  const [focused, setFocused] = useState(false);
  const say = useSaying(channel, thread);
  const commands = allCommands(state.commands);
  const found = dismissed || !focused ? [] : completions(commands, text);
  const at = Math.min(active, found.length - 1);
  const hint = commandOf(commands, text);

  useEffect(() => {
    if (thread === null && matchMedia('(min-width: 48rem)').matches) field.current?.focus();
  }, [channel.id]);
  useEffect(() => fitHeight(field.current), [text]);

  const type = (next: string): void => {
    setText(next);
    setActive(0);
    setDismissed(false);
  };
  const complete = (command: ControlCommand): void => {
    type(`${command.command} `);
    field.current?.focus();
  };
  const send = (): void => {
    if (text.trim() === '') return;
    say(text);
    type('');
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const chosen = found[at];
    const whole = chosen !== undefined && chosen.command === text.trim();
    if (found.length > 0 && event.key === 'ArrowDown') setActive((at + 1) % found.length);
    else if (found.length > 0 && event.key === 'ArrowUp') setActive((at - 1 + found.length) % found.length);
    else if (found.length > 0 && event.key === 'Escape') setDismissed(true);
    else if (chosen !== undefined && event.key === 'Tab' && !event.shiftKey) complete(chosen);
    else if (event.key === 'Enter' && !event.shiftKey && (chosen === undefined || whole)) send();
    else if (chosen !== undefined && event.key === 'Enter' && !event.shiftKey) complete(chosen);
    else return;
    event.preventDefault();
    event.stopPropagation();
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
          aria-label={label}
          aria-autocomplete="list"
          aria-controls={found.length > 0 ? id : undefined}
          aria-activedescendant={found.length > 0 ? optionId(id, at) : undefined}
          aria-describedby={hint === null ? undefined : `${id}-hint`}
          autoComplete="off"
          spellcheck={false}
          data-fallback-focus={thread === null ? '' : undefined}
          onInput={(event) => type(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onFocus={() => setFocused(true)}
          onBlur={() => setFocused(false)}
        />
        <button type="submit" class="button button-primary" disabled={text.trim() === ''}>
          Send
        </button>
      </div>
      <div id={`${id}-hint`} class="composer-hint" role="status">
        {hint === null ? '' : `${hint.command} ${hint.usageHint}`}
        {found.length > 0 && <span class="sr-only">{found.length === 1 ? '1 command' : `${found.length} commands`}, arrow keys to choose</span>}
      </div>
      {found.length > 0 && (
        <Popup anchor={box} wide>
          <CommandList id={id} commands={found} active={at} onPick={complete} />
        </Popup>
      )}
    </form>
  );
}

/** As high as its lines, up to what CSS allows. */
function fitHeight(field: HTMLTextAreaElement | null): void {
  if (field === null) return;
  field.style.height = 'auto';
  field.style.height = `${field.scrollHeight}px`;
}
