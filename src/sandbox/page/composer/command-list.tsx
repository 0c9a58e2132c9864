import type { VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ControlCommand } from '../../slack/control.ts';
import { optionId } from '../elements/listbox.tsx';

interface CommandListProps {
  readonly id: string;
  readonly commands: readonly ControlCommand[];
  readonly active: number;
  readonly onPick: (command: ControlCommand) => void;
}

/** The commands that match, with what they do and what they take. Keys are the composer's. */
export function CommandList({ id, commands, active, onPick }: CommandListProps): VNode {
  return (
    <>
      <div role="listbox" id={id} aria-label="Commands" class="listbox">
        {commands.map((command, at) => (
          <CommandOption key={command.command} id={optionId(id, at)} command={command} active={at === active} onPick={onPick} />
        ))}
      </div>
      <div class="listbox-status" aria-hidden="true">
        ↑↓ choose · Tab or Enter complete · Esc close
      </div>
    </>
  );
}

interface CommandOptionProps {
  readonly id: string;
  readonly command: ControlCommand;
  readonly active: boolean;
  readonly onPick: (command: ControlCommand) => void;
}

function CommandOption({ id, command, active, onPick }: CommandOptionProps): VNode {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (active) ref.current?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the composer's that owns the list; an option never has the focus.
    <div
      ref={ref}
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={active}
      class={active ? 'option option-active' : 'option'}
      onClick={() => onPick(command)}
    >
      <span class="command">
        <span>
          <strong>{command.command}</strong> <span class="usage">{command.usageHint}</span>
        </span>
        <span class="option-description">{command.description}</span>
      </span>
    </div>
  );
}
