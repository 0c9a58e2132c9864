/** Typed text, split (`/usher <topic> <verb> [object] [key=value]`): the words in order, and the `key=value` pairs. */
export interface Words {
  /** Without topic and verb once those were taken off. */
  readonly objects: readonly string[];
  /** Where each object ends in `text`; 0 for one that was not typed (`/usher-sync` says its topic). */
  readonly ends: readonly number[];
  /** Keys in lower case; a repeated key keeps the last value. */
  readonly options: Readonly<Record<string, string>>;
  /** As typed, but for Slack's escapes and curly quotes. */
  readonly text: string;
}

const CURLY = /[“”„‟«»]/g;
/** A person, a channel or a user group as Slack writes them. */
const MENTION = /^<[@#!][^<>]+>$/;
const KEY = /^([A-Za-z][A-Za-z0-9_-]*)=(.*)$/s;

/**
 * Splits at blanks; double quotes keep a name with blanks together (`"North High"`, `why="contract ends"`), curly
 * ones too, since Slack's composer makes them. An unclosed quote runs to the end. Slack's escapes are undone. Slack knows
 * a mention only after a blank, so `by= @sam @it-leads` is `by=` with both, joined by a comma.
 */
export function split(typed: string): Words {
  const text = unescaped(typed).replace(CURLY, '"').trim();
  const objects: string[] = [];
  const ends: number[] = [];
  const options: Record<string, string> = Object.create(null) as Record<string, string>;
  let asking: string | null = null;
  for (const word of cut(text)) {
    const pair = word.quotedFromStart ? null : KEY.exec(word.text);
    if (pair?.[1] !== undefined && pair[2] !== undefined) {
      asking = pair[2] === '' ? pair[1].toLowerCase() : null;
      options[pair[1].toLowerCase()] = pair[2];
    } else if (asking !== null && MENTION.test(word.text)) options[asking] = [options[asking] ?? '', word.text].filter((part) => part !== '').join(',');
    else {
      asking = null;
      objects.push(word.text);
      ends.push(word.end);
    }
  }
  return { objects, ends, options, text };
}

/** The same words without the first `n` objects. */
export function without(words: Words, n: number): Words {
  return { ...words, objects: words.objects.slice(n), ends: words.ends.slice(n) };
}

/** The same words after one that was not typed. */
export function preceded(words: Words, by: string): Words {
  return { ...words, objects: [by, ...words.objects], ends: [0, ...words.ends] };
}

/** What was typed after the first `n` objects, quotes and all: for what has a grammar of its own. */
export function rest(words: Words, n: number): string {
  return words.text.slice(words.ends[n - 1] ?? words.text.length).trim();
}

/** All objects as one name, for the common case of a name with blanks and no quotes: `sync now Slack EDU`. */
export function named(words: Words): string {
  return words.objects.join(' ');
}

interface Cut {
  readonly text: string;
  readonly quotedFromStart: boolean;
  readonly end: number;
}

function cut(text: string): readonly Cut[] {
  const found: Cut[] = [];
  for (const match of text.matchAll(/(?:[^\s"]|"[^"]*(?:"|$))+/g)) {
    found.push({ text: match[0].replaceAll('"', ''), quotedFromStart: match[0].startsWith('"'), end: match.index + match[0].length });
  }
  return found;
}

/** `<https://a.example/scim>`, `<http://a.example|a.example>`, `<mailto:a@b.example|a@b.example>`: what Slack makes of a typed link. */
const LINK = /<(?:https?:\/\/|mailto:)[^<>|]*(?:\|[^<>]*)?>/gi;

/** Slack escapes exactly these three in command text, and wraps links (`should_escape`). */
function unescaped(text: string): string {
  return text
    .replace(
      LINK,
      (link) =>
        link
          .slice(1, -1)
          .split('|')
          .at(-1)
          ?.replace(/^mailto:/i, '') ?? link,
    )
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** A user of typed words: `<@U123|ana>` or a bare id; null for anything else. */
export function userIn(word: string): string | null {
  return /^<@([UW][A-Z0-9]+)(?:\|[^>]*)?>$/.exec(word)?.[1] ?? /^([UW][A-Z0-9]{2,})$/.exec(word)?.[1] ?? null;
}

/** A channel of typed words: `<#C123|name>` or a bare id; null for anything else. */
export function channelIn(word: string): string | null {
  return /^<#([CG][A-Z0-9]+)(?:\|[^>]*)?>$/.exec(word)?.[1] ?? /^([CG][A-Z0-9]{2,})$/.exec(word)?.[1] ?? null;
}

/** A user group of typed words: `<!subteam^S123|@it-leads>` or a bare id; null for anything else. */
export function groupIn(word: string): string | null {
  return /^<!subteam\^(S[A-Z0-9]+)(?:\|[^>]*)?>$/.exec(word)?.[1] ?? /^(S[A-Z0-9]{2,})$/.exec(word)?.[1] ?? null;
}
