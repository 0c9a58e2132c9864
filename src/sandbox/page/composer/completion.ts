import type { ControlCommand } from '../../slack/control.ts';

/** Slack's own commands that this page plays, besides the app's. */
const builtIn: readonly ControlCommand[] = [{ command: '/invite', description: 'Add a person or an app to this channel', usageHint: '@name' }];

/** Everything that can be typed after a slash, the app's commands first. */
export function allCommands(ofApp: readonly ControlCommand[]): readonly ControlCommand[] {
  return [...ofApp, ...builtIn];
}

/** The commands that the text may become: it is a slash and a word being typed, and nothing else. */
export function completions(commands: readonly ControlCommand[], text: string): readonly ControlCommand[] {
  const word = /^\/(\S*)$/.exec(text)?.[1]?.toLowerCase();
  if (word === undefined) return [];
  // What is typed whole comes before what merely begins so: Enter sends it.
  const starting = commands
    .filter((one) => one.command.slice(1).toLowerCase().startsWith(word))
    .toSorted((a, b) => Number(b.command.length === word.length + 1) - Number(a.command.length === word.length + 1));
  const holding = commands.filter((one) => !starting.includes(one) && one.command.toLowerCase().includes(word));
  return [...starting, ...holding];
}

/** The command whose arguments are being typed, for its usage hint. */
export function commandOf(commands: readonly ControlCommand[], text: string): ControlCommand | null {
  const word = /^(\/\S+)\s/.exec(text)?.[1];
  return commands.find((one) => one.command === word) ?? null;
}

/** Whom `/invite @name` names, or null for any other text. */
export function invited(text: string): string | null {
  return /^\/invite\s+@?(\S+)\s*$/i.exec(text.trim())?.[1] ?? null;
}
