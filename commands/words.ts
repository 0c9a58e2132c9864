/** Typed text, split (`/usher <topic> <verb> [object] [key=value]`): the words in order, and the `key=value` pairs. */
export interface Words {
  /** Without topic and verb once those were taken off. */
  readonly objects: readonly string[];
  /** Keys in lower case; a repeated key keeps the last value. */
  readonly options: Readonly<Record<string, string>>;
  readonly text: string;
}

const CURLY = /[“”„«»]/g;
const KEY = /^([A-Za-z][A-Za-z0-9_-]*)=(.*)$/s;

/**
 * Splits at blanks; double quotes keep a name with blanks together (`"North High"`, `why="contract ends"`), curly
 * ones too, since Slack's composer makes them. An unclosed quote runs to the end. Slack's escapes are undone.
 */
export function split(typed: string): Words {
  const text = unescaped(typed).replace(CURLY, '"').trim();
  const objects: string[] = [];
  const options: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const word of cut(text)) {
    const pair = word.quotedFromStart ? null : KEY.exec(word.text);
    if (pair?.[1] !== undefined && pair[2] !== undefined) options[pair[1].toLowerCase()] = pair[2];
    else objects.push(word.text);
  }
  return { objects, options, text };
}

/** The same words without the first `n` objects. */
export function without(words: Words, n: number): Words {
  return { ...words, objects: words.objects.slice(n) };
}

/** All objects as one name, for the common case of a name with blanks and no quotes: `sync now Slack EDU`. */
export function named(words: Words): string {
  return words.objects.join(' ');
}

interface Cut {
  readonly text: string;
  readonly quotedFromStart: boolean;
}

function cut(text: string): readonly Cut[] {
  const found: Cut[] = [];
  for (const match of text.matchAll(/(?:[^\s"]|"[^"]*(?:"|$))+/g)) {
    found.push({ text: match[0].replaceAll('"', ''), quotedFromStart: match[0].startsWith('"') });
  }
  return found;
}

/** Slack escapes exactly these three in command text. */
function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** A user of typed words: `<@U123|ana>` or a bare id; null for anything else. */
export function userIn(word: string): string | null {
  return /^<@([UW][A-Z0-9]+)(?:\|[^>]*)?>$/.exec(word)?.[1] ?? /^([UW][A-Z0-9]{2,})$/.exec(word)?.[1] ?? null;
}

/** A channel of typed words: `<#C123|name>` or a bare id; null for anything else. */
export function channelIn(word: string): string | null {
  return /^<#([CG][A-Z0-9]+)(?:\|[^>]*)?>$/.exec(word)?.[1] ?? /^([CG][A-Z0-9]{2,})$/.exec(word)?.[1] ?? null;
}
