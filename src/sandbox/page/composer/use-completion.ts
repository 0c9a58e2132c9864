import { useEffect, useState } from 'preact/hooks';
import type { ControlCommand } from '../../slack/control.ts';
import { completions } from './completion.ts';

interface Completion {
  /** The commands on offer; none when the list is closed. */
  readonly found: readonly ControlCommand[];
  /** Which of them is active. */
  readonly at: number;
  /** Takes a key that is the list's: arrows, Tab, Escape, and Enter on a command that is not typed whole. False leaves it to the text field. */
  readonly takes: (event: KeyboardEvent) => boolean;
}

/** The list of commands over a text field that has the focus. Escape dismisses it until the text changes. */
export function useCompletion(commands: readonly ControlCommand[], text: string, complete: (command: ControlCommand) => void): Completion {
  const [active, setActive] = useState(0);
  const [dismissed, setDismissed] = useState(false);
  useEffect(() => {
    setActive(0);
    setDismissed(false);
  }, [text]);
  const found = dismissed ? [] : completions(commands, text);
  const at = Math.min(active, found.length - 1);
  const chosen = found[at];
  const takes = (event: KeyboardEvent): boolean => {
    if (chosen === undefined) return false;
    if (event.key === 'ArrowDown') setActive((at + 1) % found.length);
    else if (event.key === 'ArrowUp') setActive((at - 1 + found.length) % found.length);
    else if (event.key === 'Escape') setDismissed(true);
    else if ((event.key === 'Tab' && !event.shiftKey) || (event.key === 'Enter' && !event.shiftKey && chosen.command !== text.trim())) complete(chosen);
    else return false;
    return true;
  };
  return { found, at, takes };
}
